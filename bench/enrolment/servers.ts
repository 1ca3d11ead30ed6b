import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { askAgain } from '../../agent/stager/identity/ask-again.js';
import type { ChannelIdentity } from '../../shared/identity/channel.js';
import { fetchAuthority } from '../../shared/identity/fetch-authority.js';
import { makeRequest } from '../../shared/identity/request.js';
import { systemClock } from '../../shared/io/clock.js';
import { systemRandom } from '../../shared/io/random.js';
import { CapstanError } from '../../shared/model/errors.js';
import { askToEnrol } from '../../shared/wire/enrolment-client.js';
import { type LinkCounts, runLinkedAgent } from '../../test/support/linked-agents.js';
import type { FromServers, Joining, ToServers } from './messages.js';

interface Server {
  readonly name: string;
  readonly key: KeyObject;
  readonly request: Buffer;
}

type Order<Kind extends ToServers['kind']> = Extract<ToServers, { readonly kind: Kind }>;

/** Of those that are to be agents, so many join at once. */
const joiningAtOnce = 4;

const servers: Server[] = [];

function send(message: FromServers): void {
  process.send?.(message);
}

function prepare({ count }: Order<'prepare'>): void {
  for (let at = 0; at < count; at += 1) {
    const name = `server-${at}`;
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    servers.push({ name, key, request: makeRequest(name, key) });
  }
  send({ kind: 'prepared' });
}

/** As `capstan-agent enrol` does, but for the files. */
async function join({ name, key, request }: Server, { operators, pin, token }: Joining) {
  const ca = await fetchAuthority(operators, pin);
  const { certificate } = await askAgain(() => askToEnrol(operators, { ca }, { token, name, request }), {
    clock: systemClock,
    random: systemRandom,
  });
  return { ca, key, certificate };
}

async function enrol(order: Order<'enrol'>): Promise<void> {
  const begun = performance.now();
  const delaysMs: number[] = [];
  const failures: string[] = [];
  await Promise.all(
    servers.map(async (server) => {
      try {
        await join(server, order);
        delaysMs.push(performance.now() - begun);
      } catch (error) {
        failures.push(CapstanError.from(error).message);
      }
    }),
  );
  send({ kind: 'enrolled', delaysMs, failures });
}

async function work(order: Order<'work'>): Promise<void> {
  const { agents: address, seconds, reportEveryMs } = order;
  const counts: LinkCounts = { polls: 0, reports: 0, renewals: 0, failures: [] };
  const over = AbortSignal.timeout(seconds * 1000);
  setMaxListeners(0, over);
  const working: Promise<void>[] = [];
  let taken = 0;
  const joinNext = async (): Promise<void> => {
    for (let server = servers[taken++]; server !== undefined; server = servers[taken++]) {
      const { ca, key, certificate } = await join(server, order);
      const own = {
        key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
        certificate: new X509Certificate(certificate).toString(),
      };
      const identity: ChannelIdentity = { ca, own };
      working.push(runLinkedAgent({ address, name: server.name, identity, reportEveryMs, counts }, over));
    }
  };
  await Promise.all(Array.from({ length: joiningAtOnce }, joinNext));
  await Promise.all(working);
  send({ kind: 'worked', ...counts });
}

process.on('message', (message: ToServers) => {
  if (message.kind === 'prepare') prepare(message);
  else if (message.kind === 'enrol') void enrol(message);
  else void work(message);
});
