import { agentService } from './agent-service.js';
import { type Arrival, LightAgent } from './light-agent.js';
import type { FromAgents, ToAgents } from './messages.js';

/** So many connect or report at once: the fleet is not what is measured, and a listen queue is short. */
const concurrency = 64;

const service = agentService();
const agents: LightAgent[] = [];
let arrivals: Arrival[] = [];

function send(message: FromAgents): void {
  process.send?.(message);
}

function arrived(arrival: Arrival): void {
  arrivals.push(arrival);
  if (arrivals.length < agents.length) return;
  send({
    kind: 'answered',
    arrivals: arrivals.map(({ at }) => at),
    answerBytes: arrival.bytes,
    answer: arrival.response,
  });
  arrivals = [];
}

async function nextOfAll(): Promise<void> {
  let taken = 0;
  const worker = async (): Promise<void> => {
    for (let agent = agents[taken++]; agent !== undefined; agent = agents[taken++]) await agent.next();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  send({ kind: 'held' });
}

process.on('message', (message: ToAgents) => {
  if (message.kind === 'connect') {
    for (let index = 0; index < message.count; index += 1) {
      agents.push(new LightAgent(service, message.address, `${message.label}-${index}`, arrived));
    }
  }
  void nextOfAll();
});
