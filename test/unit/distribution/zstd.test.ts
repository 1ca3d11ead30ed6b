import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import { expect } from 'chai';
import { isNoRawDictionary, loadZstd, nodeCodec, works, type ZstdCodec } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** Bytes that nothing but a dictionary makes smaller. */
function noise(size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 64) }, (_, i) =>
    createHash('sha512').update(String(i)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

/** A frame of one RLE block: four bytes of header make `size` bytes. */
function bomb(claimed: number, size: number): Buffer {
  const frame = Buffer.alloc(4 + 1 + 4 + 3 + 1);
  frame.writeUInt32LE(0xfd2fb528, 0);
  frame[4] = 0b1010_0000; // content size in four bytes, single segment
  frame.writeUInt32LE(claimed, 5);
  frame.writeUIntLE((size << 3) | 0b011, 9, 3); // last block, RLE
  return frame;
}

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(CapstanError);
  return error instanceof CapstanError ? `${error.code}: ${error.message}` : '';
};

const codecs: readonly (readonly [string, () => Promise<ZstdCodec | undefined>])[] = [
  ['the codec that is loaded', loadZstd],
  ['the codec of node:zlib', async () => await Promise.resolve(nodeCodec(zlib))],
];

for (const [name, load] of codecs) {
  describe(`zstd: ${name}`, () => {
    let zstd: ZstdCodec;
    before(async function () {
      const codec = await load();
      if (codec === undefined || !(await works(codec))) return this.skip();
      zstd = codec;
    });

    it('makes little of what is in the dictionary', async () => {
      const dictionary = noise(300_000);
      const raw = Buffer.concat([dictionary.subarray(1000), Buffer.from('and something new')]);
      const packed = await zstd.compress(raw, dictionary, 7);
      expect(packed.length).to.be.below(200);
      expect((await zstd.decompress(packed, dictionary, raw.length)).equals(raw)).to.equal(true);
    });

    it('does without a dictionary', async () => {
      const raw = Buffer.from('a'.repeat(10_000));
      const packed = await zstd.compress(raw, Buffer.alloc(0), 7);
      expect((await zstd.decompress(packed, Buffer.alloc(0), raw.length)).equals(raw)).to.equal(true);
    });

    it('refuses what unpacks to another size, before it does', async () => {
      const packed = await zstd.compress(noise(10_000), Buffer.alloc(0), 7);
      expect(await refusal(zstd.decompress(packed, Buffer.alloc(0), 9_999))).to.contain('9999 bytes');
      const huge = bomb(2 ** 32 - 1, 100_000);
      expect(await refusal(zstd.decompress(huge, Buffer.alloc(0), 100_000))).to.contain('corrupt');
    });

    it('refuses what has more in it than it says', async () => {
      expect((await zstd.decompress(bomb(100_000, 100_000), Buffer.alloc(0), 100_000)).length).to.equal(
        100_000,
      );
      expect(await refusal(zstd.decompress(bomb(1000, 100_000), Buffer.alloc(0), 1000))).to.contain(
        'corrupt',
      );
    });

    it('refuses what was made with another dictionary, what is cut short and what is no frame', async () => {
      const dictionary = noise(20_000);
      const packed = await zstd.compress(dictionary, dictionary, 7);
      for (const bad of [packed.subarray(0, -2), packed.subarray(0, 3), noise(100), Buffer.alloc(0)]) {
        expect(await refusal(zstd.decompress(bad, dictionary, 20_000))).to.contain('corrupt');
      }
      const other = await zstd
        .decompress(packed, noise(40_000).subarray(20_000), 20_000)
        .catch(() => undefined);
      expect(other?.equals(dictionary)).to.not.equal(true);
    });

    it('reads what any codec here writes', async () => {
      const dictionary = noise(50_000);
      for (const [, loadOther] of codecs) {
        const other = await loadOther();
        if (other === undefined) continue;
        const packed = await other.compress(dictionary, dictionary, 7);
        expect((await zstd.decompress(packed, dictionary, 50_000)).equals(dictionary)).to.equal(true);
      }
    });
  });
}

describe('zstd', () => {
  it('is there after the install of this package', async () => {
    expect((await loadZstd())?.name).to.be.a('string');
  });

  it('is not taken from a Node.js that has none', () => {
    expect(nodeCodec({})).to.equal(undefined);
    expect(nodeCodec({ zstdCompress: () => undefined })).to.equal(undefined);
  });

  it('is not taken from a Node.js that ignores dictionaries, or fails', async () => {
    type Done = (error: Error | null, bytes: Buffer) => void;
    const constants = { ZSTD_c_compressionLevel: 100 };
    const same = (bytes: Buffer, _options: object, done: Done): void => done(null, bytes);
    const ignoring = nodeCodec({ zstdCompress: same, zstdDecompress: same, constants });
    expect(ignoring === undefined || (await works(ignoring))).to.equal(false);
    const fail = (bytes: Buffer, _options: object, done: Done): void => done(new Error('no'), bytes);
    const failing = nodeCodec({ zstdCompress: fail, zstdDecompress: fail, constants });
    expect(failing === undefined || (await works(failing))).to.equal(false);
  });

  it('would misread a dictionary that begins like a trained one', () => {
    expect(isNoRawDictionary(Buffer.from('37a430ec00', 'hex'))).to.equal(true);
    expect(isNoRawDictionary(Buffer.from('37a430'))).to.equal(false);
    expect(isNoRawDictionary(Buffer.alloc(0))).to.equal(false);
  });
});
