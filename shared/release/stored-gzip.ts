import { crc32 } from 'node:zlib';

/** A gzip header without name, comment or anything else that is optional. */
const headerBytes = 10;
const trailerBytes = 8;
/** Of a block: one byte of flags, two of length, two of its complement. */
const blockHeaderBytes = 5;

/**
 * Unpacks a gzip member that holds only stored blocks, as compressors write what cannot be made smaller: copying its bytes
 * out costs a tenth of what inflating them does.
 * @param size bytes it must unpack to
 * @returns exactly what zlib would; undefined if it is not of the plainest form, or not sound: zlib then tells
 */
export function unpackStored(packed: Buffer, size: number): Buffer | undefined {
  const end = packed.length - trailerBytes;
  // Size first: packed bytes that are fewer than the unpacked ones are no stored blocks.
  if (end < headerBytes + blockHeaderBytes + size || !isPlainHeader(packed)) return undefined;
  const raw = Buffer.allocUnsafe(size);
  let at = headerBytes;
  let done = 0;
  for (let isLast = false; !isLast; ) {
    if (at + blockHeaderBytes > end) return undefined;
    const flags = packed[at];
    const length = packed.readUInt16LE(at + 1);
    if ((flags !== 0 && flags !== 1) || packed.readUInt16LE(at + 3) !== (length ^ 0xffff)) return undefined;
    at += blockHeaderBytes;
    if (at + length > end || done + length > size) return undefined;
    packed.copy(raw, done, at, at + length);
    at += length;
    done += length;
    isLast = flags === 1;
  }
  const isWhole = at === end && done === size && packed.readUInt32LE(end + 4) === size;
  return isWhole && packed.readUInt32LE(end) === crc32(raw) ? raw : undefined;
}

/** Magic number, deflate, no flags; when and where it was packed does not matter. */
const isPlainHeader = (packed: Buffer): boolean =>
  packed[0] === 0x1f && packed[1] === 0x8b && packed[2] === 8 && packed[3] === 0;
