import { isUtf8 } from 'node:buffer';
import { CapstanError } from '../model/errors.js';

/**
 * The canonical text of manifests and layouts: one JSON array a line, each line ended by a line feed, written the
 * one way `JSON.stringify` writes it. Two texts are the same list exactly if they are the same bytes.
 */
export function encodeLines(rows: Iterable<readonly unknown[]>): Buffer {
  const parts: Buffer[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    parts.push(Buffer.from(lines.join('')));
    lines = [];
  };
  for (const row of rows) {
    lines.push(JSON.stringify(row), '\n');
    if (lines.length >= batch) flush();
  }
  flush();
  return Buffer.concat(parts);
}

/** Strings made into bytes at once: a release may have a million lines, and bytes take half the memory. */
const batch = 8192;

/**
 * Parses line by line, handing each row on with the number of its line.
 * @param what what is read, for error messages: "the manifest"
 * @throws CapstanError `corrupt` with the line, if the bytes are not canonical
 */
export function* decodeLines(
  bytes: Buffer,
  what: string,
): Generator<{ readonly row: readonly unknown[]; readonly line: number }> {
  if (!isUtf8(bytes)) throw new CapstanError('corrupt', `${what} is not valid UTF-8`);
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    line += 1;
    if (end === -1) throw corruptLine(what, line, 'is cut short');
    const text = bytes.toString('utf8', start, end);
    yield { row: parseRow(text, what, line), line };
    start = end + 1;
  }
}

function parseRow(text: string, what: string, line: number): readonly unknown[] {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (cause) {
    throw corruptLine(what, line, 'is not JSON', cause);
  }
  if (!Array.isArray(row)) throw corruptLine(what, line, 'is not a JSON array');
  if (JSON.stringify(row) !== text) throw corruptLine(what, line, 'is not written in its canonical form');
  return row;
}

export function corruptLine(what: string, line: number, problem: string, cause?: unknown): CapstanError {
  return new CapstanError('corrupt', `line ${line} of ${what} ${problem}`, {
    location: { line },
    ...(cause === undefined ? {} : { cause }),
  });
}

export const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
