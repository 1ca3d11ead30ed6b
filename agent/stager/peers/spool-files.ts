import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addSpan, type Spans } from '../../../shared/core/spans.js';
import { type Hex, isHex, sha256 } from '../../../shared/release/digest.js';

/**
 * The spool is a folder with two files for each pack of which something was fetched: `<hex>.pack` has the bytes where the
 * pack has them, with holes between; `<hex>.index` has one line of JSON about the pack, then one a frame. Neither is
 * synced: after a crash the index may speak of bytes that are not there, so that it is only believed in the run of the
 * agent that wrote it, and looked through when the next one begins.
 */
export const packFileOf = (dir: string, hex: Hex): string => join(dir, `${hex}.pack`);
export const indexFileOf = (dir: string, hex: Hex): string => join(dir, `${hex}.index`);

/** With a part of a pack comes what else there is of it, as `/held/` answers it, unless that is long. */
export const heldHeader = 'capstan-held';

/** What one frame of a pack is, and where. */
export interface SpooledFrame {
  readonly offset: number;
  /** Of its packed bytes. */
  readonly length: number;
  /** Of its packed bytes. */
  readonly sha256: Hex;
}

/** A pack of which a part or all is in the spool. */
export interface SpooledPack {
  readonly hex: Hex;
  readonly size: number;
  readonly spans: Spans;
  /** When something was last added. Milliseconds since the epoch. */
  readonly addedAt: number;
}

export const indexHead = (hex: Hex, size: number): string =>
  `${JSON.stringify(['capstan-spool', 1, hex, size])}\n`;
export const indexLine = ({ offset, length, sha256: hex }: SpooledFrame): string =>
  `${JSON.stringify([offset, length, hex])}\n`;

/** Larger ones are not read: an index of this size describes tens of gigabytes. */
const maxIndexBytes = 128 * 1024 * 1024;
const maxFrameBytes = 16 * 1024 * 1024;

/**
 * Reads back one pack's frames, and returns what of it is as it was; undefined if nothing is. What is in one file only,
 * torn, or of another format counts as nothing.
 */
export function checkSpooled(dir: string, hex: Hex): SpooledPack | undefined {
  try {
    const index = readIndex(dir, hex);
    if (index === undefined) return undefined;
    const file = openSync(packFileOf(dir, hex), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      let spans: Spans = [];
      for (const { offset, length, sha256: wanted } of index.frames) {
        if (readFrame(file, offset, length, wanted)) spans = addSpan(spans, [offset, offset + length]);
      }
      const addedAt = Math.round(fstatSync(file).mtimeMs);
      return spans.length === 0 ? undefined : { hex, size: index.size, spans, addedAt };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // a file that is missing or cannot be read
  }
}

export function removeSpooled(dir: string, hex: Hex): void {
  rmSync(packFileOf(dir, hex), { force: true });
  rmSync(indexFileOf(dir, hex), { force: true });
}

function readIndex(dir: string, hex: Hex) {
  const path = indexFileOf(dir, hex);
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  let lines: string[];
  try {
    if (fstatSync(file).size > maxIndexBytes) return undefined;
    lines = readFileSync(file, 'utf8').split('\n');
  } finally {
    closeSync(file);
  }
  const [name, version, said, size] = parseRow(lines[0] ?? '');
  if (name !== 'capstan-spool' || version !== 1 || said !== hex || !isOffset(size)) return undefined;
  const frames = new Map<number, SpooledFrame>();
  for (const line of lines.slice(1)) {
    const [offset, length, digest] = parseRow(line);
    if (!isOffset(offset) || !isOffset(length) || !isHex(digest)) continue; // a line that was cut short
    if (length === 0 || length > maxFrameBytes || offset + length > size) continue;
    frames.set(offset, { offset, length, sha256: digest });
  }
  return { size, frames: [...frames.values()] };
}

function parseRow(line: string): readonly unknown[] {
  try {
    const row: unknown = JSON.parse(line);
    return Array.isArray(row) ? row : [];
  } catch {
    return [];
  }
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readFrame(file: number, offset: number, length: number, wanted: Hex): boolean {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, offset + done);
    if (read === 0) return false;
    done += read;
  }
  return sha256(bytes) === wanted;
}
