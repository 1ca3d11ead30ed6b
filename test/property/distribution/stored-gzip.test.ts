import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { unpackStored } from '../../../shared/release/stored-gzip.js';

/** As RFC 1951 has it in 3.2.4, where the bits before it end at a byte. */
const block = (bytes: Uint8Array, isLast: boolean): Buffer => {
  const header = Buffer.alloc(5);
  header[0] = isLast ? 1 : 0;
  header.writeUInt16LE(bytes.length, 1);
  header.writeUInt16LE(bytes.length ^ 0xffff, 3);
  return Buffer.concat([header, bytes]);
};

function member(blocks: readonly Uint8Array[]): Buffer {
  const plain = gzipSync(Buffer.concat(blocks), { level: 0 });
  return Buffer.concat([
    plain.subarray(0, 10),
    ...blocks.map((bytes, index) => block(bytes, index === blocks.length - 1)),
    plain.subarray(-8),
  ]);
}

const inflated = (packed: Buffer): Buffer | undefined => {
  try {
    return gunzipSync(packed);
  } catch {
    return undefined;
  }
};

describe('stored gzip blocks', () => {
  it('are copied out as zlib would, whatever was stored', () => {
    const content = fc.uint8Array({ maxLength: 200_000, size: 'max' });
    fc.assert(
      fc.property(content, (bytes) => {
        const packed = gzipSync(bytes, { level: 0 });
        expect(unpackStored(packed, bytes.length)?.equals(bytes)).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it('may be cut anywhere', () => {
    const blocks = fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(blocks, (parts) => {
        const packed = member(parts);
        expect(unpackStored(packed, packed.length - 18 - 5 * parts.length)).to.deep.equal(gunzipSync(packed));
      }),
    );
  });

  it('of which any byte was changed give what zlib gives, or are left to it', () => {
    const damage = fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }),
      at: fc.nat(),
      value: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(damage, ({ bytes, at, value }) => {
        const packed = gzipSync(bytes, { level: 0 });
        const index = at % packed.length;
        packed[index] = (packed[index] ?? 0) ^ value;
        const taken = unpackStored(packed, bytes.length);
        if (taken !== undefined) expect(inflated(packed)).to.deep.equal(taken);
      }),
      { numRuns: 1000 },
    );
  });

  it('that are cut short, go on after their end, or have another size are left to zlib', () => {
    const packed = gzipSync(Buffer.from('a few bytes'), { level: 0 });
    for (let end = 0; end < packed.length; end++) {
      expect(unpackStored(packed.subarray(0, end), 11), `first ${end} bytes`).to.equal(undefined);
    }
    expect(unpackStored(Buffer.concat([packed, Buffer.from([0])]), 11)).to.equal(undefined);
    expect(unpackStored(Buffer.concat([packed, packed]), 11)).to.equal(undefined);
    for (const size of [0, 10, 12]) expect(unpackStored(packed, size), `size ${size}`).to.equal(undefined);
    expect(unpackStored(packed, 11)?.toString()).to.equal('a few bytes');
  });

  it('are not looked for in what is compressed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 9 }), (bytes, level) => {
        const packed = gzipSync(bytes, { level });
        const taken = unpackStored(packed, bytes.length);
        if (taken !== undefined) expect(taken.equals(bytes)).to.equal(true);
      }),
    );
  });
});
