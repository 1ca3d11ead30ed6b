import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.js';
import { type Fleet, type FleetNode, startFleet } from '../../test/support/fleet.js';
import { noise } from '../../test/support/noise.js';
import { tempDir } from '../../test/support/temp-dir.js';
import type { Figure } from '../support/figures.js';
import { apply, deploy, isJudged, publish, specOf } from '../support/operate.js';
import type { BenchOptions } from '../support/options.js';
import { coreShare, watchUsage } from '../support/usage.js';

const folders = 7_000;
const filesInFolder = 10;
/** From when the tree was looked at for the first time. */
const settleMs = 5_000;
const withinMs = 180_000;

/**
 * What it takes to look after a live tree of 70,000 files, and how soon a change is named: an agent with such a tree
 * beside one with a tree of a single file, watched over the same time. Neither runs a service.
 */
export async function drift(options: BenchOptions): Promise<readonly Figure[]> {
  const seconds = options.seconds ?? 120;
  const dir = await tempDir();
  const fleet = await startFleet({ dir: join(dir, 'fleet'), nodes: 2, zones: ['a', 'b'] });
  const [large, small] = fleet.nodes;
  if (large === undefined || small === undefined) throw new Error('the fleet lacks nodes');
  await bring(fleet, 'small', 'b', await writeFolders(join(dir, 'small'), 1, 1));
  await bring(fleet, 'large', 'a', await writeFolders(join(dir, 'large'), folders, filesInFolder));
  await eventually(() => isJudged(large, 'large') && isJudged(small, 'small'), {
    timeoutMs: withinMs,
    what: 'the trees to be looked at for the first time',
  });
  await delay(settleMs);
  const [swept, idle] = await Promise.all([
    watchUsage(large.program().pid, seconds),
    watchUsage(small.program().pid, seconds),
  ]);
  const found = await changes(fleet, large, options.rounds ?? 3);
  return [
    { name: 'files of the tree', value: folders * filesInFolder, unit: '' },
    { name: 'watched for', value: seconds, unit: 's' },
    { name: 'agent with the tree: share of a core', value: swept.corePercent, unit: '%' },
    { name: 'agent without: share of a core', value: idle.corePercent, unit: '%' },
    { name: 'the tree: share of a core', value: swept.corePercent - idle.corePercent, unit: '%', reach: 1 },
    { name: 'agent with the tree: resident memory', value: swept.rss / 1e6, unit: 'MB' },
    { name: 'agent without: resident memory', value: idle.rss / 1e6, unit: 'MB' },
    { name: 'the tree: resident memory', value: (swept.rss - idle.rss) / 1e6, unit: 'MB', reach: 5 },
    { name: 'the tree: anonymous memory', value: (swept.anonymous - idle.anonymous) / 1e6, unit: 'MB' },
    { name: 'change to its name, slowest', value: Math.max(...found.named) / 1000, unit: 's', reach: 120 },
    { name: 'mended to cleared, slowest', value: Math.max(...found.cleared) / 1000, unit: 's', reach: 120 },
    { name: 'while it changes: share of a core', value: found.corePercent, unit: '%' },
  ];
}

async function writeFolders(dir: string, count: number, files: number): Promise<string> {
  for (let folder = 0; folder < count; folder += 1) {
    const path = join(dir, `group-${folder % 100}`, `folder-${folder}`);
    await mkdir(path, { recursive: true });
    const names = Array.from({ length: files }, (_, file) => `file-${file}.txt`);
    await Promise.all(
      names.map((name, file) => writeFile(join(path, name), noise(folder * files + file, 1500))),
    );
  }
  return dir;
}

async function bring(fleet: Fleet, app: string, zone: string, tree: string): Promise<void> {
  await apply(fleet, specOf(app, `zone=${zone}`));
  await publish(fleet, tree, app, '1.0.0');
  await deploy(fleet, app, '1.0.0');
}

interface Changes {
  /** Milliseconds each. */
  readonly named: readonly number[];
  readonly cleared: readonly number[];
  readonly corePercent: number;
}

/** Adds a file somewhere else each round, at whatever point of a sweep that is, and takes it away when it is named. */
async function changes(fleet: Fleet, node: FleetNode, rounds: number): Promise<Changes> {
  const [named, cleared]: [number[], number[]] = [[], []];
  const share = coreShare(node.program().pid);
  for (let round = 0; round < rounds; round += 1) {
    const folder = (round * 2741) % folders;
    const path = join(node.root, 'large/current', `group-${folder % 100}`, `folder-${folder}`, 'added.txt');
    await writeFile(path, 'added');
    named.push(await timeUntil(() => drifts(fleet, node.name), 'the change to be named'));
    await rm(path);
    cleared.push(await timeUntil(async () => !(await drifts(fleet, node.name)), 'the drift to be cleared'));
  }
  return { named, cleared, corePercent: share() };
}

async function drifts(fleet: Fleet, name: string): Promise<boolean> {
  const node = await fleet.json<{ readonly apps: readonly { readonly drift?: unknown }[] }>([
    'node',
    'show',
    name,
  ]);
  return node.apps.some((app) => app.drift !== undefined && app.drift !== null);
}

async function timeUntil(probe: () => Promise<boolean>, what: string): Promise<number> {
  const begin = performance.now();
  await eventually(probe, { timeoutMs: withinMs, everyMs: 1000, what });
  return performance.now() - begin;
}
