import * as nodeZlib from 'node:zlib';
import type * as ZstdWasm from '@bokuweb/zstd-wasm';
import { CapstanError } from '../model/errors.js';

/**
 * zstd with another file's bytes as dictionary ("raw content": the bytes as they are), for patches. What either
 * provider writes the other reads. docs/adr/0017 says why there are two, and why in this order.
 */
export interface ZstdCodec {
  /** For people: where it comes from. */
  readonly name: string;
  compress(raw: Buffer, dictionary: Buffer, level: number): Promise<Buffer>;
  /**
   * @param size what the result must have; not one byte more is ever allocated for it
   * @throws CapstanError `corrupt` if that is not what it is
   */
  decompress(packed: Buffer, dictionary: Buffer, size: number): Promise<Buffer>;
}

/** What of `node:zlib` is used; it has been there since Node 22.15 and 23.8, dictionaries since 22.19 and 24.6. */
interface NodeZstd {
  zstdCompress(raw: Buffer, options: object, done: (error: Error | null, packed: Buffer) => void): void;
  zstdDecompress(packed: Buffer, options: object, done: (error: Error | null, raw: Buffer) => void): void;
}

/** Four bytes that make zstd take a dictionary for one of its own trained ones. */
const trainedDictionary = 0xec30a437;

/** True for the few files that zstd would misread as a dictionary with tables; they cannot be patched. */
export const isNoRawDictionary = (bytes: Buffer): boolean =>
  bytes.length >= 4 && bytes.readUInt32LE(0) === trainedDictionary;

/**
 * The best codec that this Node has: the optional package, else `node:zlib` if its zstd takes dictionaries, else none.
 * What it loads stays in memory: for short-lived programs only, and not before it is needed.
 */
export async function loadZstd(): Promise<ZstdCodec | undefined> {
  for (const load of [packageCodec, async () => await Promise.resolve(nodeCodec(nodeZlib))]) {
    const codec = await load().catch(() => undefined);
    if (codec !== undefined && (await works(codec))) return codec;
  }
  return undefined;
}

/** Tried rather than concluded from a version: an older Node ignores the option and says nothing. */
export async function works(codec: ZstdCodec): Promise<boolean> {
  const dictionary = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));
  try {
    const packed = await codec.compress(dictionary, dictionary, 3);
    if (packed.length > 64) return false;
    return dictionary.equals(await codec.decompress(packed, dictionary, dictionary.length));
  } catch {
    return false;
  }
}

/** The codec as WebAssembly: the same on every machine, needs nothing compiled or downloaded when it is installed. */
async function packageCodec(): Promise<ZstdCodec> {
  const zstd = await import('@bokuweb/zstd-wasm');
  if (!isReady(zstd)) await zstd.init(); // a second time it would swap its memory under whoever uses it
  return {
    name: 'the package @bokuweb/zstd-wasm',
    async compress(raw, dictionary, level) {
      const context = zstd.createCCtx();
      try {
        return await Promise.resolve(asBuffer(zstd.compressUsingDict(context, raw, dictionary, level)));
      } finally {
        zstd.freeCCtx(context);
      }
    },
    async decompress(packed, dictionary, size) {
      checkContentSize(packed, size);
      const context = zstd.createDCtx();
      try {
        return await Promise.resolve(
          checkedSize(asBuffer(zstd.decompressUsingDict(context, packed, dictionary)), size),
        );
      } catch (cause) {
        throw notUnpacked(cause);
      } finally {
        zstd.freeDCtx(context);
      }
    },
  };
}

function isReady(zstd: typeof ZstdWasm): boolean {
  try {
    zstd.freeCCtx(zstd.createCCtx());
    return true;
  } catch {
    return false;
  }
}

/** @param zlib `node:zlib`, as it is or as a test would have it */
export function nodeCodec(zlib: object): ZstdCodec | undefined {
  if (!hasZstd(zlib)) return undefined;
  const { ZSTD_c_compressionLevel: levelKey } = constantsOf(zlib);
  if (levelKey === undefined) return undefined;
  return {
    name: 'node:zlib',
    compress: (raw, dictionary, level) =>
      new Promise((resolve, reject) => {
        const params = { [levelKey]: level };
        const options = { params, pledgedSrcSize: raw.length, ...withDictionary(dictionary) };
        zlib.zstdCompress(raw, options, (error, packed) =>
          error === null ? resolve(packed) : reject(error),
        );
      }),
    async decompress(packed, dictionary, size) {
      checkContentSize(packed, size);
      const options = { maxOutputLength: Math.max(1, size), ...withDictionary(dictionary) };
      const raw = await new Promise<Buffer>((resolve, reject) => {
        zlib.zstdDecompress(packed, options, (error, bytes) =>
          error === null ? resolve(bytes) : reject(notUnpacked(error)),
        );
      });
      return checkedSize(raw, size);
    },
  };
}

const withDictionary = (dictionary: Buffer): object => (dictionary.length === 0 ? {} : { dictionary });

const hasZstd = (zlib: object): zlib is NodeZstd =>
  'zstdCompress' in zlib &&
  typeof zlib.zstdCompress === 'function' &&
  'zstdDecompress' in zlib &&
  typeof zlib.zstdDecompress === 'function';

function constantsOf(zlib: object): Readonly<Record<'ZSTD_c_compressionLevel', number | undefined>> {
  const constants: unknown = 'constants' in zlib ? zlib.constants : undefined;
  const has = typeof constants === 'object' && constants !== null && 'ZSTD_c_compressionLevel' in constants;
  const level = has ? constants.ZSTD_c_compressionLevel : undefined;
  return { ZSTD_c_compressionLevel: typeof level === 'number' ? level : undefined };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The size that a frame says it unpacks to is what a decoder allocates, so it is looked at before. */
function checkContentSize(packed: Buffer, size: number): void {
  if (contentSizeOf(packed) === size) return;
  throw new CapstanError('corrupt', `a zstd frame does not say that it has ${size} bytes`);
}

function checkedSize(raw: Buffer, size: number): Buffer {
  if (raw.length === size) return raw;
  throw new CapstanError('corrupt', `a zstd frame unpacks to ${raw.length} bytes instead of ${size}`);
}

const notUnpacked = (cause: unknown): CapstanError =>
  new CapstanError('corrupt', 'a zstd frame cannot be unpacked', { cause });

/** From the header of a frame (RFC 8878, 3.1.1.1); undefined if it does not say, or is none. */
function contentSizeOf(packed: Buffer): number | undefined {
  const descriptor = packed[4];
  if (packed.length < 6 || descriptor === undefined || packed.readUInt32LE(0) !== 0xfd2fb528)
    return undefined;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdBytes;
  const bytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (bytes === 0 || packed.length < at + bytes) return undefined;
  if (bytes === 8) return Number(packed.readBigUInt64LE(at));
  return packed.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}
