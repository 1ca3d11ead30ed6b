import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import { run, type Server, startServer } from '../support/command.js';
import type { Host } from '../support/fabric.js';
import { findTool, missingTools } from '../support/tools.js';
import type { Bed, Spreads } from './bed.js';
import { type Spread, spread } from './spread.js';
import { writeTorrent } from './torrent.js';

const trackerPort = 6969;

/** A swarm of its own network, that seeds as long as it runs and looks at what is there already. */
const swarmFlags = [
  ...['--no-conf', '--quiet', '--enable-dht=false', '--bt-enable-lpd=false'],
  ...['--check-integrity', '--seed-ratio=0.0', '--file-allocation=none', '--allow-overwrite=true'],
];

/** What is not installed of what it needs. */
export const missingForBitTorrent = (): readonly string[] => missingTools(['aria2c', 'opentracker']);

/** With aria2 on all hosts, the origin seeding, and a tracker beside it. */
export async function spreadByBitTorrent(bed: Bed): Promise<Spreads> {
  const { dir, trees } = bed;
  await mkdir(dir, { recursive: true });
  const spreads = [await spreadOne(bed, trees.v1), await spreadOne(bed, trees.v2)] as const;
  await rm(dir, { recursive: true });
  return spreads;
}

/** Debian's tracks only what it is told of. */
async function startTracker(dir: string, origin: Host, infoHash: string): Promise<Server> {
  await writeFile(join(dir, 'accepted'), `${infoHash}\n`);
  const listen = ['-i', origin.address, '-p', `${trackerPort}`, '-P', `${trackerPort}`];
  const argv = [findTool('opentracker') ?? 'opentracker', ...listen, '-w', 'accepted', '-d', dir];
  const server = startServer({ argv: origin.on(argv), cwd: dir });
  const probe = `require('node:net').connect(${trackerPort}, '${origin.address}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  await eventually(
    async () => {
      await run({ argv: origin.on([process.execPath, '-e', probe]), cwd: dir });
      return true;
    },
    { what: 'the tracker to listen' },
  );
  return server;
}

async function spreadOne({ dir, origin, nodes, limitMs }: Bed, tree: string): Promise<Spread> {
  const torrent = join(dir, 'release.torrent');
  const infoHash = await writeTorrent(
    torrent,
    tree,
    'release',
    `http://${origin.address}:${trackerPort}/announce`,
  );
  const tracker = await startTracker(dir, origin, infoHash);
  const hook = join(dir, 'done.sh');
  await writeFile(hook, '#!/bin/sh\n: > "$PROOF"\n', { mode: 0o755 });
  const folderOf = (host: Host): string => join(dir, host.name);
  const proofOf = (host: Host): string => join(dir, `${host.name}.done`);
  const start = (host: Host): Server =>
    startServer({
      argv: host.on([
        'aria2c',
        ...swarmFlags,
        `--dir=${folderOf(host)}`,
        `--on-bt-download-complete=${hook}`,
        torrent,
      ]),
      cwd: dir,
      env: { PROOF: proofOf(host), HOME: dir },
    });
  for (const host of [origin, ...nodes]) {
    await mkdir(folderOf(host), { recursive: true });
    await rm(proofOf(host), { force: true });
  }
  await rm(join(folderOf(origin), 'release'), { recursive: true, force: true });
  await cp(tree, join(folderOf(origin), 'release'), { recursive: true });
  const seeder = start(origin);
  await eventually(() => existsSync(proofOf(origin)), { timeoutMs: 60_000, what: 'the origin to seed' });
  const swarm: Server[] = [];
  const result = await spread(
    origin,
    nodes.map((node) => () => existsSync(proofOf(node))),
    limitMs,
    () => {
      swarm.push(...nodes.map(start));
      return Promise.resolve();
    },
  );
  for (const server of [...swarm, seeder, tracker]) await server.end();
  for (const host of nodes) {
    await run({ argv: ['diff', '-r', tree, join(folderOf(host), 'release')], cwd: dir });
  }
  return result;
}
