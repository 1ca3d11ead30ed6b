import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import { type Fleet, startFleet } from '../../test/support/fleet.js';
import { startProgram } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Figure, median } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import { anonymousBytes, cpuMs, rssBytes } from '../support/proc.js';
import { startBareNode } from './bare-node.js';
import { operate } from './operate.js';
import { stagingMemory } from './staging.js';
import { writeTree } from './tree.js';

const fileCount = 9_000;
/** After the deployment the agent and the bare process are left alone this long before they are watched. */
const settleMs = 10_000;
const startUps = 5;
const stagedMegabytes = 500;

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live, health: { minHealthyTime: 2s, deadline: 1m } }
`;

/**
 * What an idle agent takes from its server: memory, processor time and start-up time, with an application of
 * 9,000 files deployed and probed every 2 s, beside a Node process that does nothing, watched over the same time; and
 * how much more memory it takes while a large release is staged.
 */
export async function footprint(options: BenchOptions): Promise<readonly Figure[]> {
  const seconds = options.seconds ?? 60;
  const dir = await tempDir();
  const fleet = await startFleet({ dir: join(dir, 'fleet'), nodes: 1 });
  const files = await deploy(fleet, dir);
  const [node] = fleet.nodes;
  if (node === undefined) throw new Error('the fleet has no node');
  const bare = await startBareNode();
  await delay(settleMs);
  const [agent, idle] = await Promise.all([watch(node.program().pid, seconds), watch(bare.pid, seconds)]);
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

async function deploy(fleet: Fleet, dir: string): Promise<number> {
  const tree = join(dir, 'tree');
  const files = await writeTree(tree, fileCount);
  await writeFile(join(fleet.dir, 'web.yml'), spec);
  await operate(fleet, 'apply', '-f', 'web.yml');
  await operate(fleet, 'publish', tree, '--app', 'web', '--version', '1.0.0');
  await operate(fleet, 'deploy', 'web@1.0.0', '--env', 'production', '--wait');
  return files;
}

interface Usage {
  /** Bytes. */
  readonly rss: number;
  /** Bytes. */
  readonly anonymous: number;
  readonly corePercent: number;
}

/** Samples once a second; memory is the median. */
async function watch(pid: number, seconds: number): Promise<Usage> {
  const [rss, anonymous]: [number[], number[]] = [[], []];
  const [cpuBefore, begin] = [cpuMs(pid), performance.now()];
  for (let second = 0; second < seconds; second += 1) {
    await delay(1_000);
    rss.push(rssBytes(pid));
    anonymous.push(anonymousBytes(pid));
  }
  const corePercent = (100 * (cpuMs(pid) - cpuBefore)) / (performance.now() - begin);
  return { rss: median(rss), anonymous: median(anonymous), corePercent };
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

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
