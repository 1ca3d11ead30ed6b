import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRef } from '../../shared/model/release.js';
import { type Outcome, run, shell } from '../support/command.js';
import type { Pair } from './pairs.js';
import { repeat } from './repeat.js';
import { startWorkshop } from './workshop.js';

export interface PublishedPair {
  readonly v1: ReleaseRef;
  readonly v2: ReleaseRef;
  /** `capstan publish` of the first release, in full. */
  readonly first: Outcome;
  /** Of the second, which follows it. */
  readonly second: readonly Outcome[];
  /** `tar -I 'zstd -3'` of the second. */
  readonly archive: readonly Outcome[];
}

/**
 * Publishes both releases with the real programs, the second one several times, each time into the store as it was
 * when only the first was there.
 * @param storeDir what the origin serves afterwards
 */
export async function publishPair(
  pair: Pair,
  dir: string,
  storeDir: string,
  runs: number,
): Promise<PublishedPair> {
  const [before, after] = [join(dir, 'first'), join(dir, 'second')];
  await mkdir(before, { recursive: true });
  const beginning = await startWorkshop(join(before, 'data'), join(before, 'store'));
  const first = await beginning.publish(pair.v1, '1.0.0');
  const v1 = await beginning.release('1.0.0');
  await beginning.end();

  const second: Outcome[] = [];
  const archive: Outcome[] = [];
  let v2: ReleaseRef | undefined;
  await repeat(runs, async () => {
    await run({
      argv: shell(`rm -rf ${after} ${storeDir}; cp -a ${before} ${after}; mv ${after}/store ${storeDir}`),
      cwd: dir,
    });
    const workshop = await startWorkshop(join(after, 'data'), storeDir);
    second.push(await workshop.publish(pair.v2, '2.0.0'));
    v2 = await workshop.release('2.0.0');
    await workshop.end();
    archive.push(await run({ argv: shell(`tar -C ${pair.v2} -I 'zstd -3' -cf v2.tar.zst .`), cwd: dir }));
  });
  if (v2 === undefined) throw new Error('nothing was published');
  return { v1, v2, first, second, archive };
}
