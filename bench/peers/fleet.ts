import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/command.js';
import { type FabricFleet, startFabricFleet } from '../support/fabric-fleet.js';
import type { Bed, Spreads } from './bed.js';
import { type Spread, spread } from './spread.js';

const peerPort = 7651;

/** With a coordinator, and agents that fetch from each other or from the coordinator only. */
export async function spreadByFleet(bed: Bed, peers: boolean): Promise<Spreads> {
  const { dir, origin, nodes, trees } = bed;
  const fleet = await startFabricFleet({
    ...{ dir, origin, nodes },
    folders: ({ name }) => ({
      state: join(dir, name, 'state'),
      root: join(dir, name, 'srv'),
      conf: join(dir, name, 'conf.d'),
    }),
    agentArgs: ({ address }) => (peers ? ['--peer-listen', `${address}:${peerPort}`] : []),
  });
  const cold = await stage(bed, fleet, trees.v1, '1.0.0');
  const update = await stage(bed, fleet, trees.v2, '2.0.0');
  await fleet.end();
  return [cold, update];
}

/** Publishes a release and stages it on all nodes, and compares what is there afterwards with the tree. */
async function stage(bed: Bed, { capstan }: FabricFleet, tree: string, version: string): Promise<Spread> {
  const { dir, origin, nodes, limitMs } = bed;
  await capstan('publish', tree, '--app', 'web', '--version', version);
  const proofs = nodes.map((node) => () => hasRecord(join(dir, node.name), version));
  const result = await spread(origin, proofs, limitMs, () =>
    capstan('stage', `web@${version}`, '--env', 'production'),
  );
  for (const node of nodes) {
    const releases = join(dir, node.name, 'srv/web/releases');
    const name = readdirSync(releases).find((each) => each.startsWith(`${version}-`)) ?? '';
    await run({ argv: ['diff', '-r', tree, join(releases, name)], cwd: dir });
  }
  return result;
}

/** The record is written last, after all of the release is on disk. */
function hasRecord(dir: string, version: string): boolean {
  const records = join(dir, 'state/releases/web');
  if (!existsSync(records)) return false;
  return readdirSync(records).some((name) => name.startsWith(`${version}-`) && name.endsWith('.json'));
}
