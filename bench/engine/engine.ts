import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { tempDir } from '../../test/support/temp-dir.js';
import { run } from '../support/command.js';
import type { Figure } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import type { Cost } from './measure.js';

const small = 1_000;
const defaultLarge = 100_000;
const defaultRuns = 5;
/** How much dearer an event may be at the largest size than at the smallest. */
const growthReach = 1.5;
const cpuReachSeconds = 60;

/**
 * A whole rolling rollout through the engine, with every report of every node, at sizes a hundred times apart: what an
 * event costs, what a node takes of memory, and the processor time from start to done; and what a report costs the
 * orchestrator while there is no rollout. Medians. Each size has a process
 * of its own, with the flags of Node.js that the coordinator has.
 */
export async function engine(options: BenchOptions): Promise<readonly Figure[]> {
  const runs = options.runs ?? defaultRuns;
  const large = Math.max(options.agents ?? defaultLarge, small);
  const sizes = [...new Set([small, Math.round(Math.sqrt(small * large)), large])];
  const nodeFlags = await coordinatorFlags();
  console.error(`with node ${nodeFlags.join(' ')}`);
  const figures: Figure[] = [{ name: 'runs', value: runs, unit: '' }];
  const costs: Cost[] = [];
  for (const size of sizes) {
    console.error(`${size} nodes`);
    const cost = await measureApart(nodeFlags, size, runs);
    costs.push(cost);
    figures.push(
      { name: `${size} nodes: events`, value: cost.events, unit: '' },
      { name: `${size} nodes: an event`, value: cost.eventUs, unit: 'µs' },
      { name: `${size} nodes: a report outside a rollout`, value: cost.reportUs, unit: 'µs' },
      { name: `${size} nodes: planning, a node`, value: cost.planUs, unit: 'µs' },
      { name: `${size} nodes: memory, a node`, value: cost.bytesPerNode, unit: 'bytes' },
      { name: `${size} nodes: start to done`, value: cost.seconds, unit: 's of CPU', reach: cpuReachSeconds },
    );
  }
  const growth = (of: (cost: Cost) => number): number => {
    const [least, most] = [costs[0], costs.at(-1)];
    return least === undefined || most === undefined ? Number.NaN : of(most) / of(least);
  };
  const grown = { unit: 'x', reach: growthReach };
  const to = `${large} nodes to ${small}`;
  figures.push(
    { name: `an event, ${to}`, value: growth(({ eventUs }) => eventUs), ...grown },
    { name: `a report outside a rollout, ${to}`, value: growth((cost) => cost.reportUs), ...grown },
  );
  return figures;
}

async function measureApart(nodeFlags: readonly string[], size: number, runs: number): Promise<Cost> {
  const program = fileURLToPath(new URL('./measure.ts', import.meta.url));
  const argv = [process.execPath, ...process.execArgv, ...nodeFlags, program, String(size), String(runs)];
  const { stdout } = await run({ argv, cwd: await tempDir() });
  return JSON.parse(stdout) as Cost;
}

/** The flags that bin/capstan-coordinator starts Node.js with. */
async function coordinatorFlags(): Promise<readonly string[]> {
  const launcher = await readFile(new URL('../../bin/capstan-coordinator', import.meta.url), 'utf8');
  const flags = /^exec "\$node" (.*) "\$program"/m.exec(launcher)?.[1];
  if (flags === undefined) throw new Error('bin/capstan-coordinator does not start Node.js as expected');
  return flags.split(' ');
}
