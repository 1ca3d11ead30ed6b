import { gunzipSync, gzipSync } from 'node:zlib';
import { CapstanError } from '../../../shared/model/errors.js';
import { type Hex, isHex } from '../../../shared/release/digest.js';
import type { Layout } from '../../../shared/release/layout.js';
import { decodeLines, encodeLines, isSize } from '../../../shared/release/lines.js';

/**
 * Of which chunks the large files of a release are made, by their content: what its layout says that is still of use
 * once the release is on disk. Kept beside its manifest; without it, chunks of these files are fetched again.
 */
export type ChunkList = ReadonlyMap<Hex, readonly Chunk[]>;

export interface Chunk {
  readonly sha256: Hex;
  /** Bytes. */
  readonly length: number;
}

const format = 'capstan-chunks';
const formatVersion = 1;
const maxTextBytes = 256 * 1024 * 1024;

/** The contents of a layout that are made of whole chunks. */
export function chunkListOf({ contents, frames }: Layout): ChunkList {
  const list = new Map<Hex, readonly Chunk[]>();
  for (const [hex, segments] of contents) {
    const chunks: Chunk[] = [];
    for (const { frame: index, offset, length } of segments) {
      const frame = frames[index];
      if (frame?.rawSha256 === undefined || offset !== 0 || length !== frame.rawLength) break;
      chunks.push({ sha256: frame.rawSha256, length });
    }
    if (chunks.length === segments.length) list.set(hex, chunks);
  }
  return list;
}

/** Gzip-compressed lines: `["capstan-chunks",1]`, then `[content,[chunk,length],…]` each. */
export function encodeChunkList(list: ChunkList): Buffer {
  const rows = [...list].map(([hex, chunks]) => [
    hex,
    ...chunks.map(({ sha256, length }) => [sha256, length]),
  ]);
  return gzipSync(encodeLines([[format, formatVersion], ...rows]), { level: 1 });
}

/** @throws CapstanError `corrupt` */
export function decodeChunkList(bytes: Buffer): ChunkList {
  const list = new Map<Hex, readonly Chunk[]>();
  for (const { row, line } of decodeLines(unpack(bytes), 'the list of chunks')) {
    const [first, ...rest] = row;
    if (line === 1 ? first !== format || rest[0] !== formatVersion : !isHex(first)) throw damaged();
    if (line > 1 && isHex(first)) list.set(first, rest.map(readChunk));
  }
  return list;
}

function readChunk(item: unknown): Chunk {
  const [sha256, length] = Array.isArray(item) ? (item as readonly unknown[]) : [];
  if (isHex(sha256) && isSize(length)) return { sha256, length };
  throw damaged();
}

function unpack(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxTextBytes });
  } catch (cause) {
    throw new CapstanError('corrupt', damaged().message, { cause });
  }
}

const damaged = (): CapstanError => new CapstanError('corrupt', 'the list of chunks is damaged');
