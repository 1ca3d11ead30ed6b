import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { applyPatch, type PatchOutcome } from '../../../agent/stager/reuse/patching.js';
import { loadZstd, type ZstdCodec } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { sha256 } from '../../../shared/release/digest.js';
import type { Layout } from '../../../shared/release/layout.js';
import { checkedManifest, type Manifest } from '../../../shared/release/manifest.js';
import { encodePatchHead, type PatchRow, patchHeaderBytes } from '../../../shared/release/patch.js';
import { tempDir } from '../../support/temp-dir.js';
import { content } from '../../support/trees.js';

const from = 'a'.repeat(64);
const to = 'b'.repeat(64);
const pack = 'c'.repeat(64);

interface Scene {
  readonly releaseDir: string;
  readonly manifest: Manifest;
  readonly layout: Layout;
  /** Unpacked, by index. */
  readonly frames: readonly Buffer[];
  readonly patch: Buffer;
}

/** Three files that changed a little, each a frame, and the patch for them. */
async function makeScene(zstd: ZstdCodec): Promise<Scene> {
  const releaseDir = join(await tempDir(), 'release');
  await mkdir(releaseDir);
  const sizes = [60_000, 90_000, 120_000];
  const old = sizes.map((size, i) => content(i * 3, size));
  const frames = sizes.map((size, i) => content(i * 3 + 1, size));
  await Promise.all(old.map((bytes, i) => writeFile(join(releaseDir, `f${i}`), bytes)));
  const manifest = checkedManifest(
    old.map((bytes, i) => ({
      ...{ kind: 'file', path: `f${i}`, executable: false, size: bytes.length },
      sha256: sha256(bytes),
    })),
  );
  let offset = 0;
  const packed = frames.map((bytes) => gzipSync(bytes).length + 10_000);
  const layout: Layout = {
    manifest: to,
    packs: [{ hex: pack, size: packed.reduce((sum, length) => sum + length, 0) }],
    frames: frames.map(({ length: rawLength }, i) => {
      const length = packed[i] ?? 0;
      offset += length;
      return { pack: 0, offset: offset - length, length, rawLength, sha256: pack };
    }),
    contents: new Map(
      frames.map((bytes, frame) => [sha256(bytes), [{ frame, offset: 0, length: bytes.length }]]),
    ),
  };
  const rows: PatchRow[] = [];
  const bodies: Buffer[] = [];
  for (const [i, raw] of frames.entries()) {
    const body = await zstd.compress(raw, old[i] ?? Buffer.alloc(0), 7);
    const place = layout.frames[i];
    bodies.push(body);
    rows.push({
      ...{ pack, offset: place?.offset ?? 0, count: 1, rawLength: raw.length, length: body.length },
      dictionary: [{ entry: i, offset: 0, length: old[i]?.length ?? 0 }],
    });
  }
  const head = encodePatchHead({ from, to, rows }, manifest);
  return { releaseDir, manifest, layout, frames, patch: Buffer.concat([head, ...bodies]) };
}

describe('applying a patch', () => {
  let scene: Scene;
  let zstd: ZstdCodec;
  before(async () => {
    const codec = await loadZstd();
    if (codec === undefined) throw new Error('this Node has no zstd');
    zstd = codec;
    scene = await makeScene(codec);
  });

  interface Applied extends PatchOutcome {
    /** Bytes that were asked for. */
    readonly read: number;
  }

  /** Applies bytes as a patch; whatever is handed over must be right. */
  async function apply(
    bytes: Buffer,
    change: Partial<Parameters<typeof applyPatch>[0]> = {},
    needed: readonly number[] = [0, 1, 2],
  ): Promise<Applied> {
    const { releaseDir, manifest, layout, frames } = scene;
    const handedOver = new Set<number>();
    let read = 0;
    const outcome = await applyPatch({
      ...{ size: bytes.length, to, layout },
      from: { hex: from, manifest, releaseDir },
      intake: {
        needed,
        take(index, raw) {
          expect(raw.equals(frames[index] ?? Buffer.alloc(0))).to.equal(true);
          handedOver.add(index);
        },
      },
      read: async (offset, length) => {
        read += length;
        expect(offset + length).to.be.at.most(bytes.length);
        return await Promise.resolve(bytes.subarray(offset, offset + length));
      },
      zstd: async () => await Promise.resolve(zstd),
      availableBytes: 1_000_000_000,
      ...change,
    });
    expect([...outcome.taken].sort()).to.deep.equal([...handedOver].sort());
    return { ...outcome, read };
  }

  it('makes every frame, and reads the patch once', async () => {
    const { taken, reason, read } = await apply(scene.patch);
    expect([taken.size, reason, read]).to.deep.equal([3, undefined, scene.patch.length]);
  });

  it('hands over nothing wrong, whatever is changed in the patch', async () => {
    let spoilt = 0;
    const change = fc.record({
      at: fc.nat(scene.patch.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = Buffer.from(scene.patch);
        for (const { at, bytes: put } of changes) bytes.set(put.subarray(0, bytes.length - at), at);
        const { taken, reason } = await apply(bytes);
        if (taken.size < 3) {
          expect(reason).to.be.a('string');
          spoilt += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(spoilt).to.be.above(100);
  });

  it('hands over nothing wrong, however the index lies', async () => {
    const indexLength = scene.patch.readUInt32LE(8);
    const text = gunzipSync(
      scene.patch.subarray(patchHeaderBytes, patchHeaderBytes + indexLength),
    ).toString();
    const bodies = scene.patch.subarray(patchHeaderBytes + indexLength);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom('0', '1', '7', '9', ',', '[', ']', '"'),
        async (at, put) => {
          const lying = Buffer.from(text.slice(0, at) + put + text.slice(at + 1));
          const index = gzipSync(lying);
          const header = Buffer.from(scene.patch.subarray(0, patchHeaderBytes));
          header.writeUInt32LE(index.length, 8);
          header.writeUInt32LE(lying.length, 12);
          await apply(Buffer.concat([header, index, bodies]));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('never asks for more than the packs would take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([0, 1, 2]),
        fc.integer({ min: 1, max: 60_000 }),
        async (needed, length) => {
          const { layout } = scene;
          const frames = layout.frames.map((frame) => ({ ...frame, length }));
          const tight = {
            ...{
              ...layout,
              frames: frames.map((frame, i) => ({ ...frame, offset: layout.frames[i]?.offset ?? 0 })),
            },
          };
          const { read } = await apply(scene.patch, { layout: tight }, needed);
          expect(read).to.be.at.most(needed.length * length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses rather than swaps', async () => {
    const { taken, reason, read } = await apply(scene.patch, { availableBytes: 50_000_000 });
    expect([taken.size, reason]).to.deep.equal([
      0,
      'it takes 17 MB of memory, more than a quarter of the 50 MB to spare',
    ]);
    expect(read).to.be.at.most(scene.patch.length);
    expect((await apply(scene.patch, { availableBytes: 0 })).taken.size).to.equal(0);
    expect((await apply(scene.patch, { availableBytes: 100_000_000 })).taken.size).to.equal(3);
  });

  it('reads nothing where there is no zstd', async () => {
    const { reason, read } = await apply(scene.patch, { zstd: async () => await Promise.resolve(undefined) });
    expect([reason, read]).to.deep.equal(['this Node.js has no zstd with dictionaries', 0]);
  });

  it('is given up when the stores fail, and ended when it is cancelled', async () => {
    const failing = (code: 'notFound' | 'cancelled') => async (): Promise<Buffer> =>
      await Promise.reject(new CapstanError(code, 'no'));
    expect((await apply(scene.patch, { read: failing('notFound') })).reason).to.equal('no');
    const error: unknown = await apply(scene.patch, { read: failing('cancelled') }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property('code', 'cancelled');
  });
});
