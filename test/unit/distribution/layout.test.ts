import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { checkLayoutServes, encodeLayout, type Layout, parseLayout } from '../../../shared/release/layout.js';
import { checkedManifest } from '../../../shared/release/manifest.js';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const c = 'c'.repeat(64);

/** Two packs, with frames of other releases between ours: what an incremental release will look like. */
const incremental: Layout = {
  manifest: a,
  packs: [
    { hex: b, size: 1000 },
    { hex: a, size: 500 },
  ],
  frames: [
    { pack: 0, offset: 100, length: 50, rawLength: 80, sha256: a },
    { pack: 0, offset: 700, length: 300, rawLength: 400, sha256: b },
    { pack: 1, offset: 0, length: 500, rawLength: 600, sha256: c },
  ],
  contents: new Map([
    [a, [{ frame: 0, offset: 10, length: 70 }]],
    [
      b,
      [
        { frame: 2, offset: 0, length: 600 },
        { frame: 1, offset: 5, length: 5 },
      ],
    ],
  ]),
};

const lines = (...rows: readonly unknown[]): Buffer =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const header = ['capstan-layout', 1, a];
const pack = ['p', a, 100];
const frame = ['r', 0, 0, 100, 200, b];

describe('layout', () => {
  it('reads what it writes, with several packs and segments', () => {
    expect(parseLayout(encodeLayout(incremental))).to.deep.equal(incremental);
  });

  const bad: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', lines(), 'is empty'],
    ['a manifest', lines(['capstan-manifest', 1]), 'not the first line of a layout'],
    ['a newer format', lines(['capstan-layout', 9, a]), 'format version 9'],
    ['a pack twice', lines(header, pack, pack), 'lists a pack twice'],
    ['a pack of negative size', lines(header, ['p', a, -1]), 'line 2'],
    ['a frame of no pack', lines(header, frame), 'pack that is not listed'],
    ['a frame beyond its pack', lines(header, pack, ['r', 0, 1, 100, 200, b]), 'beyond the end of its pack'],
    ['a frame that is too large', lines(header, pack, ['r', 0, 0, 100, 9e6, b]), 'empty or too large'],
    ['an empty frame', lines(header, pack, ['r', 0, 0, 0, 1, b]), 'empty or too large'],
    ['overlapping frames', lines(header, pack, ['r', 0, 0, 50, 60, b], ['r', 0, 49, 1, 1, b]), 'overlaps'],
    ['a content of no frame', lines(header, pack, frame, ['c', a, [1, 0, 1]]), 'frame that is not listed'],
    ['a segment beyond its frame', lines(header, pack, frame, ['c', a, [0, 150, 51]]), 'end of a frame'],
    ['an empty segment', lines(header, pack, frame, ['c', a, [0, 0, 0]]), 'end of a frame'],
    ['contents out of order', lines(header, pack, frame, ['c', b, [0, 0, 1]], ['c', a, [0, 0, 1]]), 'order'],
    ['a content twice', lines(header, pack, frame, ['c', a, [0, 0, 1]], ['c', a, [0, 0, 1]]), 'order'],
    ['a pack after frames', lines(header, pack, frame, ['p', b, 1]), 'unknown kind, or out of order'],
    ['an unknown line', lines(header, ['x']), 'unknown kind'],
  ];
  for (const [what, bytes, problem] of bad) {
    it(`refuses ${what}`, () => {
      expect(() => parseLayout(bytes))
        .to.throw(CapstanError, problem)
        .with.property('code', 'corrupt');
    });
  }

  it('must deliver every byte of the manifest, and no other', () => {
    const manifestOf = (size: number, sha256: string) =>
      checkedManifest([
        { kind: 'file', path: 'another', executable: false, size: 70, sha256: a },
        { kind: 'file', path: 'some-where', executable: false, size, sha256 },
      ]);
    checkLayoutServes(incremental, manifestOf(605, b), a);
    expect(() => checkLayoutServes(incremental, manifestOf(606, b), a)).to.throw(
      CapstanError,
      '"some-where"',
    );
    expect(() => checkLayoutServes(incremental, manifestOf(1, c), a)).to.throw(CapstanError, '"some-where"');
    expect(() => checkLayoutServes(incremental, manifestOf(605, b), b)).to.throw(
      CapstanError,
      'another release',
    );
    const more = {
      ...incremental,
      contents: new Map([...incremental.contents, [c, [{ frame: 0, offset: 0, length: 1 }]]]),
    };
    expect(() => checkLayoutServes(more, manifestOf(605, b), a)).to.throw(
      CapstanError,
      'contents that no file of the release has',
    );
  });

  it('refuses a short text that says that contents are made of millions of pieces', () => {
    const piece = [0, 0, 1];
    const content = (n: number) => [
      'c',
      n.toString(16).padStart(64, '0'),
      ...Array<number[]>(500_000).fill(piece),
    ];
    const text = lines(header, pack, frame, ...[1, 2, 3, 4, 5].map(content));
    expect(() => parseLayout(text)).to.throw(CapstanError, 'more pieces than a release may have');
  });
});
