import { join } from 'node:path';
import { type Fleet, type FleetNode, startFleet } from '../../test/support/fleet.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Figure, median } from '../support/figures.js';
import { apply, deploy, operate, publish } from '../support/operate.js';
import type { BenchOptions } from '../support/options.js';
import { orchestrationSpec, writeServer } from './release.js';

const app = 'orchestration';
const versions = ['1.0.0', '2.0.0'] as const;
const minHealthyMs = 1000;
const defaultAgents = 50;
const defaultRuns = 5;
/** A tenth of the nodes at a time. */
const batches = 10;
const reach = 1.25;

/**
 * Real agents, each with a service, go from one release to the other, a tenth of them at a time: the time of the whole
 * rollout beside what it takes if nobody ever waits for the coordinator. Both releases are on all disks before.
 */
export async function orchestration(options: BenchOptions): Promise<readonly Figure[]> {
  const agents = options.agents ?? defaultAgents;
  const runs = options.runs ?? defaultRuns;
  const fleet = await startFleet({ dir: await tempDir(), nodes: agents });
  await prepare(fleet);
  const found: Run[] = [];
  for (let at = 0; at < runs; at += 1) {
    const run = await measure(fleet, versions[(at + 1) % 2] ?? versions[0]);
    found.push(run);
    console.error(
      `run ${at + 1}: ${(run.totalMs / 1000).toFixed(1)} s; a node takes ${run.stepMs.toFixed(0)} ms and ${minHealthyMs} ms healthy`,
    );
  }
  await fleet.destroy();
  const value = (of: (run: Run) => number): number => median(found.map(of));
  return [
    { name: 'agents', value: agents, unit: '' },
    { name: 'runs', value: runs, unit: '' },
    { name: "a node's own step", value: value(({ stepMs }) => stepMs), unit: 'ms' },
    { name: 'minimum healthy time', value: minHealthyMs, unit: 'ms' },
    { name: `ideal: ${batches} batches of both`, value: value(idealMs), unit: 'ms' },
    { name: 'rollout, start to end', value: value(({ totalMs }) => totalMs), unit: 'ms' },
    { name: 'rollout to ideal', value: value((run) => run.totalMs / idealMs(run)), unit: 'x', reach },
  ];
}

interface Run {
  readonly totalMs: number;
  /** Median over the nodes, by their own clocks: from taking up the assignment to healthy, without the minimum healthy time. */
  readonly stepMs: number;
}

const idealMs = ({ stepMs }: Run): number => batches * (stepMs + minHealthyMs);

async function prepare(fleet: Fleet): Promise<void> {
  const dir = await tempDir();
  await apply(fleet, orchestrationSpec(app, minHealthyMs));
  for (const version of versions) {
    const tree = join(dir, version);
    await writeServer(tree, version);
    await publish(fleet, tree, app, version);
  }
  await deploy(fleet, app, versions[0]);
  await operate(fleet, 'stage', `${app}@${versions[1]}`, '--env', 'production', '--wait');
}

async function measure(fleet: Fleet, version: string): Promise<Run> {
  const seen = new Map(fleet.nodes.map((node) => [node, worksOf(node).length]));
  await deploy(fleet, app, version);
  const [rollout] = await fleet.json<readonly { readonly startedAt: string; readonly endedAt: string }[]>([
    ...['rollout', 'list', '--app', app, '--limit', '1'],
  ]);
  if (rollout === undefined) throw new Error('there was no rollout');
  const steps = fleet.nodes.map((node) => ownStepMs(node, seen.get(node) ?? 0));
  return { totalMs: Date.parse(rollout.endedAt) - Date.parse(rollout.startedAt), stepMs: median(steps) };
}

/** What the agent says that it took, of all that it logged from `from` on. */
function ownStepMs(node: FleetNode, from: number): number {
  const works = worksOf(node).slice(from);
  const began = works.find(({ what }) => what === 'adopted activate');
  const ended = works.find(({ what }) => what === 'settled healthy');
  if (began === undefined || ended === undefined) throw new Error(`${node.name} does not say what it did`);
  return Date.parse(ended.time) - Date.parse(began.time) - minHealthyMs;
}

interface Work {
  readonly time: string;
  readonly what: string;
}

const worksOf = (node: FleetNode): readonly Work[] =>
  node
    .program()
    .logs()
    .filter((line) => line.event === 'app.work' && line['app'] === app)
    .map((line) => ({ time: String(line['time']), what: String(line['what']) }));
