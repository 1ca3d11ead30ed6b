import { readdirSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '../../shared/model/desired-state.js';
import type { AppStatus, NodePhase } from '../../shared/model/node-status.js';
import { hookNames } from '../../shared/model/release-spec.js';
import { eventually } from '../support/eventually.js';
import type { Fixtures } from './fixtures.js';
import type { Rig } from './rig.js';

type ReleaseName = Exclude<keyof Fixtures, 'store'>;

/** What is to be done to the node, and how it must end if nothing but kills, clocks and the coordinator come between. */
export interface Deployment {
  readonly name: string;
  readonly release: ReleaseName;
  readonly more?: Partial<Assignment>;
  readonly phase: NodePhase;
  /** What is live then. */
  readonly live: ReleaseName | undefined;
  /** The programs of releases that are run for it, in this order. */
  readonly programs: readonly string[];
}

const policy = { drain: false, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 20_000 };
const drained = { activation: { ...policy, drain: true } };
const back = ['beforeSwap', 'afterSwap', 'beforeStart', 'afterStart', 'afterRejoin'] as const;

/** Together they pass through every step and every hook; main.ts sees to that. */
export const deployments = {
  install: { name: 'install', release: 'plain', phase: 'healthy', live: 'plain', programs: [] },
  restart: {
    name: 'restart',
    release: 'plain',
    more: { activation: { ...policy, restart: true } },
    phase: 'healthy',
    live: 'plain',
    programs: [],
  },
  stage: {
    name: 'stage',
    release: 'full',
    more: { intent: 'stage' },
    phase: 'staged',
    live: 'plain',
    programs: ['afterStage'],
  },
  upgrade: {
    name: 'upgrade',
    release: 'full',
    more: { ...drained, database: true },
    phase: 'healthy',
    live: 'full',
    // What was damaged since is staged anew, and what is done after that as well.
    programs: [
      'afterStage',
      'preflight',
      'database',
      ...hookNames.filter((name) => !['afterStage', 'preflight'].includes(name)),
    ],
  },
  broken: {
    name: 'broken',
    release: 'broken',
    more: { activation: { ...policy, drain: true, healthDeadlineMs: 1000 } },
    phase: 'turnedBack',
    live: 'full',
    programs: back,
  },
  files: { name: 'files', release: 'files', phase: 'healthy', live: 'files', programs: [] },
  remove: {
    name: 'remove',
    release: 'files',
    more: { intent: 'remove', ...drained },
    phase: 'removed',
    live: undefined,
    programs: [],
  },
} as const satisfies Readonly<Record<string, Deployment>>;

export class Wrong extends Error {}

export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Wrong(what);
}

export const run = (rig: Rig, fixtures: Fixtures, { name, release, more }: Deployment): Promise<AppStatus> =>
  rig.deploy(name, fixtures[release], more);

/** Runs a deployment, and demands what it must lead to. */
async function expectEnd(
  rig: Rig,
  fixtures: Fixtures,
  deployment: Deployment,
  exactlyOnce: boolean,
): Promise<void> {
  const { name, phase, live, programs } = deployment;
  await rig.hooks();
  const status = await run(rig, fixtures, deployment);
  const said = `${name}: ${status.phase} ${status.failure?.reason ?? ''}`;
  demand(status.phase === phase, `${said}, expected ${phase}`);
  demand(status.current?.version === live, `${said}: ${status.current?.version ?? 'nothing'} is live`);
  judgePrograms(name, programs, await rig.hooks(), exactlyOnce);
}

/** Each ran at least once, in order, and knew which attempt it was. */
function judgePrograms(
  name: string,
  expected: readonly string[],
  ran: readonly string[],
  exactlyOnce: boolean,
): void {
  const runs = ran.map((line) => line.split(' '));
  const names = runs.map(([program = '']) => program);
  const order = names.filter((program, index) => program !== names[index - 1]);
  demand(order.join() === expected.join(), `${name}: programs ran as ${ran.join(', ')}`);
  runs.forEach(([program, attempt], index) => {
    const again = program === names[index - 1];
    const before = Number(runs[index - 1]?.[1] ?? 0);
    const known = again ? Number(attempt) > before : Number(attempt) >= 1;
    demand(known, `${name}: ${program} was told that it is attempt ${attempt}: ${ran.join(', ')}`);
    demand(!exactlyOnce || (!again && attempt === '1'), `${name}: programs ran as ${ran.join(', ')}`);
  });
}

/** A whole life, from the first release to none. */
export async function live(rig: Rig, fixtures: Fixtures, exactlyOnce: boolean): Promise<void> {
  await expectEnd(rig, fixtures, deployments.install, exactlyOnce);
  await rig.expectLive(true);
  await expectEnd(rig, fixtures, deployments.restart, exactlyOnce);
  await expectEnd(rig, fixtures, deployments.stage, exactlyOnce);
  await damage(rig);
  await expectEnd(rig, fixtures, deployments.upgrade, exactlyOnce);
  await revive(rig);
  await expectEnd(rig, fixtures, deployments.broken, exactlyOnce);
  await expectEnd(rig, fixtures, deployments.files, exactlyOnce);
  await eventually(() => rig.processes().length === 0, { what: 'the service to be gone' });
  await rig.expectLive(false);
  await expectEnd(rig, fixtures, deployments.remove, exactlyOnce);
  await judgeRemains(rig);
}

/** Damages what was staged to be upgraded to, so that what makes it good again is passed through as well. */
export async function damage(rig: Rig): Promise<void> {
  const releases = join(rig.home, 'releases');
  const dir = readdirSync(releases).find((name) => name.startsWith('full-') && name.endsWith(rig.revision()));
  const file = join(releases, dir ?? '', 'public/3.txt');
  const { length } = await readFile(file);
  await chmod(file, 0o644);
  await writeFile(file, 'x'.repeat(length));
}

/** Kills the service and what keeps it: it must be there again, with nobody doing anything. */
export async function revive(rig: Rig): Promise<void> {
  const before = rig.processes();
  demand(before.length > 0, 'no service runs that could be killed');
  for (const pid of before) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with another one of them.
    }
  }
  await eventually(
    () => {
      const now = rig.processes();
      return now.length > 0 && !now.some((pid) => before.includes(pid)) && rig.latest()?.ready === true;
    },
    { timeoutMs: 30_000, what: 'the service to be there again' },
  );
}

export async function judgeRemains(rig: Rig): Promise<void> {
  // What was removed is cleared away afterwards, slowly.
  await eventually(
    () => {
      const remains = rig.remains();
      demand(remains.length === 0, `left over: ${remains.join(', ')}`);
      const processes = rig.processes();
      demand(processes.length === 0, `left over: ${processes.length} processes`);
      return true;
    },
    { what: 'everything to be cleared away' },
  );
}
