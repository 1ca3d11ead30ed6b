import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.js';
import { type Fleet, type FleetNode, startFleet } from '../../test/support/fleet.js';
import { startProgram } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Figure, median } from '../support/figures.js';
import { apply, deploy, isJudged, publish, specOf } from '../support/operate.js';
import type { BenchOptions } from '../support/options.js';
import { type Usage, watchUsage } from '../support/usage.js';
import { startBareNode } from './bare-node.js';
import { stagingMemory } from './staging.js';
import { writeTree } from './tree.js';

const fileCount = 9_000;
/** After the deployment, and the first look for drift, the agent and the bare process are left alone this long. */
const settleMs = 10_000;
const startUps = 5;
const stagedMegabytes = 500;

/**
 * What an idle agent takes from its server: memory, processor time and start-up time, with an application of
 * 9,000 files deployed and probed every 2 s, beside a Node process that does nothing, watched over the same time; and
 * how much more memory it takes while a large release is staged.
 */
export async function footprint(options: BenchOptions): Promise<readonly Figure[]> {
  const seconds = options.seconds ?? 60;
  const dir = await tempDir();
  const fleet = await startFleet({ dir: join(dir, 'fleet'), nodes: 1 });
  const [node] = fleet.nodes;
  if (node === undefined) throw new Error('the fleet has no node');
  const files = await bring(fleet, node, dir);
  const bare = await startBareNode();
  await delay(settleMs);
  const [agent, idle] = await Promise.all([
    watchUsage(node.program().pid, seconds),
    watchUsage(bare.pid, seconds),
  ]);
  await bare.end();
  const staging = await stagingMemory(fleet, node, dir, options.megabytes ?? stagedMegabytes);
  await node.stop();
  const startUp = await startUpMs(dir, options.rounds ?? startUps);
  return [
    { name: 'files of the application', value: files, unit: '' },
    { name: 'watched for', value: seconds, unit: 's' },
    ...figuresOf('agent', agent),
    ...figuresOf('bare node', idle),
    { name: 'agent: start to listening', value: startUp.agent, unit: 'ms' },
    { name: 'bare node: start to first line', value: startUp.bare, unit: 'ms' },
    { name: 'resident memory, ratio', value: agent.rss / idle.rss, unit: 'x', reach: 1.4 },
    { name: 'anonymous memory, ratio', value: agent.anonymous / idle.anonymous, unit: 'x' },
    { name: 'agent: share of a core', value: agent.corePercent, unit: '%', reach: 0.3 },
    ...staging,
  ];
}

async function bring(fleet: Fleet, node: FleetNode, dir: string): Promise<number> {
  const tree = join(dir, 'tree');
  const files = await writeTree(tree, fileCount);
  await apply(fleet, specOf('web'));
  await publish(fleet, tree, 'web', '1.0.0');
  await deploy(fleet, 'web', '1.0.0');
  await eventually(() => isJudged(node, 'web'), {
    timeoutMs: 60_000,
    what: 'the tree to be looked at for the first time',
  });
  return files;
}

/** From the start of the process to the line that says it is ready, medians. */
async function startUpMs(dir: string, rounds: number): Promise<{ agent: number; bare: number }> {
  const times: { agent: number[]; bare: number[] } = { agent: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    let begin = performance.now();
    const agent = startProgram('capstan-agent', [
      ...['--insecure-loopback', '--name', 'start-up', '--coordinator', '127.0.0.1:1'],
      ...['--state-dir', join(dir, `start-up-${round}`), '--root', join(dir, 'start-up-root')],
      ...['--conf-dir', join(dir, 'start-up-conf'), '--listen', '127.0.0.1:0'],
    ]);
    await eventually(() => agent.stdout().includes('"listening"'), {
      everyMs: 1,
      what: 'the agent to listen',
    });
    times.agent.push(performance.now() - begin);
    await agent.stop('SIGKILL');
    begin = performance.now();
    const bare = await startBareNode();
    times.bare.push(performance.now() - begin);
    await bare.end();
  }
  return { agent: median(times.agent), bare: median(times.bare) };
}

function figuresOf(who: string, usage: Usage): readonly Figure[] {
  return [
    { name: `${who}: resident memory`, value: usage.rss / 1e6, unit: 'MB' },
    { name: `${who}: anonymous memory`, value: usage.anonymous / 1e6, unit: 'MB' },
    ...(who === 'agent' ? [] : [{ name: `${who}: share of a core`, value: usage.corePercent, unit: '%' }]),
  ];
}
