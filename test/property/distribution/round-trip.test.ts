import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { StageJob } from '../../../agent/stager/protocol.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { StageFailure } from '../../../agent/stager/stage-failure.js';
import { compareTree } from '../../../agent/stager/verify.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import type { Store } from '../../../shared/distribution/store.js';
import { getText } from '../../../shared/distribution/text-object.js';
import { hexOf } from '../../../shared/release/digest.js';
import { parseManifest } from '../../../shared/release/manifest.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';
import { build, thing } from '../../support/trees.js';

const quiet = { progress: () => undefined, note: () => undefined };
const never = new AbortController().signal;
const stage = (job: StageJob) => stageRelease(job, quiet, never);

async function objectsOf(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  const found: string[] = [];
  for (const path of names) if ((await stat(join(root, path))).isFile()) found.push(path);
  return found.sort();
}

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'extend'; readonly bytes: Uint8Array };

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fraction, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('truncate' as const), at: fraction }),
  fc.record({ kind: fc.constant('extend' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
);

/** The damaged bytes, and whether only the header of a gzip file was touched, which carries no content. */
function harm(bytes: Buffer, how: Damage): { readonly bytes: Buffer; readonly inHeader: boolean } {
  if (how.kind === 'extend') return { bytes: Buffer.concat([bytes, how.bytes]), inHeader: false };
  const at = Math.floor(how.at * bytes.length);
  if (how.kind === 'truncate') return { bytes: bytes.subarray(0, at), inHeader: false };
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << how.bit);
  return { bytes: copy, inHeader: at < 10 };
}

describe('a release', function () {
  this.timeout(120_000);

  it('comes out of the store as it went in, whatever the tree', async () => {
    const dir = await tempDir();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(thing, { maxLength: 25 }), async (things) => {
        run += 1;
        const root = join(dir, String(run));
        const store = directoryStore(join(root, 'store'));
        await build(join(root, 'source'), things);
        const ref = await publish(join(root, 'source'), store);
        const again = await publish(join(root, 'source'), store);
        expect(again).to.deep.equal(ref);
        const job = stageJob(root, ref, [store.url]);
        await stage(job);
        expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(join(root, 'source')));
        expect(compareTree(job.releaseDir, await manifestOf(store, ref))).to.deep.equal([]);
        expect(await readdir(job.stagingDir)).to.deep.equal([]);
        await removeTree(root);
      }),
      { numRuns: 40 },
    );
  });

  it('is never staged from an object with any single fault', async () => {
    const dir = await tempDir();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(thing, { maxLength: 6 }), fc.nat(), damage, async (things, pick, how) => {
        run += 1;
        const root = join(dir, String(run));
        const store = directoryStore(join(root, 'store'));
        await build(join(root, 'source'), things);
        const ref = await publish(join(root, 'source'), store);
        const objects = await objectsOf(join(root, 'store'));
        const victim = objects[pick % objects.length] ?? '';
        const path = join(root, 'store', victim);
        const harmed = harm(await readFile(path), how);
        await writeFile(path, harmed.bytes);
        const job = stageJob(root, ref, [store.url]);
        const failure = await stage(job).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) {
          expect(harmed.inHeader && !victim.startsWith('packs/'), `${victim} passed`).to.equal(true);
          expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(join(root, 'source')));
        } else {
          expect(failure).to.be.instanceOf(StageFailure);
          expect((failure as StageFailure).reason.code).to.equal('corrupt');
          expect((failure as StageFailure).reason.message).to.include(store.url);
          expect(await readdir(join(root, 'srv/web/releases'))).to.deep.equal([]);
        }
        await removeTree(root);
      }),
      { numRuns: 80 },
    );
  });

  it('on disk is compared in every respect', async () => {
    const dir = await tempDir();
    const store = directoryStore(join(dir, 'store'));
    await build(join(dir, 'source'), [
      { folder: ['d'], name: 'big', what: 'program', seed: 3, size: 2_500_000 },
      { folder: ['d'], name: 'link', what: 'link', seed: 1, size: 0 },
    ]);
    const ref = await publish(join(dir, 'source'), store);
    const manifest = await manifestOf(store, ref);
    await fc.assert(
      fc.asyncProperty(fc.nat(2_499_999), fc.nat(7), async (at, bit) => {
        const path = join(dir, 'source/d/big');
        const good = await readFile(path);
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
        await writeFile(path, bad);
        expect(compareTree(join(dir, 'source'), manifest).map(({ kind }) => kind)).to.deep.equal(['content']);
        await writeFile(path, good);
      }),
      { numRuns: 20 },
    );
    expect(compareTree(join(dir, 'source'), manifest)).to.deep.equal([]);
  });
});

async function manifestOf(store: Store, ref: Awaited<ReturnType<typeof publish>>) {
  const key = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
  return parseManifest((await getText(store, key, ref.manifestSize)).text);
}
