import { chmod, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { ReleasePlace } from '../../../agent/stager/protocol.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { compareTree } from '../../../agent/stager/verify.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { getText } from '../../../shared/distribution/text-object.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { hexOf } from '../../../shared/release/digest.js';
import { parseManifest } from '../../../shared/release/manifest.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';
import { build, type Thing, thing } from '../../support/trees.js';

const quiet = { progress: () => undefined, note: () => undefined };
const never = new AbortController().signal;

/** What became of something on the node's disk since it was written. */
const harm = fc.record({
  /** Which of all files of all releases and records. */
  pick: fc.nat(),
  how: fc.constantFrom('flip', 'truncate', 'extend', 'remove', 'replaceByFolder', 'changeMode'),
  at: fc.nat(),
});
type Harm = typeof harm extends fc.Arbitrary<infer Value> ? Value : never;

/** A chain of trees; which of them the node has; what happened to them there; and in which order they are offered. */
const scene = fc.record({
  first: fc.array(thing, { minLength: 1, maxLength: 12 }),
  steps: fc.array(fc.record({ drop: fc.nat(4), add: fc.array(thing, { maxLength: 5 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  staged: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  harms: fc.array(harm, { maxLength: 6 }),
  reversed: fc.boolean(),
});

async function filesBelow(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const found: string[] = [];
  for (const name of names) if ((await lstat(join(root, name))).isFile()) found.push(join(root, name));
  return found.sort();
}

async function inflict({ pick, how, at }: Harm, files: readonly string[]): Promise<void> {
  const path = files[pick % files.length];
  if (path === undefined || !(await lstat(path).catch(() => undefined))?.isFile()) return;
  if (how === 'remove') return rm(path);
  if (how === 'replaceByFolder') {
    await rm(path);
    await mkdir(path);
    return;
  }
  if (how === 'changeMode') return chmod(path, at % 2 === 0 ? 0o555 : 0o644);
  const bytes = await readFile(path);
  const { mode } = await lstat(path);
  await chmod(path, 0o644);
  if (how === 'truncate') await writeFile(path, bytes.subarray(0, at % (bytes.length + 1)));
  else if (how === 'extend') await writeFile(path, Buffer.concat([bytes, Buffer.alloc(1 + (at % 9), 'x')]));
  else if (bytes.length > 0) {
    bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << (at % 8));
    await writeFile(path, bytes);
  }
  await chmod(path, mode & 0o7777);
}

const placeOf = (root: string, version: string): ReleasePlace => ({
  releaseDir: join(root, 'srv/web/releases', version),
  recordFile: join(root, 'state/releases/web', `${version}.json`),
});

const file = (name: string, seed: number, size: number): Thing => ({
  ...{ folder: [], name, what: 'file', seed, size },
});

describe('a node', function () {
  this.timeout(180_000);

  it('ends with the same tree from any state of its disk, and never fetches more than a cold one', async () => {
    const dir = await tempDir();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(scene, async ({ first, steps, staged, harms, reversed }) => {
        run += 1;
        const root = join(dir, String(run));
        const store = directoryStore(join(root, 'store'));
        let things: readonly Thing[] = first;
        const refs: ReleaseRef[] = [];
        for (const [index, step] of [{ drop: 0, add: [] as Thing[] }, ...steps].entries()) {
          things = [...things.slice(step.drop), ...step.add];
          const source = join(root, 'sources', String(index));
          await build(source, things);
          refs.push(await publish(source, store, `${index}.0.0`, refs.slice(-2).reverse()));
        }
        const last = refs.length - 1;
        const wanted = refs[last];
        if (wanted === undefined) throw new Error('nothing was published');

        const places: ReleasePlace[] = [];
        for (const [index, ref] of refs.slice(0, last).entries()) {
          if (staged[index] !== true) continue;
          const place = placeOf(root, `r${index}`);
          await stageRelease(
            { ...stageJob(root, ref, [store.url]), ...place, reuseFrom: places },
            quiet,
            never,
          );
          places.push(place);
        }
        // By hand, with another name for what is linked: a change of one release is a change of both.
        const files = [
          ...(await filesBelow(join(root, 'srv'))),
          ...(await filesBelow(join(root, 'state'))).filter((path) => !path.endsWith('.json')),
        ];
        for (const each of harms) await inflict(each, files);

        const job = { ...stageJob(root, wanted, [store.url]), ...placeOf(root, 'wanted') };
        const reuseFrom = reversed ? [...places].reverse() : places;
        const result = await stageRelease({ ...job, reuseFrom }, quiet, never);
        expect(await readTree(job.releaseDir)).to.deep.equal(
          await readTree(join(root, 'sources', String(last))),
        );
        const key = { kind: 'manifests', hex: hexOf(wanted.digest) } as const;
        const manifest = parseManifest((await getText(store, key, wanted.manifestSize)).text);
        expect(compareTree(job.releaseDir, manifest)).to.deep.equal([]);
        expect(result.fetchedBytes).to.be.at.most(wanted.packSize * 1.01);
        if (harms.length === 0) expect(result.damagedFiles).to.deep.equal([]);
        expect(await readdir(job.stagingDir)).to.deep.equal([]);

        // What other releases are was not changed by it, and the new one can be made of nothing else.
        const cold = join(root, 'cold');
        await mkdir(cold);
        await stageRelease({ ...stageJob(cold, wanted, [store.url]) }, quiet, never);
        expect(await readTree(stageJob(cold, wanted, []).releaseDir)).to.deep.equal(
          await readTree(job.releaseDir),
        );
        await removeTree(root);
      }),
      {
        numRuns: 25,
        // What two large files have in common is fetched for the new one, and then the old one turns out to be damaged.
        examples: [
          [
            {
              ...{ first: [file('a', 0, 1_500_000)], steps: [{ drop: 0, add: [file('b', 2, 2_500_000)] }] },
              ...{ staged: [true, false, false], reversed: false },
              harms: Array.from({ length: 40 }, (_, n) => ({ pick: 0, how: 'flip', at: n * 40_000 })),
            },
          ],
        ],
      },
    );
  });

  it('goes on from any half-written tree that an earlier try has left', async () => {
    const dir = await tempDir();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { minLength: 1, maxLength: 12 }),
        fc.array(harm, { maxLength: 8 }),
        async (things, harms) => {
          run += 1;
          const root = join(dir, String(run));
          const store = directoryStore(join(root, 'store'));
          await build(join(root, 'source'), things);
          const ref = await publish(join(root, 'source'), store);
          const job = stageJob(root, ref, [store.url]);
          const whole = { ...job, ...placeOf(root, 'whole') };
          await stageRelease(whole, quiet, never);
          // A run that is no more: no process has this number.
          const left = join(job.stagingDir, `run-4194999-1-00-${hexOf(ref.digest)}`);
          await mkdir(dirname(left), { recursive: true });
          await cp(whole.releaseDir, join(left, 'tree'), { recursive: true, verbatimSymlinks: true });
          await cp(dirname(whole.recordFile), join(left, 'other'), { recursive: true });
          for (const each of harms) await inflict(each, await filesBelow(left));
          const result = await stageRelease(job, quiet, never);
          expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(join(root, 'source')));
          expect(await readdir(job.stagingDir)).to.deep.equal([]);
          if (harms.length === 0) expect(result.fetchedBytes).to.equal(0);
          await removeTree(root);
        },
      ),
      {
        numRuns: 25,
        // The mode of a file that is being put together, at one that holds nothing, and at both of two twins.
        examples: [[{ size: 0 }], [{ size: 9 }, { size: 9, name: 'b' }]].map((files) => [
          files.map((file): Thing => ({ folder: [], name: 'a', what: 'file', seed: 0, ...file })),
          [0, 1, 2, 3, 4].map((pick): Harm => ({ pick, how: 'changeMode', at: 1 })),
        ]),
      },
    );
  });
});
