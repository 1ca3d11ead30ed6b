import fc from 'fast-check';

/** No input is made larger than this by changes. Bytes. */
const maxBytes = 256 * 1024;

/** A change of bytes; places are counted from the start, and from there again beyond the end. */
type Change =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'put'; readonly at: number; readonly over: number; readonly bytes: Buffer }
  | { readonly kind: 'move'; readonly at: number; readonly length: number; readonly to: number }
  | { readonly kind: 'end'; readonly at: number };

const place = fc.oneof(fc.nat(200), fc.nat(0x7fffffff));
const length = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 16 }) },
  fc.integer({ min: 1, max: 4096 }),
);
const times = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
  fc.integer({ min: 1, max: 5000 }),
);

/** @param words what means something where this is read, and may be put anywhere */
function changes(words: readonly string[]): fc.Arbitrary<readonly Change[]> {
  const bytes = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...words).map((word) => Buffer.from(word)) },
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((found) => Buffer.from(found)),
  );
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const), at: place, length }),
    fc.record({ kind: fc.constant('repeat' as const), at: place, length, times }),
    fc.record({ kind: fc.constant('put' as const), at: place, over: fc.nat(8), bytes }),
    fc.record({ kind: fc.constant('move' as const), at: place, length, to: place }),
    fc.record({ kind: fc.constant('end' as const), at: place }),
  );
  return fc.array(change, { maxLength: 6 });
}

/** Inputs as they are made, with some bytes changed. */
export const mutated = (of: fc.Arbitrary<Buffer>, words: readonly string[]): fc.Arbitrary<Buffer> =>
  fc.tuple(of, changes(words)).map(([bytes, list]) => list.reduce(changed, bytes));

function changed(bytes: Buffer, change: Change): Buffer {
  const at = bytes.length === 0 ? 0 : change.at % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
      return copy;
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(change.length)]);
    case 'repeat': {
      const piece = after.subarray(0, change.length);
      const room = Math.floor((maxBytes - bytes.length) / Math.max(1, piece.length));
      const copies = Array.from({ length: Math.max(0, Math.min(change.times, room)) }, () => piece);
      return Buffer.concat([before, ...copies, after]);
    }
    case 'put':
      return Buffer.concat([before, change.bytes, after.subarray(change.over)]);
    case 'move': {
      const piece = after.subarray(0, change.length);
      const rest = Buffer.concat([before, after.subarray(change.length)]);
      const to = rest.length === 0 ? 0 : change.to % rest.length;
      return Buffer.concat([rest.subarray(0, to), piece, rest.subarray(to)]);
    }
    case 'end':
      return before;
  }
}
