import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../support/command.js';
import { type Cell, cellOf, type Operation, type Sample } from './cell.js';
import type { Method, Place } from './method.js';
import type { Origin } from './origin.js';
import type { Pair } from './pairs.js';
import { repeat } from './repeat.js';

/** What the methods share: the pair, where its releases come from, and a folder that stands for the node's disk. */
export interface Bed {
  readonly pair: Pair;
  readonly origin: Origin;
  readonly nodeDir: string;
}

/** Brings a node to where an update begins. */
export async function seed(bed: Bed, method: Method): Promise<void> {
  const place = placeOf(bed, method, 'update');
  await rm(place.dir, { recursive: true, force: true });
  await mkdir(place.dir, { recursive: true });
  await method.seed(place);
}

/** Measures all methods in turn, round after round, so that a busy moment of the machine meets them all. */
export async function measureAll(
  bed: Bed,
  methods: readonly Method[],
  operation: Operation,
  runs: number,
): Promise<readonly Cell[]> {
  const samples = new Map<Method, Sample[]>(methods.map((method) => [method, []]));
  await repeat(runs, async () => {
    for (const [method, list] of samples) list.push(await measureOnce(bed, method, operation));
  });
  const link = bed.origin.link.name;
  return [...samples].map(([{ name }, list]) => cellOf({ method: name, operation, link }, list));
}

async function measureOnce(bed: Bed, method: Method, operation: Operation): Promise<Sample> {
  const place = placeOf(bed, method, operation);
  if (operation === 'update') await method.reset(place);
  else {
    await rm(place.dir, { recursive: true, force: true });
    await mkdir(place.dir, { recursive: true });
    await method.prepare?.(place);
  }
  await bed.origin.http.traffic(); // what setting up has asked for does not count
  const command = operation === 'update' ? method.update(place) : method.cold(place);
  const outcome = await run({ ...command, argv: place.link.onNode(command.argv) });
  const counted = await bed.origin.http.traffic();
  await check(bed, method.target(place), method.name);
  if (operation === 'cold') await rm(place.dir, { recursive: true, force: true });
  return { ...outcome, ...(method.traffic?.(outcome) ?? counted) };
}

/** The tree must be the second release, byte for byte. */
async function check({ pair, nodeDir }: Bed, target: string, method: string): Promise<void> {
  await run({ argv: ['diff', '-r', '--no-dereference', pair.v2, target], cwd: nodeDir }).catch(
    (cause: unknown) => {
      throw new Error(`${method} did not bring ${pair.name} as it is`, { cause });
    },
  );
}

function placeOf({ pair, origin, nodeDir }: Bed, method: Method, operation: Operation): Place {
  const slug = method.name.replaceAll(/[^a-z]+/g, '-');
  return {
    pair,
    link: origin.link,
    url: `${origin.http.url}/${method.folder}`,
    rsyncUrl: origin.rsyncUrl,
    dir: join(nodeDir, `${slug}-${operation}`),
  };
}
