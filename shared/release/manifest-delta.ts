import { CapstanError } from '../model/errors.js';
import { type Hex, isHex } from './digest.js';
import type { Fail } from './layout-rows.js';
import { isSize } from './lines.js';
import { type Entry, entryRow, type FileEntry, type Manifest } from './manifest.js';
import { comparePaths } from './path-rules.js';

/**
 * What makes one manifest of another, line by line and in order:
 *
 *     ["=",n]                          keep n lines
 *     ["-",n]                          drop n lines
 *     ["~",content]                    keep a file's line, but for its content
 *     ["+","d",path]                   a new line: a directory
 *     ["+","l",path,target]            a link
 *     ["+","f",path,mode,content]      a file
 *
 * `content` is the number of a line of the old manifest (its header is 0) whose file has the same content, or `size,sha256`
 * if it has none: these are the contents that are fetched, in this order.
 */

/** A content that the old release does not have. */
export interface MissingContent {
  readonly sha256: Hex;
  readonly size: number;
}

/** @returns the lines of the delta, and the contents that `from` does not have */
export function manifestDelta(
  from: Manifest,
  to: Manifest,
): { readonly rows: readonly (readonly unknown[])[]; readonly missing: readonly MissingContent[] } {
  const rows: unknown[][] = [];
  const missing = missingContents();
  const lines = linesByContent(from);
  const contentOf = ({ sha256, size }: FileEntry): readonly unknown[] => {
    const line = lines.get(sha256);
    if (line !== undefined) return [line];
    missing.add({ sha256, size });
    return [size, sha256];
  };
  const added = (entry: Entry): unknown[] =>
    entry.kind === 'file'
      ? ['+', ...entryRow(entry).slice(0, 3), ...contentOf(entry)]
      : ['+', ...entryRow(entry)];

  let run: [kind: string, count: number] = ['=', 1]; // the header
  const flush = (next: string): void => {
    if (run[1] > 0) rows.push(run);
    run = [next, 0];
  };
  const count = (kind: string): void => {
    if (run[0] !== kind) flush(kind);
    run[1] += 1;
  };
  const put = (row: unknown[]): void => {
    flush('=');
    rows.push(row);
  };
  for (let old = 0, fresh = 0; ; ) {
    const before = from.entries[old];
    const after = to.entries[fresh];
    if (before === undefined && after === undefined) break;
    const order = orderOf(before, after);
    if (order <= 0) old += 1;
    if (order >= 0) fresh += 1;
    if (before === undefined || order > 0) {
      if (after !== undefined) put(added(after));
    } else if (after === undefined || order < 0) count('-');
    else if (isSame(before, after)) count('=');
    else if (before.kind === 'file' && after.kind === 'file' && before.executable === after.executable) {
      put(['~', ...contentOf(after)]);
    } else {
      count('-');
      put(added(after));
    }
  }
  flush('=');
  return { rows, missing: missing.list() };
}

function orderOf(before: Entry | undefined, after: Entry | undefined): number {
  if (before === undefined) return 1;
  return after === undefined ? -1 : comparePaths(before.path, after.path);
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.sha256 === b.sha256 && a.executable === b.executable;
  return a.kind === 'link' ? b.kind === 'link' && a.target === b.target : b.kind === 'dir';
}

function linesByContent({ entries }: Manifest): ReadonlyMap<Hex, number> {
  const lines = new Map<Hex, number>();
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'file' && !lines.has(entry.sha256)) lines.set(entry.sha256, index + 1);
  }
  return lines;
}

/** Each content once, in the order of their first line; the empty one is nowhere fetched. */
function missingContents() {
  const found = new Map<Hex, MissingContent>();
  return {
    add(content: MissingContent): void {
      if (content.size > 0 && !found.has(content.sha256)) found.set(content.sha256, content);
    },
    list: (): readonly MissingContent[] => [...found.values()],
  };
}

/** Makes the new manifest's text, row by row. */
export interface ManifestPatcher {
  /** @returns false if the row is none of a manifest's delta; throws what `fail` makes if it cannot be right */
  take(row: readonly unknown[], fail: Fail): boolean;
  missing(): readonly MissingContent[];
  /** The new text, which is to be held against its digest. */
  text(): Buffer;
}

/**
 * @param from the old manifest's canonical text
 * @param size bytes of the new one; it never gets larger
 */
export function manifestPatcher(from: Buffer, size: number): ManifestPatcher {
  const ends = lineEnds(from);
  const parts: Buffer[] = [];
  const missing = missingContents();
  let total = 0;
  let line = 0; // of the old text

  const startOf = (index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? from.length));
  const oldRow = (index: number, fail: Fail): readonly unknown[] => {
    if (index >= ends.length) throw fail('speaks of a line that the manifest before does not have');
    try {
      const row: unknown = JSON.parse(from.toString('utf8', startOf(index), ends[index]));
      if (Array.isArray(row)) return row;
    } catch {
      // The manifest before is not sound.
    }
    throw fail('speaks of a line that is no entry');
  };
  const push = (part: Buffer, fail: Fail): void => {
    total += part.length;
    if (total > size) throw fail('makes the manifest larger than it is');
    parts.push(part);
  };
  const pushRow = (row: readonly unknown[], fail: Fail): void =>
    push(Buffer.from(`${JSON.stringify(row)}\n`), fail);
  const advance = (count: unknown, fail: Fail): Buffer => {
    if (!isSize(count) || count === 0 || line + count > ends.length) {
      throw fail('counts lines that the manifest before does not have');
    }
    const start = startOf(line);
    line += count;
    return from.subarray(start, startOf(line));
  };
  const content = (given: readonly unknown[], fail: Fail): readonly unknown[] => {
    const [first, sha256] = given;
    if (given.length === 1 && isSize(first)) {
      const row = oldRow(first, fail);
      if (row[0] !== 'f') throw fail('takes the content of what is no file');
      return row.slice(3);
    }
    if (given.length !== 2 || !isSize(first) || !isHex(sha256)) throw fail('does not describe a content');
    missing.add({ size: first, sha256 });
    return given;
  };

  return {
    take(row, fail) {
      const [kind, ...rest] = row;
      if (kind === '=' && rest.length === 1) push(advance(rest[0], fail), fail);
      else if (kind === '-' && rest.length === 1) advance(rest[0], fail);
      else if (kind === '~') {
        const [type, path, mode] = oldRow(line, fail);
        advance(1, fail);
        pushRow([type, path, mode, ...content(rest, fail)], fail);
      } else if (kind === '+') {
        pushRow(rest[0] === 'f' ? [...rest.slice(0, 3), ...content(rest.slice(3), fail)] : rest, fail);
      } else return false;
      return true;
    },
    missing: () => missing.list(),
    text() {
      if (line !== ends.length) throw new CapstanError('corrupt', 'the delta ends before the manifest does');
      return Buffer.concat(parts, total);
    },
  };
}

/** Where each line ends, behind its line feed. */
function lineEnds(text: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a, at + 1)) ends.push(at + 1);
  return ends;
}
