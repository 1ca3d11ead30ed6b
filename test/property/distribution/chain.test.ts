import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { exportRelease } from '../../../shared/distribution/export.js';
import type { Store } from '../../../shared/distribution/store.js';
import { getText } from '../../../shared/distribution/text-object.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { applyDelta } from '../../../shared/release/delta.js';
import { hexOf } from '../../../shared/release/digest.js';
import { type Layout, parseLayout } from '../../../shared/release/layout.js';
import { type Manifest, parseManifest } from '../../../shared/release/manifest.js';
import { planRanges } from '../../../shared/release/range-plan.js';
import { publish } from '../../support/releases.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';
import { build, type Thing, thing } from '../../support/trees.js';

/** A chain of trees: the first, and what is left out of, and put into, each of the next. */
const chain = fc.record({
  first: fc.array(thing, { minLength: 1, maxLength: 15 }),
  steps: fc.array(fc.record({ drop: fc.nat(4), add: fc.array(thing, { maxLength: 6 }), base: fc.nat(3) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

async function exported(store: Store, ref: ReleaseRef): Promise<string> {
  const hash = createHash('sha256');
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  await exportRelease(store, ref, output);
  return hash.digest('hex');
}

const manifestOf = async (store: Store, { digest, manifestSize }: ReleaseRef): Promise<Buffer> =>
  (await getText(store, { kind: 'manifests', hex: hexOf(digest) }, manifestSize)).text;

const layoutOf = async (store: Store, { layout }: ReleaseRef): Promise<Layout> =>
  parseLayout((await getText(store, { kind: 'layouts', hex: hexOf(layout.digest) }, layout.size)).text);

const contentsOf = ({ entries }: Manifest): Set<string> =>
  new Set(entries.flatMap((entry) => (entry.kind === 'file' && entry.size > 0 ? [entry.sha256] : [])));

/** Bytes that a node fetches which has the chunks and contents of another release. */
function fetchedBytes(layout: Layout, missing: Iterable<string>, had: Layout | undefined): number {
  const chunks = new Set(had?.frames.map(({ rawSha256 }) => rawSha256).filter((hex) => hex !== undefined));
  const frames = new Set<number>();
  for (const hex of missing) {
    for (const { frame } of layout.contents.get(hex) ?? []) {
      const chunk = layout.frames[frame]?.rawSha256;
      if (chunk === undefined || !chunks.has(chunk)) frames.add(frame);
    }
  }
  const ranges = planRanges(layout.frames.filter((_, index) => frames.has(index)));
  return ranges.reduce((sum, { length }) => sum + length, 0);
}

/** For the frames' headers and the context that a content loses in another frame. */
const slack = 4096;

async function checkRelease(store: Store, full: Store, ref: ReleaseRef, whole: ReleaseRef): Promise<void> {
  expect(ref.digest).to.equal(whole.digest);
  expect(await exported(store, ref)).to.equal(await exported(full, whole));
  expect(ref.packSize).to.be.at.most(1.5 * 1.01 * whole.packSize + slack);
}

/** The delta leads to the release and says of each content that is missing where it lies. */
async function checkDelta(store: Store, from: ReleaseRef, ref: ReleaseRef, whole: ReleaseRef): Promise<void> {
  const layout = await layoutOf(store, ref);
  const manifestText = await manifestOf(store, ref);
  const fromText = await manifestOf(store, from);
  const had = contentsOf(parseManifest(fromText));
  const missing = [...contentsOf(parseManifest(manifestText))].filter((hex) => !had.has(hex));
  const fetched = fetchedBytes(layout, missing, await layoutOf(store, from));
  expect(fetched).to.be.at.most(1.01 * ref.packSize);
  expect(fetched).to.be.at.most(1.01 * whole.packSize + slack);
  const delta = ref.deltas.find((candidate) => candidate.from === from.digest);
  if (delta === undefined) return;
  const key = { kind: 'deltas', from: hexOf(from.digest), to: hexOf(ref.digest) } as const;
  const target = { toHex: key.to, manifestSize: ref.manifestSize, rawSize: delta.rawSize };
  const applied = applyDelta(await store.get(key, delta.size), fromText, target);
  expect(applied.manifestText.equals(manifestText)).to.equal(true);
  expect([...applied.layout.contents.keys()].sort()).to.deep.equal(missing.sort());
}

async function treesOf(
  root: string,
  { first, steps }: { first: Thing[]; steps: { drop: number; add: Thing[] }[] },
) {
  const things = [first];
  for (const { drop, add } of steps) things.push([...(things.at(-1) ?? []).slice(drop), ...add]);
  const trees = things.map((_, index) => join(root, `tree-${index}`));
  for (const [index, tree] of trees.entries()) await build(tree, things[index] ?? []);
  return trees;
}

describe('a chain of releases', function () {
  this.timeout(120_000);

  it('ends in the same tree as one release alone, and never takes more', async () => {
    const dir = await tempDir();
    let run = 0;
    let deltas = 0;
    await fc.assert(
      fc.asyncProperty(chain, async (given) => {
        run += 1;
        const root = join(dir, String(run));
        const store = directoryStore(join(root, 'store'));
        const refs: ReleaseRef[] = [];
        for (const [index, tree] of (await treesOf(root, given)).entries()) {
          const first = refs.at(-1 - (given.steps[index - 1]?.base ?? 0));
          const bases = [
            ...(first === undefined ? [] : [first]),
            ...refs.filter((ref) => ref !== first),
          ].slice(0, 4);
          const ref = await publish(tree, store, `${index}.0.0`, bases);
          const full = directoryStore(join(root, `full-${index}`));
          const whole = await publish(tree, full, `${index}.0.0`);
          await checkRelease(store, full, ref, whole);
          for (const from of bases) await checkDelta(store, from, ref, whole);
          const known = (digest: string) => refs.find((other) => other.digest === digest);
          await checkReleaseStored(store, ref, { known });
          expect(await publish(tree, store, `${index}.0.0`, bases)).to.deep.equal(ref);
          deltas += ref.deltas.length;
          refs.push(ref);
        }
        await removeTree(root);
      }),
      { numRuns: 15 },
    );
    expect(deltas).to.be.above(10);
  });

  it('is found out if any object of it has any fault', async () => {
    const dir = await tempDir();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        chain,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (given, pick, at, flip) => {
          run += 1;
          const root = join(dir, String(run));
          const store = directoryStore(join(root, 'store'));
          const refs: ReleaseRef[] = [];
          const trees = await treesOf(root, { ...given, steps: given.steps.slice(0, 1) });
          for (const tree of trees) refs.push(await publish(tree, store, `${refs.length}.0.0`, refs));
          const ref = refs.at(-1);
          if (ref === undefined) throw new Error('no release');
          const good = await exported(store, ref);
          const layout = await layoutOf(store, ref);
          const names = [hexOf(ref.digest), hexOf(ref.layout.digest), ...layout.packs.map(({ hex }) => hex)];
          const objects = (await readdir(join(root, 'store'), { recursive: true })).filter((path) =>
            path.includes('deltas/')
              ? path.endsWith(hexOf(ref.digest))
              : names.some((hex) => path.endsWith(hex)),
          );
          const path = objects[pick % objects.length] ?? '';
          const bytes = await readFile(join(root, 'store', path));
          const place = at % bytes.length;
          bytes[place] = (bytes[place] ?? 0) ^ flip;
          await writeFile(join(root, 'store', path), bytes);
          const known = (digest: string) => refs.find((other) => other.digest === digest);
          const check = await outcomeOf(checkReleaseStored(store, ref, { known }));
          const tree = await outcomeOf(exported(store, ref));
          if (path.startsWith('packs/')) {
            // Not read when a release is registered; and frames of earlier releases may be of no concern.
            const isUsed = layout.frames.some(
              ({ pack, offset, length }) =>
                path.endsWith(layout.packs[pack]?.hex ?? '') && offset <= place && place < offset + length,
            );
            if (isUsed) expect(tree).to.be.instanceOf(CapstanError);
            else expect(tree).to.equal(good);
          } else if (path.startsWith('deltas/') || place >= gzipHeaderBytes) {
            expect(check).to.be.instanceOf(CapstanError);
          } else if (!(tree instanceof CapstanError)) {
            expect(tree).to.equal(good);
          }
          await removeTree(root);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Some of its bits mean nothing. */
const gzipHeaderBytes = 10;

async function outcomeOf<T>(promise: Promise<T>): Promise<T | CapstanError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof CapstanError) return error;
    throw error;
  }
}
