import { startFleet } from '../../test/support/fleet.js';
import { freePorts } from '../../test/support/free-ports.js';
import { hostsLack } from '../../test/support/hosts/rack.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Figure, median } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import { hostRuns } from './hosts.js';
import type { Change } from './prober.js';
import { processByHand, serviceRuns } from './services.js';
import { type StaticRun, staticByHand, staticRuns } from './static.js';

const sizes = [9_000, 70_000];
const defaultRuns = 5;
/** How much longer than by hand nobody may answer. Milliseconds. */
const gapReachMs = 50;

/**
 * What a node does with a release that is on its disk already: how long until it is healthy, how long the swap itself
 * takes, and for how long nobody answers; beside the same by hand. Medians.
 */
export async function delivery(options: BenchOptions): Promise<readonly Figure[]> {
  const runs = options.runs ?? defaultRuns;
  const fleet = await startFleet({ dir: await tempDir(), nodes: 1 });
  const [node] = fleet.nodes;
  if (node === undefined) throw new Error('the fleet has no node');
  const figures: Figure[] = [{ name: 'runs', value: runs, unit: '' }];
  for (const files of sizes) {
    console.error(`${files} files`);
    figures.push(...staticFigures(files, await staticRuns(fleet, node, files, runs)));
  }
  const byHand = await staticByHand(runs);
  figures.push(
    {
      name: 'static, by hand: ln -s && mv -T',
      value: median(byHand.map(({ wholeMs }) => wholeMs)),
      unit: 'ms',
    },
    { name: 'static, by hand: old to new', value: gapOf(byHand), unit: 'ms' },
  );
  console.error('a process that the shim holds');
  const [servicePort, handPort] = await freePorts(2);
  const held = { port: servicePort ?? 0, kind: 'process' } as const;
  const process = await serviceRuns(fleet, 'delivery', held, [], runs);
  figures.push(...gapFigures('process', process, 'kill and start', await processByHand(handPort ?? 0, runs)));
  await fleet.destroy();
  return [...figures, ...(await onHost(runs))];
}

async function onHost(runs: number): Promise<readonly Figure[]> {
  const lack = await hostsLack();
  if (lack !== undefined) {
    console.error(`without a host that systemd runs: ${lack}`);
    return [];
  }
  console.error('a host that systemd runs');
  const { process, systemd, byHand } = await hostRuns(runs);
  return [
    ...gapFigures('systemd unit', systemd, 'systemctl restart', byHand),
    ...gapFigures('process as a unit', process, 'systemctl restart', byHand).filter(
      ({ name }) => !name.includes('by hand:'),
    ),
  ];
}

function staticFigures(files: number, runs: readonly StaticRun[]): readonly Figure[] {
  const name = `static, ${files} files`;
  const value = (of: (run: StaticRun) => number): number => median(runs.map(of));
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  return [
    { name: `${name}: assigned to healthy`, value: value(({ wholeMs }) => wholeMs), unit: 'ms' },
    { name: `${name}: of that, verifying`, value: value(({ verifyMs }) => verifyMs), unit: 'ms' },
    { name: `${name}: the swap itself`, value: value(({ swapMs }) => swapMs), unit: 'ms', reach: 5 },
    { name: `${name}: old to new`, value: gapOf(runs), unit: 'ms' },
    { name: `${name}: questions without an answer`, value: failed, unit: '', reach: 0 },
  ];
}

const gapOf = (changes: readonly Change[]): number => median(changes.map(({ gapMs }) => gapMs));

function gapFigures(
  name: string,
  ours: readonly Change[],
  hand: string,
  byHand: readonly Change[],
): readonly Figure[] {
  const [gap, handGap] = [gapOf(ours), gapOf(byHand)];
  return [
    { name: `${name}: nobody answers`, value: gap, unit: 'ms' },
    { name: `${name}, by hand: ${hand}`, value: handGap, unit: 'ms' },
    { name: `${name}: longer than by hand`, value: gap - handGap, unit: 'ms', reach: gapReachMs },
    { name: `${name}: ratio to by hand`, value: gap / handGap, unit: 'x' },
  ];
}
