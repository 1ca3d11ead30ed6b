import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { CapstanError } from '../../../shared/model/errors.js';
import { applyDelta, encodeDelta } from '../../../shared/release/delta.js';
import { sha256 } from '../../../shared/release/digest.js';
import type { Frame, Layout, Segment } from '../../../shared/release/layout.js';
import {
  checkedManifest,
  type Entry,
  encodeManifest,
  type Manifest,
} from '../../../shared/release/manifest.js';
import { comparePaths } from '../../../shared/release/path-rules.js';

/** Few names and contents, so that two trees have much in common: moved, changed, swapped, gone. */
const item = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'ä\n"', '🐉', '\uffee', ' '),
  folder: fc.constantFrom('', '', 'x', 'y'),
  kind: fc.constantFrom('file', 'file', 'file', 'program', 'link', 'dir'),
  content: fc.nat(12),
});

/** Content 0 is the empty one; large ones are cut. */
const sizeOf = (content: number): number => (content % 4 === 3 ? 1000 * content : 7 * content);
const hexOf = (content: number): string => sha256(Buffer.alloc(sizeOf(content) === 0 ? 0 : 1, content));

const manifest: fc.Arbitrary<Manifest> = fc.array(item, { minLength: 1, maxLength: 30 }).map((items) => {
  const entries = new Map<string, Entry>();
  for (const { folder } of items) {
    if (folder !== '') entries.set(folder, { kind: 'dir', path: folder });
  }
  for (const { folder, name, kind, content } of items) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (entries.has(path)) continue;
    if (kind === 'dir') entries.set(path, { kind, path });
    else if (kind === 'link') entries.set(path, { kind, path, target: 'somewhere' });
    else {
      const file = { size: sizeOf(content), sha256: hexOf(content), executable: kind === 'program' };
      entries.set(path, { kind: 'file', path, ...file });
    }
  }
  return checkedManifest([...entries.values()].sort((a, b) => comparePaths(a.path, b.path)));
});

/** A layout of two packs: small contents share frames, large ones are cut into frames that may be had twice. */
function layoutOf({ entries }: Manifest, hex: string, shuffle: number): Layout {
  const frames: Frame[] = [];
  const contents = new Map<string, readonly Segment[]>();
  let offset = 0;
  const frame = (rawLength: number, raw?: string): number => {
    const pack = frames.length < 3 ? 0 : 1;
    if (frames.length === 3) offset = 0;
    const same = { pack, offset, length: 10, rawLength, sha256: sha256(Buffer.from(`${frames.length}`)) };
    offset += 10 + (shuffle % 3);
    return frames.push(raw === undefined ? same : { ...same, rawSha256: raw }) - 1;
  };
  const wanted = entries.filter((entry) => entry.kind === 'file' && entry.size > 0);
  if (shuffle % 2 === 1) wanted.reverse();
  let shared = 0;
  let used = 2000;
  for (const entry of wanted) {
    if (entry.kind !== 'file' || contents.has(entry.sha256)) continue;
    if (entry.size >= 1000) {
      const whole = frame(1000, entry.sha256);
      const segments = Array.from({ length: entry.size / 1000 }, (_, index) =>
        index % 3 === 2 ? frame(1000) : whole,
      );
      contents.set(
        entry.sha256,
        segments.map((index) => ({ frame: index, offset: 0, length: 1000 })),
      );
      continue;
    }
    if (used + entry.size > 100) {
      shared = frame(100);
      used = 0;
    }
    contents.set(entry.sha256, [{ frame: shared, offset: used, length: entry.size }]);
    used += entry.size;
  }
  return {
    manifest: hex,
    packs: [
      { hex: sha256(Buffer.from('0')), size: 1000 },
      { hex: sha256(Buffer.from('1')), size: 1000 },
    ],
    frames,
    contents,
  };
}

/** Where a content lies, with nothing of how a layout numbers its parts. */
const placesOf = ({ packs, frames, contents }: Layout, hex: string): unknown =>
  contents.get(hex)?.map(({ frame, offset, length }) => {
    const { pack = -1, ...rest } = frames[frame] ?? {};
    return { ...rest, pack: packs[pack], from: offset, bytes: length };
  });

const side = (of: Manifest) => {
  const text = encodeManifest(of.entries);
  return { text, hex: sha256(text), manifest: of };
};

const contentsOf = ({ entries }: Manifest): Set<string> =>
  new Set(entries.flatMap((entry) => (entry.kind === 'file' && entry.size > 0 ? [entry.sha256] : [])));

describe('a delta', () => {
  it('leads from any release to any other, and says where the new contents lie', async () => {
    await fc.assert(
      fc.asyncProperty(manifest, manifest, fc.nat(5), async (before, after, shuffle) => {
        const from = side(before);
        const to = side(after);
        const layout = layoutOf(after, to.hex, shuffle);
        const { bytes, rawSize } = await encodeDelta(from, to, layout);
        const applied = applyDelta(bytes, from.text, {
          toHex: to.hex,
          manifestSize: to.text.length,
          rawSize,
        });
        expect(applied.manifestText.equals(to.text)).to.equal(true);
        const had = contentsOf(before);
        const wanted = [...contentsOf(after)].filter((hex) => !had.has(hex));
        expect([...applied.layout.contents.keys()].sort()).to.deep.equal(wanted.sort());
        for (const hex of wanted) {
          expect(placesOf(applied.layout, hex)).to.deep.equal(placesOf(layout, hex));
        }
        const needed = new Set(
          wanted.flatMap((hex) => layout.contents.get(hex)?.map(({ frame }) => frame) ?? []),
        );
        expect(applied.layout.frames.length).to.equal(needed.size);
      }),
      { numRuns: 300 },
    );
  });

  it('that is changed, or meant for another release, is refused or does no harm', async () => {
    await fc.assert(
      fc.asyncProperty(manifest, manifest, fc.nat(), fc.nat(127), async (before, after, at, value) => {
        const from = side(before);
        const to = side(after);
        const { bytes, rawSize } = await encodeDelta(from, to, layoutOf(after, to.hex, 0));
        const target = { toHex: to.hex, manifestSize: to.text.length, rawSize };
        const raw = gunzipSync(bytes);
        raw[at % raw.length] = value;
        for (const [delta, base] of [
          [gzipSync(raw), from.text],
          [bytes.subarray(0, at % bytes.length), from.text],
          [bytes, Buffer.concat([from.text, Buffer.from('["d","zz"]\n')])],
          [bytes, Buffer.from('not a manifest\n')],
        ] as const) {
          try {
            const applied = applyDelta(delta, base, target);
            expect(sha256(applied.manifestText)).to.equal(to.hex);
          } catch (error) {
            expect(error).to.be.instanceOf(CapstanError).with.property('code', 'corrupt');
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
