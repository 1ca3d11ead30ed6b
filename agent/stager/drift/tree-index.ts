import type { Stats } from 'node:fs';
import type { Drift } from '../../../shared/model/node-status.js';

/**
 * What a release's tree looked like when it was last judged: the stager writes it, and the agent compares the tree with
 * it, a little at a time, without knowing the manifest. Records end with NUL, which no path can hold:
 *
 *     {"format":1,"records":3,"readMs":1763769600000,"drift":null}
 *     =<mark> <path within the release; the root is the empty one>
 */
export interface IndexHeader {
  readonly format: 1;
  /** How many follow. */
  readonly records: number;
  /** When the reading began that all of them go back to. Milliseconds since the epoch; missing in older ones. */
  readonly readMs?: number;
  readonly drift: Drift | null;
}

export interface IndexRecord {
  readonly verdict: IndexVerdict;
  readonly mark: string;
  readonly path: string;
}

/**
 * `=` is what it should be, `!` is not, `m` is but for its mode, `-` is not there, `+` should not be there. `x` is not there either, and nor is
 * the folder that it should be in: whatever lies at its path is not part of the tree.
 */
export type IndexVerdict = '=' | '!' | 'm' | '-' | '+' | 'x';

/** The mark of what is not there. */
export const absent = '.';
/** The mark of what was changing while it was judged: nothing compares equal to it. */
export const restless = '?';

const values = new Float64Array(5);
const bytes = Buffer.from(values.buffer);

/**
 * Inode, size, mode and both times. Whoever writes to a file can set its modification time back, but not the time of
 * doing so.
 */
export function markOf(stats: Stats | undefined): string {
  if (stats === undefined) return absent;
  values[0] = stats.ino;
  values[1] = stats.size;
  values[2] = stats.mode;
  values[3] = stats.mtimeMs;
  values[4] = stats.ctimeMs;
  return bytes.toString('base64');
}

export const encodeRecord = ({ verdict, mark, path }: IndexRecord): string => `${verdict}${mark} ${path}\0`;

/** Undefined if it is no record. */
export function decodeRecord(text: string): IndexRecord | undefined {
  const space = text.indexOf(' ');
  const verdict = text[0];
  if (space < 2 || !isVerdict(verdict)) return undefined;
  return { verdict, mark: text.slice(1, space), path: text.slice(space + 1) };
}

const isVerdict = (text: string | undefined): text is IndexVerdict =>
  text === '=' || text === '!' || text === 'm' || text === '-' || text === '+' || text === 'x';

/** For so long nothing is read again that looks as it did: what a disk forgets by itself shows in no time. */
const rereadAfterMs = 7 * 24 * 3_600_000;

/** Whether what was read then still counts. @param nowMs milliseconds since the epoch */
export const isRecent = ({ readMs = 0 }: IndexHeader, nowMs: number): boolean =>
  readMs <= nowMs && nowMs - readMs < rereadAfterMs;

/** Undefined if it is not the first line of such a file. */
export function decodeHeader(text: string): IndexHeader | undefined {
  try {
    const header: unknown = JSON.parse(text);
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

/** Written by this package and replaced as a whole: enough is looked at to tell it from anything else. */
const isHeader = (value: unknown): value is IndexHeader =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === 1 &&
  'records' in value &&
  'drift' in value;
