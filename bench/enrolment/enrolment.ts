import { startSite } from '../../test/integration/identity/site.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Figure, median, percentile } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import { startPeer } from '../support/peer-process.js';
import { cpuMs, rssBytes } from '../support/proc.js';
import type { FromServers, ToServers } from './messages.js';

const defaultServers = 1000;
/** One process plays them all, and makes a key for each renewal. */
const mostAgents = 100;
const defaultSeconds = 90;
/** Renewed when two thirds are over: some four times in ninety seconds. */
const lifeSeconds = 30;
const pollHoldMs = 2000;
const reportEveryMs = 1000;

/**
 * A rack is switched on: all its servers enrol in the same moment. Then there are agents whose certificates last seconds, so
 * that each is renewed several times while polls are held and changes reported; none of that may fail.
 */
export async function enrolment(options: BenchOptions): Promise<readonly Figure[]> {
  const count = options.agents ?? defaultServers;
  const seconds = options.seconds ?? defaultSeconds;
  return [...(await allAtOnce(count)), ...(await underLoad(Math.min(count, mostAgents), seconds))];
}

async function allAtOnce(count: number): Promise<readonly Figure[]> {
  const { site, servers, joining } = await begin(count, []);
  const { pid } = site.program;
  const before = cpuMs(pid);
  servers.send({ kind: 'enrol', ...joining });
  const { delaysMs, failures } = await servers.next('enrolled');
  const cpu = cpuMs(pid) - before;
  const rss = rssBytes(pid);
  tell(failures);
  await servers.end();
  await site.program.stop();
  return [
    { name: 'servers that enrol at once', value: count, unit: '' },
    { name: 'not let in', value: failures.length, unit: '', reach: 0 },
    { name: 'half are nodes after', value: median(delaysMs) / 1000, unit: 's' },
    { name: '99 % are nodes after', value: percentile(delaysMs, 99) / 1000, unit: 's' },
    { name: 'the last is one after', value: Math.max(...delaysMs) / 1000, unit: 's' },
    { name: "the coordinator's processor time for one", value: cpu / count, unit: 'ms' },
    { name: 'its resident memory afterwards', value: rss / 1e6, unit: 'MB' },
  ];
}

async function underLoad(agents: number, seconds: number): Promise<readonly Figure[]> {
  const { site, servers, joining } = await begin(agents, [
    ...['--certificate-life', `${lifeSeconds}s`, '--poll-hold', `${pollHoldMs}ms`],
  ]);
  servers.send({ kind: 'work', agents: site.agents, seconds, reportEveryMs, ...joining });
  const { renewals, polls, reports, failures } = await servers.next('worked');
  tell(failures);
  const failed = (what: string): number => failures.filter((each) => each.startsWith(what)).length;
  return [
    { name: `agents, for ${seconds} s, certificates of ${lifeSeconds} s`, value: agents, unit: '' },
    { name: 'renewals', value: renewals, unit: '' },
    { name: 'renewals that failed', value: failed('renewal'), unit: '', reach: 0 },
    { name: 'polls', value: polls, unit: '' },
    { name: 'polls that failed', value: failed('polls'), unit: '', reach: 0 },
    { name: 'reports', value: reports, unit: '' },
    { name: 'reports that failed', value: failed('reports'), unit: '', reach: 0 },
  ];
}

/** A coordinator, and a process with servers that have their keys. */
async function begin(count: number, args: readonly string[]) {
  const site = await startSite(await tempDir(), args);
  const token = await site.token({ uses: count });
  const servers = startPeer<ToServers, FromServers>(new URL('./servers.ts', import.meta.url));
  servers.send({ kind: 'prepare', count });
  await servers.next('prepared');
  return { site, servers, joining: { operators: site.operators, pin: site.pin, token } };
}

/** Which sentences, and how often each. */
function tell(failures: readonly string[]): void {
  const counted = new Map<string, number>();
  for (const each of failures) counted.set(each, (counted.get(each) ?? 0) + 1);
  for (const [sentence, times] of [...counted].slice(0, 10)) console.error(`${times} times: ${sentence}`);
}
