import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { actions } from '../../agent/core/steps.js';
import { hookNames } from '../../shared/model/release-spec.js';
import { endRun } from '../support/cleanup.js';
import { tempDir } from '../support/temp-dir.js';
import { bundlePrograms } from './bundle.js';
import { failing } from './failing.js';
import { publishFixtures } from './fixtures.js';
import { baseline, inLives, type Job, type JobResult, type World } from './jobs.js';
import { type Cell, cellOf, type Fault, type Point } from './plan.js';
import { interrupt } from './rig.js';

const usage = `usage: npm run test:faults -- [--only TEXT] [--list]
  --only TEXT   only the cells whose name contains it
  --list        prints the names of all cells\n`;

const isCall = (point: Point): boolean => /\/[a-z]+\.[A-Za-z]+$/.test(point);
const errnos = ['ENOSPC', 'EIO', 'EROFS'] as const;

/** Every step and every hook must be among the points: one that is new joins by itself, or is missed here. */
function missedSteps(points: readonly Point[]): readonly string[] {
  const passed = new Set(points.map((point) => (point.split('/')[1] ?? '').split(' ').slice(1).join(' ')));
  const steps = actions.filter((action) => action !== 'hook');
  const hooks = hookNames.map((name) => `hook ${name}`);
  return [...steps, ...hooks].filter((name) => !passed.has(name));
}

function jobsOf(points: readonly Point[], isChosen: (cell: Cell) => boolean): readonly Job[] {
  const calls = points.filter(isCall);
  const lines = points.filter((point) => !isCall(point));
  const cells = (of: readonly Point[], faults: readonly Fault[]): readonly Cell[] =>
    of.flatMap((point) => faults.map((fault) => cellOf(point, fault))).filter(isChosen);
  const kills = cells(points, ['killBefore', 'killAfter']);
  const killed = (name: string, half: readonly Cell[]): Job =>
    inLives(`killed ${name}`, ['killBefore', 'killAfter'], half);
  return [
    killed(
      'at odd points',
      kills.filter((_, index) => index % 4 < 2),
    ),
    killed(
      'at even points',
      kills.filter((_, index) => index % 4 >= 2),
    ),
    ...errnos.map((errno) =>
      failing(
        errno,
        calls.filter((point) => isChosen(cellOf(point, errno))),
      ),
    ),
    ...errnos.map((errno) =>
      inLives(`journal lines that fail with ${errno}`, [errno], cells(lines, [errno])),
    ),
    inLives('clock a day ahead', ['clockAhead'], cells(points, ['clockAhead'])),
    inLives('clock a day back', ['clockBack'], cells(points, ['clockBack'])),
    inLives('coordinator gone or back', ['coordinatorGone'], cells(points, ['coordinatorGone'])),
  ].filter((job) => job.cells.length > 0);
}

interface Finished {
  readonly job: Job;
  readonly seconds: number;
  readonly outcome: JobResult | Error;
}

async function runAll(world: World, jobs: readonly Job[], width: number): Promise<readonly Finished[]> {
  const queue = [...jobs];
  const finished: Finished[] = [];
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const begun = performance.now();
      const outcome = await job.run(world).catch((error: unknown) => asError(error));
      const seconds = Math.round((performance.now() - begun) / 1000);
      finished.push({ job, seconds, outcome });
      const said = outcome instanceof Error ? `FAILED: ${outcome.message}` : 'held';
      process.stdout.write(`${said.padEnd(5)} ${job.name}: ${job.cells.length} cells, ${seconds} s\n`);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return finished;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** A run that is broken off leaves nothing behind either. */
function clearUpOn(signal: NodeJS.Signals): void {
  process.once(signal, () => {
    interrupt();
    void endRun().finally(() => process.exit(1));
  });
}

async function main(): Promise<number> {
  clearUpOn('SIGINT');
  clearUpOn('SIGTERM');
  const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });
  const only = values.only ?? '';
  const dir = await tempDir();
  const world: World = { dir, fixtures: await publishFixtures(dir), programs: await bundlePrograms() };
  const begun = performance.now();
  const { points: passed } = await baseline(world);
  const points = [...passed];
  const missed = missedSteps(points);
  const jobs = jobsOf(points, (cell) => cell.includes(only));
  const cells = jobs.flatMap((job) => job.cells);
  if (values.list === true) {
    process.stdout.write(`${cells.join('\n')}\n`);
    return 0;
  }
  const finished = await runAll(world, jobs, Math.min(2, availableParallelism()));
  const results = finished.flatMap(({ outcome }) => (outcome instanceof Error ? [] : [outcome]));
  const looks = results.reduce((total, result) => total + result.looks, 0);
  const kills = results.reduce((total, result) => total + result.kills, 0);
  const failed = finished.filter(({ outcome }) => outcome instanceof Error);
  const calls = points.filter(isCall).length;
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(
    `\n${points.length} points (${points.length - calls} journal lines, ${calls} effects), ${cells.length} cells, ` +
      `${kills} kills, ${looks} looks at current; ${seconds} s\n`,
  );
  for (const step of missed) process.stdout.write(`FAILED: no deployment passes through ${step}\n`);
  const bad = failed.length + missed.length;
  process.stdout.write(
    bad === 0
      ? 'every node converged, current was a complete release at every look, and nothing was left over\n'
      : `${bad} failed; run one again with npm run test:faults -- --only CELL\n`,
  );
  return bad === 0 ? 0 : 1;
}

if (process.argv.includes('--help')) process.stdout.write(usage);
else {
  process.exitCode = await main().catch((error: unknown) => {
    process.stderr.write(`${asError(error).stack ?? ''}\n`);
    return 1;
  });
  await endRun();
}
