import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fleet, FleetNode } from '../../test/support/fleet.js';
import { childrenOf } from '../../test/support/hosts/process-tree.js';
import type { Figure } from '../support/figures.js';
import { apply, operate, publish, specOf } from '../support/operate.js';
import { peakRssBytes, rssBytes } from '../support/proc.js';

const fileBytes = 1_000_000;
const sampleMs = 20;

/**
 * What staging a large release takes: memory of the agent, which is to stay as it was, and of the program that does the
 * work and then ends. What the release is made of does not become smaller.
 */
export async function stagingMemory(
  fleet: Fleet,
  node: FleetNode,
  dir: string,
  megabytes: number,
): Promise<readonly Figure[]> {
  const tree = join(dir, 'large');
  await mkdir(tree);
  for (let file = 0; file < megabytes; file += 1) {
    await writeFile(join(tree, `file-${file}`), randomBytes(fileBytes));
  }
  await apply(fleet, specOf('large'));
  await publish(fleet, tree, 'large', '1.0.0');
  const { pid } = node.program();
  const before = rssBytes(pid);
  const peaks = { agent: before, stager: 0 };
  const timer = setInterval(() => {
    peaks.agent = Math.max(peaks.agent, rssBytes(pid));
    void childrenOf(pid).then((children) => {
      for (const child of children) peaks.stager = Math.max(peaks.stager, peakOf(child));
    });
  }, sampleMs);
  const begin = performance.now();
  await operate(fleet, ...['stage', 'large@1.0.0', '--env', 'production', '--wait', '--timeout', '10m']);
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(timer);
  return [
    { name: 'staged', value: (megabytes * fileBytes) / 1e6, unit: 'MB' },
    { name: 'staging took', value: seconds, unit: 's' },
    {
      name: 'agent: more while staging, at most',
      value: (peaks.agent - before) / 1e6,
      unit: 'MB',
      reach: 40,
    },
    { name: 'stager: at most', value: peaks.stager / 1e6, unit: 'MB' },
  ];
}

/** 0 of a process that has ended meanwhile. */
function peakOf(pid: number): number {
  try {
    return peakRssBytes(pid);
  } catch {
    return 0;
  }
}
