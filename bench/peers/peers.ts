import { join } from 'node:path';
import { tempDir } from '../../test/support/temp-dir.js';
import { makeFabric } from '../support/fabric.js';
import type { Figure } from '../support/figures.js';
import { whyNoNamespaces } from '../support/namespaces.js';
import type { BenchOptions } from '../support/options.js';
import type { Bed, Spreads } from './bed.js';
import { missingForBitTorrent, spreadByBitTorrent } from './bit-torrent.js';
import { spreadByFleet } from './fleet.js';
import { figuresOf } from './reach.js';
import { type Row, rowOf } from './row.js';
import { printRows } from './table.js';
import { writeTrees } from './trees.js';

/**
 * A release that no compressor makes smaller reaches many hosts, whose links and whose origin's are all equally slow:
 * from other hosts, from the origin alone, and by BitTorrent; and how long one host alone takes. Then an update of a
 * tenth of it.
 */
export async function peers(options: BenchOptions): Promise<readonly Figure[]> {
  const reason = whyNoNamespaces();
  if (reason !== undefined) throw new Error(`this benchmark cannot run here: ${reason}`);
  const { agents: count = 20, rateMbit = 100, megabytes = 100, runs = 3 } = options;
  const dir = await tempDir();
  const trees = await writeTrees(join(dir, 'trees'), megabytes);
  const names = ['origin', ...Array.from({ length: count }, (_, index) => `n${index + 1}`)];
  const [origin, ...nodes] = await makeFabric(names, rateMbit);
  if (origin === undefined) throw new Error('there is no origin');
  /** Four times what it takes if every byte for every node goes through the origin's link. */
  const limitMs = (4 * count * trees.size * 8) / (rateMbit * 1000);
  const bed: Bed = { dir: join(dir, 'bed'), trees, origin, nodes, limitMs };

  const alone = await repeat('one node alone', runs, () =>
    spreadByFleet({ ...bed, nodes: nodes.slice(0, 1) }, false),
  );
  const ours = await repeat('capstan, peers', runs, () => spreadByFleet(bed, true));
  const originAlone = await repeat('capstan, origin alone', 1, () => spreadByFleet(bed, false));
  const torrent = await bitTorrent(bed, runs);
  const rows = [alone, originAlone, ours, ...(torrent === undefined ? [] : [torrent])];
  printRows(rows, trees);
  return figuresOf(trees, { alone, ours, originAlone, torrent });
}

async function bitTorrent(bed: Bed, runs: number): Promise<Row | undefined> {
  const missing = missingForBitTorrent();
  if (missing.length === 0) return repeat('aria2, BitTorrent', runs, () => spreadByBitTorrent(bed));
  console.error(`without BitTorrent: not installed: ${missing.join(', ')}`);
  return undefined;
}

async function repeat(name: string, runs: number, once: () => Promise<Spreads>): Promise<Row> {
  const results: Spreads[] = [];
  for (let run = 1; run <= runs; run += 1) {
    console.error(`${name}: ${run} of ${runs}`);
    results.push(await once());
  }
  return rowOf(name, results);
}
