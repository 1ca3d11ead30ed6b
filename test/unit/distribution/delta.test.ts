import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { applyDelta, encodeDelta, maxDeltaBytes } from '../../../shared/release/delta.js';
import { sha256 } from '../../../shared/release/digest.js';
import { encodeLayout, type Layout, parseLayout } from '../../../shared/release/layout.js';
import { checkedManifest, encodeManifest, type Manifest } from '../../../shared/release/manifest.js';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const c = 'c'.repeat(64);

const file = (path: string, size: number, hex: string) =>
  ({ kind: 'file', path, executable: false, size, sha256: hex }) as const;
const before = checkedManifest([file('one', 10, a), file('two', 20, b)]);
const after = checkedManifest([file('one', 30, c), file('two', 20, b)]);
const textOf = (manifest: Manifest): Buffer => encodeManifest(manifest.entries);
const toHex = sha256(textOf(after));

const header = ['capstan-delta', 1, a, toHex];
const pack = ['p', a, 100];
const frame = ['r', 0, 0, 100, 40, b];
const change = [
  ['=', 1],
  ['~', 30, c],
  ['=', 1],
] as const;

function apply(...rows: readonly unknown[]): Layout {
  const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const target = { toHex, manifestSize: textOf(after).length, rawSize: text.length };
  return applyDelta(gzipSync(text), textOf(before), target).layout;
}

describe('a delta', () => {
  it('is what the format says', () => {
    const { contents, frames } = apply(header, ...change, pack, frame, ['s', 0, 5, 1]);
    expect([...contents]).to.deep.equal([[c, [{ frame: 0, offset: 5, length: 30 }]]]);
    expect(frames).to.have.length(1);
    apply(header, ['=', 1], ['-', 1], ['+', 'f', 'one', '0644', 30, c], ['=', 1], pack, frame, [
      'c',
      [0, 0, 30],
    ]);
  });

  const bad: readonly (readonly [string, readonly unknown[], string])[] = [
    ['nothing', [], 'ends before the manifest'],
    ['a layout', [['capstan-layout', 1, a]], 'not the first line of a delta'],
    ['a newer format', [['capstan-delta', 2, a, toHex]], 'format version 2'],
    ['one to another release', [['capstan-delta', 1, a, b]], 'names another release'],
    ['lines that are not there', [header, ['=', 4]], 'counts lines'],
    ['no lines', [header, ['=', 0]], 'counts lines'],
    ['fewer than no lines', [header, ['-', -1]], 'counts lines'],
    ['a manifest that is cut short', [header, ['=', 1]], 'ends before the manifest'],
    ['a content that is no file', [header, ['=', 1], ['~', 0]], 'is no file'],
    ['a content of no line', [header, ['=', 1], ['~', 9]], 'does not have'],
    ['a content of no size', [header, ['=', 1], ['~', 'x', c]], 'does not describe a content'],
    ['a manifest that grows', [header, ['=', 3], ['+', 'd', 'x'.repeat(99)]], 'larger than it is'],
    ['another manifest', [header, ['=', 3]], 'another manifest'],
    ['missing contents', [header, ...change], 'where all new contents lie'],
    ['too many contents', [header, ...change, pack, frame, ['s', 0, 0, 2]], 'more contents than are missing'],
    ['no contents', [header, ...change, pack, frame, ['s', 0, 0, 0]], 'does not describe contents'],
    ['a content beyond its frame', [header, ...change, pack, frame, ['s', 0, 11, 1]], 'not listed'],
    ['an offset beyond its frame', [header, ...change, pack, frame, ['s', 0, 41, 1]], 'end of a frame'],
    ['a content of no frame', [header, ...change, pack, ['s', 0, 0, 1]], 'not listed'],
    ['too short a content', [header, ...change, pack, frame, ['c', [0, 0, 29]]], 'fewer bytes'],
    ['too long a content', [header, ...change, pack, frame, ['c', [0, 0, 29], [0, 0, 2]]], 'more bytes'],
    ['a run that is none', [header, ...change, pack, frame, ['c', 'x']], 'does not describe a content'],
    ['a pack after frames', [header, ...change, pack, frame, pack], 'out of order'],
    ['a pack twice', [header, ...change, pack, pack, frame, ['s', 0, 0, 1]], 'a pack twice'],
    ['a change after the layout', [header, ['=', 1], ['~', 30, c], pack, ['=', 1]], 'out of order'],
  ];
  for (const [what, rows, problem] of bad) {
    it(`with ${what} is refused`, () => {
      expect(() => apply(...rows))
        .to.throw(CapstanError, problem)
        .with.property('code', 'corrupt');
    });
  }

  it('never unpacks to more than it should', () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    for (const rawSize of [0, 1000, maxDeltaBytes + 1]) {
      expect(() => applyDelta(bomb, textOf(before), { toHex, manifestSize: 100, rawSize })).to.throw(
        CapstanError,
        /unpack|larger/,
      );
    }
  });

  it('describes no more segments than can be held, however short it is', () => {
    const frames = 1500;
    const runs = 1400;
    const size = frames * runs;
    const large = checkedManifest([file('one', size, c)]);
    const rows = [
      ['capstan-delta', 1, a, sha256(textOf(large))],
      ...[
        ['=', 1],
        ['~', size, c],
        ['-', 1],
        ['p', a, frames],
      ],
      ...Array.from({ length: frames }, (_, index) => ['r', 0, index, 1, 1, b]),
      ['c', ...Array.from({ length: runs }, () => [0, 0, frames])],
    ];
    const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const target = { toHex: sha256(textOf(large)), manifestSize: 1000, rawSize: text.length };
    expect(() => applyDelta(gzipSync(text), textOf(before), target)).to.throw(CapstanError, 'more segments');
  });

  it('is small: moved files and unchanged ones cost next to nothing', async () => {
    const entries = Array.from({ length: 5000 }, (_, n) => {
      const name = String(n).padStart(5, '0');
      return file(`f${name}`, n + 1, sha256(Buffer.from(name)));
    });
    const moved = entries.map((entry, n) => (n < 100 ? { ...entry, path: `a${entry.path}` } : entry));
    const from = checkedManifest(entries);
    const to = checkedManifest(moved);
    const side = (manifest: Manifest) => ({ hex: sha256(textOf(manifest)), manifest });
    const layout: Layout = { manifest: side(to).hex, packs: [], frames: [], contents: new Map() };
    const { bytes } = await encodeDelta(side(from), side(to), layout);
    expect(bytes.length).to.be.below(1500);
  });
});

describe('a layout', () => {
  it('keeps the digests of chunks, and needs none', () => {
    const layout: Layout = {
      manifest: a,
      packs: [{ hex: b, size: 30 }],
      frames: [
        { pack: 0, offset: 0, length: 10, rawLength: 20, sha256: a, rawSha256: c },
        { pack: 0, offset: 10, length: 10, rawLength: 20, sha256: b },
      ],
      contents: new Map([[c, [{ frame: 0, offset: 0, length: 20 }]]]),
    };
    expect(parseLayout(encodeLayout(layout))).to.deep.equal(layout);
    const text = encodeLayout(layout).toString().replace(`,"${c}"]`, ',"short"]');
    expect(() => parseLayout(Buffer.from(text))).to.throw(CapstanError, 'does not describe a frame');
  });
});
