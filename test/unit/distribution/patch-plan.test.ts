import { expect } from 'chai';
import type { Frame, Layout, Segment } from '../../../shared/release/layout.js';
import { checkedManifest } from '../../../shared/release/manifest.js';
import { planPatch } from '../../../shared/release/patch-plan.js';

const hex = (n: number): string => n.toString(16).padStart(64, '0');
const file = (path: string, size: number, sha256: string) =>
  ({ kind: 'file', path, executable: false, size, sha256 }) as const;

const chunk = 64 * 1024;
const oldPack = hex(0xa0);
const newPack = hex(0xb0);

/** A pack of chunks, one frame each, after `before` other frames. */
const chunks = (pack: number, digests: readonly number[], before = 0): readonly Frame[] =>
  digests.map((digest, i) => ({
    ...{ pack, offset: (before + i) * 50_000, length: 50_000, rawLength: chunk },
    sha256: hex(digest),
    rawSha256: hex(digest),
  }));
const inOrder = (frames: readonly number[]): readonly Segment[] =>
  frames.map((frame) => ({ frame, offset: 0, length: chunk }));
const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + i);

/** A large file of 100 chunks. */
const before = {
  manifest: checkedManifest([file('bin', 100 * chunk, hex(1)), file('text', 1000, hex(2))]),
  layout: {
    manifest: hex(0xaa),
    packs: [{ hex: oldPack, size: 6_000_000 }],
    frames: [
      ...chunks(0, range(1000, 100)),
      { pack: 0, offset: 5_900_000, length: 400, rawLength: 1000, sha256: hex(7) },
    ],
    contents: new Map([
      [hex(1), inOrder(range(0, 100))],
      [hex(2), [{ frame: 100, offset: 0, length: 1000 }]],
    ]),
  } satisfies Layout,
};

describe('the plan of a patch', () => {
  it('takes what changed of a large file, with what was around that place before', () => {
    // Two chunks put in at the front, and the 60th to the 79th changed.
    const fresh = [...range(3000, 2), ...range(4000, 20)];
    const digests = [...fresh.slice(0, 2), ...range(1000, 60), ...fresh.slice(2), ...range(1080, 20)];
    const frames = [...chunks(0, range(1000, 100)), ...chunks(1, fresh)];
    const to = {
      manifest: checkedManifest([file('bin', 102 * chunk, hex(3)), file('text', 1000, hex(2))]),
      layout: {
        manifest: hex(0xbb),
        packs: [before.layout.packs[0], { hex: newPack, size: 2_000_000 }],
        frames,
        contents: new Map([
          [
            hex(3),
            inOrder(digests.map((digest) => frames.findIndex(({ rawSha256 }) => rawSha256 === hex(digest)))),
          ],
        ]),
      } as Layout,
    };
    const { rows, freshBytes } = planPatch(before, to);
    expect(freshBytes).to.equal(22 * 50_000);
    const changed = 60 * chunk; // in the older file
    const [front, first, second, ...more] = rows;
    expect(more).to.deep.equal([]);
    expect([front?.count, first?.count, second?.count]).to.deep.equal([2, 16, 4]);
    expect(front).to.deep.include({ pack: newPack, offset: 0, rawLength: 2 * chunk, packedLength: 100_000 });
    expect(front?.sources.map(({ offset, length }) => [offset, length])).to.deep.equal([
      [0, chunk],
      [chunk, chunk],
    ]);
    // Everything after the front has moved by two chunks: the dictionary is where it was before.
    expect(first?.sources[0]).to.deep.equal({ path: 'bin', offset: changed + 2 * chunk, length: chunk });
    expect(first?.dictionary).to.deep.equal([{ entry: 0, offset: changed - 8 * chunk, length: 32 * chunk }]);
    for (const { dictionary } of rows) {
      for (const { offset, length } of dictionary) expect(offset + length).to.be.at.most(100 * chunk);
    }
  });

  it('takes groups with the files they were, and new files with them', () => {
    const size = 3000;
    const to = {
      manifest: checkedManifest([
        file('fresh', 500, hex(8)),
        file('more', 1500, hex(2)),
        file('text', 1000, hex(9)),
      ]),
      layout: {
        manifest: hex(0xbb),
        packs: [{ hex: newPack, size: 2000 }],
        frames: [{ pack: 0, offset: 0, length: 1500, rawLength: size, sha256: hex(7) }],
        contents: new Map([
          [hex(8), [{ frame: 0, offset: 0, length: 500 }]],
          [hex(2), [{ frame: 0, offset: 500, length: 1500 }]],
          [hex(9), [{ frame: 0, offset: 2000, length: 1000 }]],
        ]),
      } satisfies Layout,
    };
    const { rows } = planPatch(before, to);
    expect(rows).to.have.length(1);
    expect(rows[0]?.sources.map(({ path }) => path)).to.deep.equal(['fresh', 'more', 'text']);
    expect(rows[0]?.dictionary).to.deep.equal([{ entry: 1, offset: 0, length: 1000 }]);
  });

  it('leaves alone what the older release has, and what could not be checked', () => {
    expect(planPatch(before, before)).to.deep.equal({ rows: [], freshBytes: 0 });
    const split: Layout = {
      manifest: hex(0xbb),
      packs: [{ hex: newPack, size: 9000 }],
      frames: [
        { pack: 0, offset: 0, length: 100, rawLength: 600, sha256: hex(7) },
        { pack: 0, offset: 100, length: 100, rawLength: 400, sha256: hex(8) },
      ],
      contents: new Map([
        [
          hex(9),
          [
            { frame: 0, offset: 0, length: 600 },
            { frame: 1, offset: 0, length: 400 },
          ],
        ],
      ]),
    };
    const to = { manifest: checkedManifest([file('text', 1000, hex(9))]), layout: split };
    expect(planPatch(before, to)).to.deep.equal({ rows: [], freshBytes: 200 });
  });
});
