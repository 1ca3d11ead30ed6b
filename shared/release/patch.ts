import { gunzipSync, gzipSync } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { type Hex, isHex } from './digest.js';
import type { Fail } from './layout-rows.js';
import { corruptLine, decodeLines, encodeLines, isSize } from './lines.js';
import type { Manifest } from './manifest.js';

/**
 * What changed in the bytes of a release's new frames, for a node that has an older release: each row gives a run of
 * frames of a pack as one zstd frame that has pieces of the older release's files as its dictionary. An abbreviation
 * of the packs and nothing more: what comes out is checked, and what does not is fetched from the packs.
 *
 * A patch begins with eight bytes that name it and, each as 32 bits in little endian, the index's packed and unpacked
 * length. Then comes the index, gzip-compressed lines as in a manifest, and then the zstd frames in the order of its rows:
 *
 *     ["capstan-patch",1,from,to]                           the manifests of both releases
 *     ["p",pack]                                            a pack whose frames follow
 *     ["f",offset,count,rawLength,length,piece,…]           so many frames from that byte of the pack on
 *
 * `length` is that of the zstd frame. A piece is the number of an entry of `from`, whose whole file it is, or
 * `[entry,offset,length]`.
 */
export interface Patch {
  readonly from: Hex;
  readonly to: Hex;
  readonly rows: readonly PatchRow[];
}

export interface PatchRow {
  readonly pack: Hex;
  /** Where the first frame begins in the pack. */
  readonly offset: number;
  /** How many frames of the layout, one after the other. */
  readonly count: number;
  /** Bytes of all these frames, unpacked. */
  readonly rawLength: number;
  /** Bytes of the zstd frame. */
  readonly length: number;
  readonly dictionary: readonly DictionaryPiece[];
}

/** Bytes of a file of the older release. */
export interface DictionaryPiece {
  /** Index in the entries of its manifest. */
  readonly entry: number;
  readonly offset: number;
  readonly length: number;
}

/** What one row may ask of a decoder, in bytes; a few times their sum is what it needs in memory. */
export const patchLimits = { raw: 4 * 1024 * 1024, dictionary: 4 * 1024 * 1024 } as const;

/** Of a patch's index, unpacked. */
const maxIndexBytes = 16 * 1024 * 1024;
const maxFramesPerRow = 4096;
/** zstd makes incompressible input a little larger. */
const maxPackedBytes = patchLimits.raw + patchLimits.raw / 100 + 1024;

const mark = Buffer.from('cpatch1\n', 'latin1');
const format = 'capstan-patch';
const formatVersion = 1;
export const patchHeaderBytes = mark.length + 8;

/** The beginning of the object; the zstd frames follow it. @param manifest of `from` */
export function encodePatchHead(patch: Patch, manifest: Manifest): Buffer {
  const text = encodeLines(rowsOf(patch, manifest));
  const packed = gzipSync(text, { level: 9 });
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(packed.length, 0);
  lengths.writeUInt32LE(text.length, 4);
  return Buffer.concat([mark, lengths, packed]);
}

function* rowsOf({ from, to, rows }: Patch, manifest: Manifest): Generator<readonly unknown[]> {
  yield [format, formatVersion, from, to];
  let pack: Hex | undefined;
  for (const row of rows) {
    if (row.pack !== pack) yield ['p', row.pack];
    pack = row.pack;
    const pieces = row.dictionary.map(({ entry, offset, length }) =>
      offset === 0 && length === sizeOf(manifest, entry) ? entry : [entry, offset, length],
    );
    yield ['f', row.offset, row.count, row.rawLength, row.length, ...pieces];
  }
}

const sizeOf = (manifest: ManifestEntries, index: number): number | undefined => {
  const entry = manifest.entries[index];
  return entry?.kind === 'file' ? entry.size : undefined;
};

export interface PatchHeader {
  /** Bytes of the index in the object. */
  readonly indexLength: number;
  readonly indexRawLength: number;
}

/**
 * @param head the object's first bytes, at least `patchHeaderBytes`
 * @throws CapstanError `corrupt`
 */
export function readPatchHeader(head: Buffer, objectSize: number): PatchHeader {
  if (head.length < patchHeaderBytes || !head.subarray(0, mark.length).equals(mark)) {
    throw new CapstanError('corrupt', 'the patch does not begin as one');
  }
  const indexLength = head.readUInt32LE(mark.length);
  const indexRawLength = head.readUInt32LE(mark.length + 4);
  if (indexRawLength > maxIndexBytes || patchHeaderBytes + indexLength > objectSize) {
    throw new CapstanError('corrupt', 'the index of the patch is larger than it may be');
  }
  return { indexLength, indexRawLength };
}

type ManifestEntries = Pick<Manifest, 'entries'>;

interface PatchEnds {
  readonly from: { readonly hex: Hex; readonly manifest: ManifestEntries };
  readonly to: Hex;
  /** Of the whole patch. */
  readonly objectSize: number;
}

/**
 * Parses an index that anybody may have written; all sizes and file numbers in the result hold.
 * @throws CapstanError `corrupt`, also if it belongs to other releases
 */
export function parsePatchIndex(
  index: Buffer,
  header: PatchHeader,
  { from, to, objectSize }: PatchEnds,
): Patch {
  const rows: PatchRow[] = [];
  let pack: Hex | undefined;
  let end = patchHeaderBytes + header.indexLength;
  for (const { row, line } of decodeLines(unpack(index, header), what)) {
    const fail: Fail = (problem) => corruptLine(what, line, problem);
    if (line === 1) {
      checkFirst(row, from.hex, to, fail);
    } else if (row[0] === 'p' && row.length === 2 && isHex(row[1]) && row[1] !== pack) {
      pack = row[1];
    } else if (row[0] === 'f' && pack !== undefined) {
      const parsed = parseRow(row, pack, from.manifest, fail);
      end += parsed.length;
      rows.push(parsed);
    } else {
      throw fail('is of an unknown kind, or out of order');
    }
  }
  if (end !== objectSize)
    throw new CapstanError('corrupt', 'the patch does not have the size its index says');
  return { from: from.hex, to, rows };
}

const what = 'the index of the patch';

function unpack(index: Buffer, { indexRawLength }: PatchHeader): Buffer {
  let text: Buffer;
  try {
    text = gunzipSync(index, { maxOutputLength: Math.max(1, indexRawLength) });
  } catch (cause) {
    throw new CapstanError('corrupt', `${what} cannot be unpacked`, { cause });
  }
  if (text.length === indexRawLength && text.length > 0) return text;
  throw new CapstanError('corrupt', `${what} unpacks to another size than it should`);
}

function checkFirst(row: readonly unknown[], from: Hex, to: Hex, fail: Fail): void {
  if (row[0] !== format || row.length !== 4) throw fail('is not the first line of a patch');
  if (row[1] !== formatVersion) throw fail(`has format version ${String(row[1])}`);
  if (row[2] !== from || row[3] !== to) throw fail('names other releases');
}

function parseRow(row: readonly unknown[], pack: Hex, manifest: ManifestEntries, fail: Fail): PatchRow {
  const [, offset, count, rawLength, length, ...pieces] = row;
  if (!(isSize(offset) && isSize(count) && isSize(rawLength) && isSize(length))) {
    throw fail('does not describe frames');
  }
  if (count === 0 || count > maxFramesPerRow || rawLength === 0 || rawLength > patchLimits.raw) {
    throw fail('describes no frames, or too many');
  }
  if (length === 0 || length > maxPackedBytes)
    throw fail('describes a zstd frame that is empty or too large');
  const dictionary = pieces.map((piece) => parsePiece(piece, manifest, fail));
  if (dictionary.reduce((sum, piece) => sum + piece.length, 0) > patchLimits.dictionary) {
    throw fail('describes a dictionary that is too large');
  }
  return { pack, offset, count, rawLength, length, dictionary };
}

function parsePiece(piece: unknown, manifest: ManifestEntries, fail: Fail): DictionaryPiece {
  const isRun = Array.isArray(piece) && piece.length === 3;
  const [entry, offset, length] = isRun ? (piece as readonly unknown[]) : [piece, 0, undefined];
  const size = isSize(entry) ? sizeOf(manifest, entry) : undefined;
  if (!isSize(entry) || size === undefined || !isSize(offset)) throw fail('does not name a file');
  if (!isRun) return { entry, offset: 0, length: size };
  if (!isSize(length) || length === 0 || offset + length > size) throw fail('goes beyond the end of a file');
  return { entry, offset, length };
}
