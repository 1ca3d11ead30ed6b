import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { SimAgent } from '../agent.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, over } from './invariant.js';

/** Counted from the agents, not from the coordinator's shares. */
function bandwidthHolds(world: World, transition: Transition): string | undefined {
  const { bandwidth } = world.scenario;
  const fetches = assignsOf(transition).filter(({ fetchBytesPerSecond }) => fetchBytesPerSecond > 0);
  if (fetches.length === 0) return undefined;
  if (bandwidth === 0) return 'a node was limited though the fleet is not';
  const told = new Map([...world.agents].map(([name, agent]) => [name, fetchingOf(world, name, agent)]));
  for (const { node, fetchBytesPerSecond } of assignsOf(transition)) told.set(node, fetchBytesPerSecond);
  const sum = [...told.values()].reduce((total, share) => total + share, 0);
  if (sum > bandwidth) return `${sum} bytes a second were handed out, ${bandwidth} may be`;
  const least = Math.min(bandwidth, 1024 * 1024);
  const small = fetches.find((assign) => assign.fetchBytesPerSecond < least);
  return small === undefined ? undefined : `${small.node} got ${small.fetchBytesPerSecond} bytes a second`;
}

/** As far as the coordinator can know: what it heard last. */
function fetchingOf(world: World, name: NodeName, agent: SimAgent): number {
  if (agent.liveness === 'lost') return 0;
  const status = world.heard.get(name);
  const task = agent.inbox ?? agent.task;
  const heard = status !== undefined && status.generation === task?.generation;
  return heard && status.phase !== 'idle' && status.phase !== 'staging' ? 0 : (task?.share ?? 0);
}

function stagingHarmsNobody(_world: World, transition: Transition): string | undefined {
  const { header } = transition.decision.state;
  if (header.cause !== 'stage') return undefined;
  const wrong = assignsOf(transition).find(({ intent, target }) => intent === 'activate' && target === 'to');
  if (wrong !== undefined) return `${wrong.node} was to run what is only to be staged`;
  if (header.lane === 'back') return 'a rollout that only stages went back';
  return transition.decision.effects.some((effect) => effect.kind === 'finish' && effect.proven)
    ? 'a release that was only staged counts as proven'
    : undefined;
}

function everybodyGetsATurn(world: World, settled: boolean): string | undefined {
  const { header, nodes } = world.state;
  if (!settled || over(world.state) || header.hold !== undefined || header.frozenSince !== undefined)
    return undefined;
  const busy = [...world.agents.values()].some((agent) => agent.liveness === 'connected' && agent.busy);
  if (busy || !header.awaitsTurn) return undefined;
  const waiting = [...valuesOf(nodes)].filter(({ phase }) => phase === 'pending').map(({ name }) => name);
  return `${waiting.join(', ')} never got a turn to stage, though nobody fetches`;
}

export const bandwidth: Invariant = {
  name: "11 nodes that fetch at once never get more than the fleet's bandwidth, and everybody gets a turn",
  step: bandwidthHolds,
  end: everybodyGetsATurn,
};

export const staging: Invariant = {
  name: '12 a rollout that only stages activates nothing and proves nothing',
  step: stagingHarmsNobody,
};
