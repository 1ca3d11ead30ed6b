import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { chunkBytes, createChunker } from '../../../shared/release/fastcdc.js';

/** Bytes that look random and are always the same. */
function noise(size: number, seed = 'a'): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 64) }, (_, index) =>
    createHash('sha512').update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

/** Where the chunks end, when the bytes come in pieces of this size. */
function cutsOf(bytes: Buffer, pieceSize = 1024 * 1024): number[] {
  const chunker = createChunker();
  const cuts: number[] = [];
  for (let start = 0; start < bytes.length; start += pieceSize) {
    const piece = bytes.subarray(start, start + pieceSize);
    for (let at = 0; at < piece.length; ) {
      const end = chunker.next(piece, at);
      if (end === -1) break;
      cuts.push(start + end);
      at = end;
    }
  }
  return cuts;
}

const sizesOf = (cuts: readonly number[]): number[] => cuts.map((cut, index) => cut - (cuts[index - 1] ?? 0));

describe('content-defined chunking', () => {
  const bytes = noise(8_000_000);

  it('cuts at the same places however the bytes come', () => {
    const cuts = cutsOf(bytes);
    for (const size of [1, 4096, 65_537, 8_000_000]) expect(cutsOf(bytes, size)).to.deep.equal(cuts);
  });

  it('cuts where it always has, so that releases of other versions have the same chunks', () => {
    const cuts = [70802, 152716, 249005, 329871, 430675, 522470, 605963, 698919];
    expect(cutsOf(noise(700_000))).to.deep.equal(cuts);
  });

  it('keeps to its bounds, with the average about where it should be', () => {
    const sizes = sizesOf(cutsOf(bytes));
    expect(Math.min(...sizes)).to.be.at.least(chunkBytes.min);
    expect(Math.max(...sizes)).to.be.at.most(chunkBytes.max);
    expect(bytes.length / sizes.length).to.be.within(0.8 * chunkBytes.average, 1.4 * chunkBytes.average);
  });

  it('cuts bytes that are all the same at the largest size', () => {
    const size = chunkBytes.max;
    for (const value of [0, 1, 255]) {
      const sizes = sizesOf(cutsOf(Buffer.alloc(3 * size + 5, value)));
      expect(new Set(sizes).size, `all ${value}`).to.equal(1);
    }
    expect(cutsOf(Buffer.alloc(2 * size))).to.deep.equal([size, 2 * size]);
  });

  it('finds the same chunks again behind an insertion', () => {
    const changed = Buffer.concat([
      bytes.subarray(0, 1_000_000),
      Buffer.from('new'),
      bytes.subarray(1_000_000),
    ]);
    const before = new Set(chunksOf(bytes));
    const fresh = chunksOf(changed).filter((chunk) => !before.has(chunk));
    expect(fresh.length).to.be.within(1, 3);
  });
});

function chunksOf(bytes: Buffer): string[] {
  const ends = [...cutsOf(bytes), bytes.length];
  return ends.map((end, index) =>
    createHash('sha256')
      .update(bytes.subarray(ends[index - 1] ?? 0, end))
      .digest('hex'),
  );
}
