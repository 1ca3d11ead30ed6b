import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { encodeLayout, type Layout, parseLayout } from '../../../shared/release/layout.js';
import { checkedManifest } from '../../../shared/release/manifest.js';
import {
  encodePatchHead,
  type Patch,
  parsePatchIndex,
  patchHeaderBytes,
  patchLimits,
  readPatchHeader,
} from '../../../shared/release/patch.js';
import { planReads, usableRows } from '../../../shared/release/patch-use.js';
import { predecessors } from '../../../shared/release/predecessor.js';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const c = 'c'.repeat(64);
const d = 'd'.repeat(64);

const file = (path: string, size: number, sha256 = a) =>
  ({ kind: 'file', path, executable: false, size, sha256 }) as const;
const manifest = checkedManifest([
  { kind: 'dir', path: 'bin' },
  file('bin/large', 10_000_000, b),
  file('one', 10),
]);
const ends = { from: { hex: a, manifest }, to: b };

function parse(...rows: readonly unknown[]): Patch {
  const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const index = gzipSync(text);
  const frames = rows.reduce<number>(
    (sum, row) => sum + (Array.isArray(row) && row[0] === 'f' && typeof row[4] === 'number' ? row[4] : 0),
    0,
  );
  const header = { indexLength: index.length, indexRawLength: text.length };
  return parsePatchIndex(index, header, { ...ends, objectSize: patchHeaderBytes + index.length + frames });
}

const first = ['capstan-patch', 1, a, b];
const pack = ['p', c];

describe('a patch', () => {
  it('is what the format says', () => {
    expect(parse(first, pack, ['f', 5, 2, 100, 9, 2, [1, 7, 8]], ['p', d], ['f', 0, 1, 4, 3])).to.deep.equal({
      from: a,
      to: b,
      rows: [
        {
          ...{ pack: c, offset: 5, count: 2, rawLength: 100, length: 9 },
          dictionary: [
            { entry: 2, offset: 0, length: 10 },
            { entry: 1, offset: 7, length: 8 },
          ],
        },
        { pack: d, offset: 0, count: 1, rawLength: 4, length: 3, dictionary: [] },
      ],
    });
  });

  it('is read as it was written', () => {
    const patch = parse(first, pack, ['f', 5, 2, 100, 9, 2, [1, 7, 8]], ['f', 50, 1, 4, 3]);
    const head = encodePatchHead(patch, manifest);
    const objectSize = head.length + 12;
    const header = readPatchHeader(head, objectSize);
    const index = head.subarray(patchHeaderBytes);
    expect(header.indexLength).to.equal(index.length);
    expect(parsePatchIndex(index, header, { ...ends, objectSize })).to.deep.equal(patch);
    expect(() => parsePatchIndex(index, header, { ...ends, objectSize: objectSize + 1 })).to.throw(
      'the size',
    );
  });

  const { raw, dictionary } = patchLimits;
  const bad: readonly (readonly [string, readonly unknown[], string])[] = [
    ['a delta', [['capstan-delta', 1, a, b]], 'not the first line of a patch'],
    ['a newer format', [['capstan-patch', 2, a, b]], 'format version 2'],
    ['one from another release', [['capstan-patch', 1, c, b]], 'names other releases'],
    ['one to another release', [['capstan-patch', 1, a, c]], 'names other releases'],
    ['frames of no pack', [first, ['f', 0, 1, 1, 1]], 'out of order'],
    ['a pack twice', [first, pack, pack], 'out of order'],
    ['a pack of no digest', [first, ['p', 'x']], 'unknown kind'],
    ['no frames', [first, pack, ['f', 0, 0, 1, 1]], 'no frames'],
    ['too many frames', [first, pack, ['f', 0, 4097, 1, 1]], 'too many'],
    ['no bytes', [first, pack, ['f', 0, 1, 0, 1]], 'no frames'],
    ['too many bytes', [first, pack, ['f', 0, 1, raw + 1, 1]], 'too many'],
    ['an empty zstd frame', [first, pack, ['f', 0, 1, 1, 0]], 'empty or too large'],
    ['a huge zstd frame', [first, pack, ['f', 0, 1, 1, 2 * raw]], 'empty or too large'],
    ['a negative offset', [first, pack, ['f', -1, 1, 1, 1]], 'does not describe frames'],
    ['a piece of a folder', [first, pack, ['f', 0, 1, 1, 1, 0]], 'does not name a file'],
    ['a piece of nothing', [first, pack, ['f', 0, 1, 1, 1, 3]], 'does not name a file'],
    ['a piece that is none', [first, pack, ['f', 0, 1, 1, 1, 'one']], 'does not name a file'],
    ['a piece beyond its file', [first, pack, ['f', 0, 1, 1, 1, [2, 9, 2]]], 'end of a file'],
    ['an empty piece', [first, pack, ['f', 0, 1, 1, 1, [2, 9, 0]]], 'end of a file'],
    ['a huge dictionary', [first, pack, ['f', 0, 1, 1, 1, [1, 0, dictionary + 1]]], 'too large'],
    ['a huge dictionary in pieces', [first, pack, ['f', 0, 1, 1, 1, [1, 0, 3e6], [1, 0, 3e6]]], 'too large'],
  ];
  for (const [what, rows, problem] of bad) {
    it(`with ${what} is refused`, () => {
      expect(() => parse(...rows))
        .to.throw(CapstanError, problem)
        .with.property('code', 'corrupt');
    });
  }

  it('whose index unpacks to more or less than it says is refused', () => {
    const text = Buffer.from(`${JSON.stringify(first)}\n`);
    const index = gzipSync(text);
    const objectSize = patchHeaderBytes + index.length;
    for (const indexRawLength of [0, text.length - 1, text.length + 1]) {
      const header = { indexLength: index.length, indexRawLength };
      expect(() => parsePatchIndex(index, header, { ...ends, objectSize })).to.throw(CapstanError, 'unpack');
    }
  });

  it('whose header claims too much, or is none, is refused', () => {
    const head = encodePatchHead({ from: a, to: b, rows: [] }, manifest);
    expect(() => readPatchHeader(head, head.length - 1)).to.throw('larger than it may be');
    const claiming = Buffer.from(head);
    claiming.writeUInt32LE(2 ** 31, 12);
    expect(() => readPatchHeader(claiming, head.length)).to.throw('larger than it may be');
    expect(() => readPatchHeader(head.subarray(0, 15), head.length)).to.throw('does not begin as one');
    expect(() => readPatchHeader(Buffer.alloc(32), 32)).to.throw('does not begin as one');
  });
});

/** Two groups, then two chunks of a large file. */
const layout: Layout = parseLayout(
  encodeLayout({
    manifest: b,
    packs: [{ hex: c, size: 1000 }],
    frames: [
      { pack: 0, offset: 0, length: 100, rawLength: 30, sha256: a },
      { pack: 0, offset: 100, length: 100, rawLength: 30, sha256: a },
      { pack: 0, offset: 200, length: 300, rawLength: 40, sha256: a, rawSha256: a },
      { pack: 0, offset: 500, length: 300, rawLength: 40, sha256: a, rawSha256: b },
      { pack: 0, offset: 900, length: 50, rawLength: 40, sha256: a },
    ],
    contents: new Map([
      [a, [{ frame: 0, offset: 0, length: 10 }]],
      [b, [{ frame: 1, offset: 0, length: 30 }]],
      [
        c,
        [
          { frame: 2, offset: 0, length: 40 },
          { frame: 3, offset: 0, length: 40 },
        ],
      ],
      [
        d,
        [
          { frame: 4, offset: 0, length: 20 },
          { frame: 4, offset: 30, length: 10 },
        ],
      ],
    ]),
  }),
);

describe('the rows of a patch', () => {
  const row = (offset: number, count: number, rawLength: number, length = 20) =>
    ({ pack: c, offset, count, rawLength, length, dictionary: [] }) as const;
  const use = (rows: Patch['rows'], needed: readonly number[] = [0, 1, 2, 3, 4]) =>
    usableRows({ from: a, to: b, rows }, 50, layout, new Set(needed));

  it('are used for the frames that are needed', () => {
    const [group, chunks] = use([row(0, 1, 30), row(200, 2, 80)], [0, 3]);
    expect(group).to.include({ at: 50, saves: 100 });
    expect(chunks).to.include({ at: 70, saves: 300 });
    expect(chunks?.parts.map(({ index, offset, length }) => [index, offset, length])).to.deep.equal([
      [3, 40, 40],
    ]);
    expect(use([row(0, 1, 30)], [1])).to.deep.equal([]);
  });

  it('are not used if they save nothing, or do not fit the layout', () => {
    const notFitting: readonly (readonly [string, Patch['rows'][number]])[] = [
      ['as large as what they save', row(0, 1, 30, 100)],
      ['no such frame', row(1, 1, 30)],
      ['another pack', { ...row(0, 1, 30), pack: d }],
      ['another size', row(0, 1, 31)],
      ['more frames than follow', row(900, 2, 80)],
      ['a gap between the frames', row(500, 2, 80)],
      ['frames that cannot be checked', row(900, 1, 40)],
    ];
    for (const [why, bad] of notFitting) expect(use([bad]), why).to.deep.equal([]);
  });

  it('make no frame twice, and are not all looked at where they overlap', () => {
    const same = Array.from({ length: 10_000 }, () => row(0, 1, 30));
    expect(use(same).map(({ at }) => at)).to.deep.equal([50]);
    const wrong = Array.from({ length: 2000 }, () => row(0, 1, 31));
    expect(use([...wrong, row(0, 1, 30)])).to.deep.equal([]);
  });

  it('are read in few requests, of a bounded size', () => {
    const rows = use([row(0, 1, 30), row(100, 1, 30), row(200, 2, 80)]);
    expect(planReads(rows, 90).map(({ offset, length }) => [offset, length])).to.deep.equal([
      [90, 0],
      [90, 20],
    ]);
    expect(planReads(rows, 80).map((read) => [read.offset, read.length, read.rows.length])).to.deep.equal([
      [80, 0, 1],
      [80, 30, 2],
    ]);
    const many = Array.from({ length: 9 }, (_, i) => ({
      ...{ at: i * 1_000_000, parts: [], saves: 2_000_000 },
      row: row(0, 1, 30, 1_000_000),
    }));
    expect(planReads(many, 0).map(({ length }) => length)).to.deep.equal([0, 4e6, 4e6, 1e6]);
  });
});

describe('what a file was before', () => {
  const from = checkedManifest([
    file('index.js', 10),
    { kind: 'dir', path: 'lib' },
    file('lib/chunk-4KX7QZ2A.mjs', 500),
    file('lib/chunk-9MPL3V2B.mjs', 900),
    file('lib/index.js', 30),
    file('lib/only-here.js', 40),
    file('lib/version-information.js', 50),
  ]);
  const was = (path: string, size: number): string | undefined =>
    predecessors(from)({ path, size })?.file.path;

  it('is at its path, if it is', () => {
    expect(was('lib/index.js', 10)).to.equal('lib/index.js');
  });
  it('has another digest in its name', () => {
    expect(was('lib/chunk-77AAXB01.mjs', 880)).to.equal('lib/chunk-9MPL3V2B.mjs');
    expect(was('lib/version-description.js', 50)).to.equal(undefined);
  });
  it('is elsewhere, under the same name', () => {
    expect(was('src/only-here.js', 40)).to.equal('lib/only-here.js');
    expect(was('src/index.js', 29)).to.equal('lib/index.js');
    expect(was('src/other.js', 29)).to.equal(undefined);
  });
});
