import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { CapstanError } from '../model/errors.js';
import type { Hex } from '../release/digest.js';
import { unpackFrame } from '../release/frame.js';
import type { Frame, Layout } from '../release/layout.js';
import { cutFrames, type FrameRange, planRanges } from '../release/range-plan.js';
import { withRetry } from './retry.js';
import type { StoreReader } from './store.js';

/** Bytes of one content of a release. */
export interface ContentPiece {
  readonly sha256: Hex;
  readonly offset: number;
  readonly length: number;
}

/** Contents of a release in a store, fetched once, in few requests, into a file; then read in any order. */
export interface BaseContents {
  /** Fetches what these pieces need and is not there. @throws as the store fails */
  fetch(pieces: readonly ContentPiece[]): Promise<void>;
  /** @throws CapstanError `corrupt` */
  read(piece: ContentPiece): Buffer;
  close(): void;
}

interface BaseOptions {
  readonly store: StoreReader;
  readonly layout: Layout;
  /** Is made; holds packed frames. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}

const attempts = 3;
/** Unpacked frames that are kept, in bytes: pieces that follow each other overlap. */
const keptBytes = 8 * 1024 * 1024;

export function openBaseContents({ store, layout, file, signal }: BaseOptions): BaseContents {
  const fd = openSync(file, 'wx+', 0o600);
  const places = new Map<Frame, number>();
  let end = 0;
  const kept = new Map<Frame, Buffer>();
  let keptSize = 0;

  const framesOf = ({ sha256, offset, length }: ContentPiece): readonly FramePart[] => {
    const parts: FramePart[] = [];
    let at = 0;
    for (const segment of layout.contents.get(sha256) ?? []) {
      const from = Math.max(offset, at);
      const to = Math.min(offset + length, at + segment.length);
      const frame = layout.frames[segment.frame];
      if (frame !== undefined && from < to) {
        const begin = segment.offset + from - at;
        parts.push({ frame, begin, end: begin + to - from });
      }
      at += segment.length;
    }
    return parts;
  };

  const fetchRange = async (range: FrameRange): Promise<void> => {
    const pack = layout.packs[range.pack];
    if (pack === undefined) return;
    const wanted = { offset: range.offset, length: range.length, objectSize: pack.size };
    const bytes = store.getRange(
      { kind: 'packs', hex: pack.hex },
      wanted,
      signal === undefined ? {} : { signal },
    );
    for await (const { frame, packed } of cutFrames(range, bytes)) {
      writeFully(fd, packed, end);
      places.set(frame, end);
      end += packed.length;
    }
  };

  const unpacked = (frame: Frame): Buffer => {
    const before = kept.get(frame);
    if (before !== undefined) return before;
    const raw = unpackFrame(readFully(fd, frame.length, places.get(frame)), frame);
    kept.set(frame, raw);
    keptSize += raw.length;
    for (const [oldest, bytes] of kept) {
      if (keptSize <= keptBytes) break;
      kept.delete(oldest);
      keptSize -= bytes.length;
    }
    return raw;
  };

  return {
    async fetch(pieces) {
      const needed = new Set(pieces.flatMap((piece) => framesOf(piece).map(({ frame }) => frame)));
      const missing = [...needed].filter((frame) => !places.has(frame));
      missing.sort((a, b) => a.pack - b.pack || a.offset - b.offset);
      for (const range of planRanges(missing)) {
        await withRetry(() => fetchRange(range), { attempts, signal });
      }
    },
    read(piece) {
      const parts = framesOf(piece).map(({ frame, begin, end: last }) =>
        unpacked(frame).subarray(begin, last),
      );
      const bytes = Buffer.concat(parts);
      if (bytes.length === piece.length) return bytes;
      throw new CapstanError('corrupt', `the layout does not lead to all bytes of sha256:${piece.sha256}`);
    },
    close: () => closeSync(fd),
  };
}

interface FramePart {
  readonly frame: Frame;
  readonly begin: number;
  readonly end: number;
}

function writeFully(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
}

function readFully(fd: number, length: number, at: number | undefined): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; at !== undefined && done < length; ) {
    const got = readSync(fd, bytes, done, length - done, at + done);
    if (got === 0) break;
    done += got;
    if (done === length) return bytes;
  }
  throw new CapstanError('corrupt', 'a frame of the base release is not there');
}
