import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stageRelease } from '../../../agent/stager/stage.js';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { objectKinds } from '../../../shared/distribution/object-key.js';
import type { Environment } from '../../../shared/distribution/s3-credentials.js';
import type { ManagedStore, StoreReader } from '../../../shared/distribution/store.js';
import { Claims } from '../../../shared/distribution/upkeep/claims.js';
import { collectGarbage } from '../../../shared/distribution/upkeep/collect-garbage.js';
import { type StoreProblem, verifyStore } from '../../../shared/distribution/upkeep/verify-store.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { Release, ReleaseRef } from '../../../shared/model/release.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

const quiet = { progress: () => undefined, note: () => undefined };

export const registered = (ref: ReleaseRef): Release => ({
  ...ref,
  app: 'web' as AppName,
  publishedAt: 0,
  publishedBy: 'ci',
});

/** A tree with a large file, which makes a pack above 16 MiB, and small ones. */
export async function sampleTree(text: string, largeBytes = 20 * 1024 * 1024): Promise<string> {
  const dir = await tempDir();
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'assets/large.bin'), randomBytes(largeBytes));
  for (let at = 0; at < 50; at += 1)
    await writeFile(join(dir, `assets/${at}.txt`), `${text} ${at}\n`.repeat(at));
  await writeFile(join(dir, 'index.txt'), text);
  return dir;
}

/** Fetches a release from stores, and expects the tree that was published. */
export async function expectStaged(
  source: string,
  ref: ReleaseRef,
  stores: readonly string[],
  env: Environment = {},
): Promise<void> {
  const root = await tempDir();
  const job = stageJob(root, ref, stores);
  await stageRelease(job, quiet, AbortSignal.timeout(60_000), { env });
  expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
}

export async function problemsIn(
  reader: StoreReader,
  lister: ManagedStore | undefined,
  releases: readonly Release[],
): Promise<readonly StoreProblem[]> {
  const problems: StoreProblem[] = [];
  await verifyStore({ reader, lister, releases, onProblem: (problem) => problems.push(problem) });
  return problems;
}

async function countObjects(store: ManagedStore): Promise<number> {
  let count = 0;
  for (const kind of objectKinds) {
    for await (const { size } of store.list(kind)) count += size > 0 ? 1 : 0;
  }
  return count;
}

/** Publish, stage, verify, collect: everything a store is for. `readers` are the URLs that nodes would get. */
export async function expectWholeCycle(
  store: ManagedStore,
  readers: readonly string[],
  env: Environment = {},
): Promise<void> {
  const [first, second] = [await sampleTree('one'), await sampleTree('two')];
  const one = registered(await publish(first, store, '1.0.0'));
  const two = registered(await publish(second, store, '1.0.1'));
  for (const reader of readers) await expectStaged(first, one, [reader], env);
  expect(await problemsIn(store, store, [one, two])).to.deep.equal([]);
  const before = await countObjects(store);
  const claims = new Claims(() => performance.now());
  const collect = { store, kept: [two], claims, dryRun: false };
  const young = await collectGarbage({ ...collect, before: Date.now() - 3_600_000 });
  expect(young.young.objects).to.equal(3);
  expect(await countObjects(store)).to.equal(before);
  const report = await collectGarbage({ ...collect, before: Date.now() + 3_600_000 });
  expect(report.removed.reduce((sum, { objects }) => sum + objects, 0)).to.equal(3);
  expect(await countObjects(store)).to.equal(before - 3);
  await checkReleaseStored(store, two);
  await expectStaged(second, two, readers, env);
}
