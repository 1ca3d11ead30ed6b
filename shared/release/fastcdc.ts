/**
 * Content-defined chunking (FastCDC, with normalized chunking): where a file is cut depends on the bytes just before the cut
 * only, so that after an insertion the cuts soon fall where they fell before. Nobody has to use the same cuts to read
 * a release; publishers do so that chunks of successive releases are the same.
 */

/** In bytes. A chunk has at least `min`, unless it is a file's last one, and at most `max`. */
export const chunkBytes = { min: 16 * 1024, average: 64 * 1024, max: 256 * 1024 } as const;

/**
 * Below the average a cut needs 18 zero bits at the top of the hash, above it 14, where plain chunking would need 16:
 * sizes gather around the average.
 */
const strictShift = 32 - 18;
const looseShift = 32 - 14;

/** A random-looking number for each byte: Marsaglia's xorshift32, its first values thrown away. */
const gear: Int32Array = makeGear(0x43_61_70_73);

function makeGear(seed: number): Int32Array {
  const table = new Int32Array(256);
  let x = seed;
  for (let i = -16; i < table.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    if (i >= 0) table[i] = x;
  }
  return table;
}

/** Cuts a stream of bytes that comes in pieces of any size. */
export interface Chunker {
  /**
   * Looks at a piece from `start` on, which must go on where the last call ended.
   * @returns where in the piece the current chunk ends, or -1 if all of the piece belongs to it and it goes on
   */
  next(piece: Uint8Array, start: number): number;
}

export function createChunker(): Chunker {
  const window = { hash: 0 };
  let size = 0; // of the current chunk
  return {
    next(piece, start) {
      const limit = Math.min(piece.length, start + chunkBytes.max - size);
      const normal = Math.min(limit, start + chunkBytes.average - size);
      const first = Math.min(limit, start + Math.max(0, chunkBytes.min - size));
      let end = scan(piece, first, normal, strictShift, window);
      if (end < 0) end = scan(piece, Math.max(first, normal), limit, looseShift, window);
      size += (end < 0 ? limit : end) - start;
      if (end < 0 && size < chunkBytes.max) return -1;
      size = 0;
      window.hash = 0;
      return end < 0 ? limit : end;
    },
  };
}

/** Looks for a cut from `at` to `end`; -1: there is none. The hash of the last 32 bytes is taken on in `window`. */
function scan(piece: Uint8Array, at: number, end: number, shift: number, window: { hash: number }): number {
  const table = gear;
  let hash = window.hash;
  for (let i = at; i < end; i++) {
    hash = ((hash << 1) + (table[piece[i] ?? 0] ?? 0)) | 0;
    if (hash >>> shift === 0) return i + 1;
  }
  window.hash = hash;
  return -1;
}
