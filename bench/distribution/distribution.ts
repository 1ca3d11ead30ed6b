import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePorts } from '../../test/support/free-ports.js';
import { tempDir } from '../../test/support/temp-dir.js';
import type { Figure } from '../support/figures.js';
import { type Link, loopback, slowLink, whyNoSlowLink } from '../support/link.js';
import type { BenchOptions } from '../support/options.js';
import { findTool, missingTools } from '../support/tools.js';
import type { Cell } from './cell.js';
import { measureAll, seed } from './measure.js';
import type { Method } from './method.js';
import { tarGz, tarZst } from './methods/archives.js';
import { capstanMethods } from './methods/capstan.js';
import { casync } from './methods/casync.js';
import { ostree } from './methods/ostree.js';
import { rsync } from './methods/rsync.js';
import { zchunk } from './methods/zchunk.js';
import { type Ports, startOrigin } from './origin.js';
import type { PairResult } from './pair-result.js';
import { installPair, type Pair, pairNames } from './pairs.js';
import { publishPair } from './publishing.js';
import { figuresOfAll, figuresOfPair } from './reach.js';
import { printPair } from './tables.js';

/**
 * What an update and a first installation of real applications cost a node, beside what people use for it today:
 * bytes, requests, time and processor time, on loopback and over a slow link. Every result is compared with the
 * tree that was published.
 */
export async function distribution(options: BenchOptions): Promise<readonly Figure[]> {
  if (findTool('nginx') === undefined)
    throw new Error('nginx is not installed; it serves the releases of all');
  const cache = resolve(options.cache ?? join(homedir(), '.cache/capstan-bench'));
  const peers = installedPeers();
  const links = await linksOf(options);
  const [http = 0, rsyncPort = 0] = await freePorts(2);
  const results: PairResult[] = [];
  for (const name of options.pair === undefined ? pairNames : [options.pair]) {
    const pair = await installPair(name, cache);
    const result = await measurePair(pair, peers, links, { http, rsync: rsyncPort }, options.runs ?? 5);
    printPair(
      result,
      links.map((link) => link.name),
    );
    results.push(result);
  }
  return [...results.flatMap((result) => figuresOfPair(result)), ...figuresOfAll(results)];
}

function installedPeers(): readonly Method[] {
  return [tarGz, tarZst, rsync, casync, ostree, zchunk].filter(({ name, tools }) => {
    const missing = missingTools(tools);
    if (missing.length > 0) console.error(`without ${name}: not installed: ${missing.join(', ')}`);
    return missing.length === 0;
  });
}

async function linksOf({ latencyMs = 40, rateMbit = 100 }: BenchOptions): Promise<readonly Link[]> {
  const reason = whyNoSlowLink();
  if (reason === undefined) return [loopback, await slowLink({ latencyMs, rateMbit })];
  console.error(`without a slow link: ${reason}`);
  return [loopback];
}

async function measurePair(
  pair: Pair,
  peers: readonly Method[],
  links: readonly Link[],
  ports: Ports,
  runs: number,
): Promise<PairResult> {
  const dir = await tempDir();
  const served = join(dir, 'served');
  const note = (text: string): void => {
    console.error(`${pair.name}: ${text}`);
  };
  await mkdir(served);
  note('publishing with capstan');
  const published = await publishPair(pair, join(dir, 'publish'), join(served, 'capstan'), runs);
  for (const peer of peers) {
    note(`publishing with ${peer.name}`);
    await mkdir(join(served, peer.folder), { recursive: true });
    await peer.publish?.(pair, join(served, peer.folder));
  }
  const methods = [...peers, ...capstanMethods(published)];
  const cells: Cell[] = [];
  for (const [index, link] of links.entries()) {
    const origin = await startOrigin(dir, served, pair, link, ports);
    const bed = { pair, origin, nodeDir: join(dir, 'node') };
    if (index === 0) for (const method of methods) await seed(bed, method);
    for (const operation of ['update', 'cold'] as const) {
      note(`${operation} over ${link.name}`);
      cells.push(...(await measureAll(bed, methods, operation, runs)));
    }
    await origin.end();
  }
  await rm(dir, { recursive: true, force: true });
  return { pair, published, cells };
}
