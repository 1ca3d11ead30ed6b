import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { tempDir } from '../../test/support/temp-dir.js';
import { installPair } from '../distribution/pairs.js';
import { run } from '../support/command.js';
import { type CpuMeter, cpuMeter } from '../support/cpu-meter.js';
import { makeFabric } from '../support/fabric.js';
import type { Figure } from '../support/figures.js';
import { whyNoNamespaces } from '../support/namespaces.js';
import type { BenchOptions } from '../support/options.js';
import { missingTools } from '../support/tools.js';
import type { Bed } from './bed.js';
import { controlTools, startControl } from './control.js';
import { onAll, site, withOwnMounts } from './hosts.js';
import { figuresOf, printSamples, type Sample } from './reach.js';
import type { Peer, Way } from './way.js';
import { ansible } from './ways/ansible.js';
import { capistrano } from './ways/capistrano.js';
import { capstan } from './ways/capstan.js';
import { sshLoop } from './ways/ssh-loop.js';

const peers = [capistrano, ansible, sshLoop];

/**
 * One command brings the second release of a real application to many hosts that have the first one: how long until it
 * is live on all of them, beside what people give that command to today. Afterwards every host's is compared with the
 * tree that was released.
 */
export async function fleet(options: BenchOptions): Promise<readonly Figure[]> {
  const reason = whyNoNamespaces();
  if (reason !== undefined) throw new Error(`this benchmark cannot run here: ${reason}`);
  const usedCpu = await cpuMeter();
  const { agents: count = 20, rateMbit = 1000, runs = 5 } = options;
  const cache = resolve(options.cache ?? join(homedir(), '.cache/capstan-bench'));
  const pair = await installPair(options.pair ?? 'awss3', cache);
  const names = ['origin', ...Array.from({ length: count }, (_, index) => `n${index + 1}`)];
  const [origin, ...plain] = await makeFabric(names, rateMbit);
  if (origin === undefined) throw new Error('there is no origin');
  const nodes = await Promise.all(plain.map(withOwnMounts));
  const bed: Bed = { dir: await tempDir(), pair, origin, nodes };
  const ways = [capstan(bed), capstan(bed, true), ...(await peerWays(bed))];
  const samples = new Map<string, Sample[]>(ways.map(({ name }) => [name, []]));
  for (let at = 1; at <= runs; at += 1) {
    // In turn, so that a busy moment of the machine meets them all.
    for (const way of ways) {
      console.error(`${way.name}: ${at} of ${runs}`);
      samples.get(way.name)?.push(await measure(bed, way, usedCpu));
    }
  }
  printSamples(samples, count);
  return figuresOf(samples);
}

async function peerWays(bed: Bed): Promise<readonly Way[]> {
  const installed = peers.filter(isInstalled);
  if (installed.length === 0) return [];
  const control = await startControl(bed);
  return Promise.all(installed.map((peer) => peer.make(bed, control)));
}

function isInstalled({ name, tools }: Peer): boolean {
  const missing = missingTools([...controlTools, ...tools]);
  if (missing.length > 0) console.error(`without ${name}: not installed: ${missing.join(', ')}`);
  return missing.length === 0;
}

/** From the command to its end. */
async function measure(bed: Bed, way: Way, usedCpu: CpuMeter): Promise<Sample> {
  await way.prepare();
  await checkTrees(bed, bed.pair.v1);
  const before = (await usedCpu?.()) ?? Number.NaN;
  const { wallMs } = await run(way.update());
  const after = (await usedCpu?.()) ?? Number.NaN;
  await checkTrees(bed, bed.pair.v2);
  await way.end();
  return { seconds: wallMs / 1000, cpuSeconds: after - before };
}

/** What is live must be this tree on every host, byte for byte; Capistrano adds a file of its own. */
const checkTrees = ({ nodes }: Bed, tree: string): Promise<void> =>
  onAll(nodes, `diff -r --no-dereference --exclude=REVISION ${tree} ${site}/current/.`);
