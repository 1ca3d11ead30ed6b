import type { CapstanError } from '../model/errors.js';
import { type Hex, isHex } from './digest.js';
import { isSize } from './lines.js';

export interface Pack {
  readonly hex: Hex;
  /** Bytes. */
  readonly size: number;
}

/** One gzip member in a pack. */
export interface Frame {
  /** Index in `packs`. */
  readonly pack: number;
  /** Where it begins in the pack, bytes. */
  readonly offset: number;
  /** Its bytes in the pack. */
  readonly length: number;
  /** Its bytes once unpacked. */
  readonly rawLength: number;
  /** Of the compressed bytes, so that nothing unchecked is ever unpacked. */
  readonly sha256: Hex;
  /** Of the unpacked bytes; given exactly if the frame is one chunk of a large file, so that others can have it too. */
  readonly rawSha256?: Hex;
}

/** The most one frame may hold once unpacked: what an agent must have memory for. */
const maxFrameBytes = 8 * 1024 * 1024;
/** gzip makes incompressible input a little larger. */
const maxPackedFrameBytes = maxFrameBytes + maxFrameBytes / 1000 + 1024;

/** Makes the error for the line that is read. */
export type Fail = (problem: string) => CapstanError;

export const packRow = ({ hex, size }: Pack): readonly unknown[] => ['p', hex, size];

export function frameRow({ pack, offset, length, rawLength, sha256, rawSha256 }: Frame): readonly unknown[] {
  const row = ['r', pack, offset, length, rawLength, sha256];
  return rawSha256 === undefined ? row : [...row, rawSha256];
}

/** @throws what `fail` makes */
export function parsePack(row: readonly unknown[], fail: Fail): Pack {
  const [, hex, size] = row;
  if (row.length !== 3 || !isHex(hex) || !isSize(size)) throw fail('does not describe a pack');
  return { hex, size };
}

/**
 * @param packs those that the text lists before its frames
 * @param last the frame before; frames come in order and do not overlap
 * @throws what `fail` makes
 */
export function parseFrame(
  row: readonly unknown[],
  packs: readonly Pack[],
  last: Frame | undefined,
  fail: Fail,
): Frame {
  const [, pack, offset, length, rawLength, sha256, rawSha256] = row;
  if (
    !(row.length === 6 || (row.length === 7 && isHex(rawSha256))) ||
    !(isSize(pack) && isSize(offset) && isSize(length) && isSize(rawLength)) ||
    !isHex(sha256)
  ) {
    throw fail('does not describe a frame');
  }
  const packSize = packs[pack]?.size;
  if (packSize === undefined) throw fail('speaks of a pack that is not listed');
  if (offset + length > packSize) throw fail('describes a frame that goes beyond the end of its pack');
  if (length === 0 || length > maxPackedFrameBytes || rawLength === 0 || rawLength > maxFrameBytes) {
    throw fail('describes a frame that is empty or too large');
  }
  if (
    last !== undefined &&
    (pack < last.pack || (pack === last.pack && offset < last.offset + last.length))
  ) {
    throw fail('describes a frame that is out of order or overlaps the one before');
  }
  const frame = { pack, offset, length, rawLength, sha256 };
  return isHex(rawSha256) ? { ...frame, rawSha256 } : frame;
}
