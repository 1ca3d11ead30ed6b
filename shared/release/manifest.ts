import { CapstanError } from '../model/errors.js';
import { emptyHex, type Hex, isHex } from './digest.js';
import { corruptLine, decodeLines, encodeLines, isSize } from './lines.js';
import { type LinkJudge, linkJudge } from './links.js';
import { comparePaths, parentOf, pathProblem, quoted, targetProblem } from './path-rules.js';

/**
 * One thing in a release. There are no times and no owners, and of the mode only what matters: directories are 0755,
 * files 0644 or 0755. So the same tree has the same manifest wherever and whenever it was built.
 */
export type Entry = DirEntry | FileEntry | LinkEntry;
export interface DirEntry {
  readonly kind: 'dir';
  readonly path: string;
}
export interface FileEntry {
  readonly kind: 'file';
  readonly path: string;
  readonly executable: boolean;
  /** Bytes. */
  readonly size: number;
  readonly sha256: Hex;
}
export interface LinkEntry {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

export interface Manifest {
  /** In the order of their paths' bytes; every directory is listed, before what is in it. The root is not. */
  readonly entries: readonly Entry[];
  /** Sum of the files' sizes in bytes. */
  readonly contentSize: number;
  readonly fileCount: number;
}

/** How large a manifest may be: what a parser is asked to hold in memory. */
export const maxManifestBytes = 128 * 1024 * 1024;
const maxEntries = 1_000_000;

const format = 'capstan-manifest';
const formatVersion = 1;

/** The canonical bytes; their SHA-256 is the release's identity. The entries must be in order. */
export function encodeManifest(entries: readonly Entry[]): Buffer {
  return encodeLines(manifestRows(entries));
}

function* manifestRows(entries: readonly Entry[]): Generator<readonly unknown[]> {
  yield [format, formatVersion];
  for (const entry of entries) yield entryRow(entry);
}

/** A line of the manifest, before it is written. */
export function entryRow(entry: Entry): readonly unknown[] {
  switch (entry.kind) {
    case 'dir':
      return ['d', entry.path];
    case 'file':
      return ['f', entry.path, entry.executable ? '0755' : '0644', entry.size, entry.sha256];
    case 'link':
      return ['l', entry.path, entry.target];
  }
}

/**
 * Parses bytes that anybody may have written, and holds them against every rule.
 * @throws CapstanError `corrupt` if they are not a manifest, `invalid` if they are one that no node may unpack; the
 *   sentence names the path
 */
export function parseManifest(bytes: Buffer): Manifest {
  if (bytes.length > maxManifestBytes) {
    throw new CapstanError('invalid', `the manifest is larger than ${maxManifestBytes} bytes`);
  }
  const entries: Entry[] = [];
  let headerSeen = false;
  for (const { row, line } of decodeLines(bytes, 'the manifest')) {
    if (headerSeen) entries.push(parseEntry(row, line));
    else headerSeen = checkHeader(row);
    if (entries.length > maxEntries) {
      throw new CapstanError('invalid', `the manifest has more than ${maxEntries} entries`);
    }
  }
  if (!headerSeen) throw new CapstanError('corrupt', 'the manifest is empty');
  return checkedManifest(entries);
}

/** The entries of a manifest that has its digest, and was held against every rule before: without doing it again. */
export function readEntries(text: Buffer): readonly Entry[] {
  const lines = text.toString('utf8').trimEnd().replaceAll('\n', ',');
  const rows = JSON.parse(`[${lines}]`) as readonly (readonly unknown[])[];
  return rows.slice(1).map((row, index) => parseEntry(row, index + 2));
}

function checkHeader(row: readonly unknown[]): true {
  if (row[0] !== format) throw corruptLine('the manifest', 1, 'is not the first line of a manifest');
  if (row.length !== 2 || row[1] !== formatVersion) {
    throw new CapstanError('corrupt', `the manifest has format version ${String(row[1])}`, {
      hint: 'it was written by a newer Capstan; upgrade this one',
    });
  }
  return true;
}

function parseEntry(row: readonly unknown[], line: number): Entry {
  const [type, path] = row;
  if (typeof path !== 'string') throw corruptLine('the manifest', line, 'has no path');
  if (type === 'd' && row.length === 2) return { kind: 'dir', path };
  if (type === 'l' && row.length === 3 && typeof row[2] === 'string') {
    return { kind: 'link', path, target: row[2] };
  }
  if (type === 'f' && row.length === 5 && isSize(row[3]) && isHex(row[4])) {
    return { kind: 'file', path, executable: isExecutable(row[2], path), size: row[3], sha256: row[4] };
  }
  if (type === 'd' || type === 'l' || type === 'f') {
    throw corruptLine('the manifest', line, `does not describe ${quoted(path)} as it should`);
  }
  throw refusal(path, 'is neither a file, nor a directory, nor a symbolic link (a device, FIFO or socket?)');
}

function isExecutable(mode: unknown, path: string): boolean {
  if (mode === '0644') return false;
  if (mode === '0755') return true;
  const bits = typeof mode === 'string' ? Number.parseInt(mode, 8) : Number.NaN;
  if ((bits & 0o4000) !== 0) throw refusal(path, 'has the setuid bit');
  if ((bits & 0o2000) !== 0) throw refusal(path, 'has the setgid bit');
  throw refusal(path, `has the mode ${quoted(String(mode))}; only 0644 and 0755 are allowed`);
}

/**
 * Holds entries, however they were had, against the rules that concern more than one line.
 * @throws CapstanError `invalid`, naming the path
 */
export function checkedManifest(entries: readonly Entry[]): Manifest {
  const dirs = new Set(['']);
  const links = new Map<string, string>();
  let contentSize = 0;
  let fileCount = 0;
  let last: string | undefined;
  for (const entry of entries) {
    const { path } = entry;
    const problem = pathProblem(path) ?? orderProblem(path, last) ?? parentProblem(path, dirs, links);
    if (problem !== undefined) throw refusal(path, problem);
    last = path;
    if (entry.kind === 'dir') dirs.add(path);
    else if (entry.kind === 'link') links.set(path, entry.target);
    else {
      if ((entry.size === 0) !== (entry.sha256 === emptyHex)) {
        throw refusal(path, 'has a size that does not go with its digest');
      }
      fileCount += 1;
      contentSize += entry.size;
      if (!Number.isSafeInteger(contentSize))
        throw refusal(path, 'makes the release larger than can be counted');
    }
  }
  const judge = linkJudge(links);
  for (const [path, target] of links) {
    const problem = targetProblem(target) ?? linkProblem(path, target, judge);
    if (problem !== undefined) throw refusal(path, problem);
  }
  return { entries, contentSize, fileCount };
}

function orderProblem(path: string, last: string | undefined): string | undefined {
  if (last === undefined) return undefined;
  const order = comparePaths(last, path);
  if (order === 0) return 'is there twice';
  return order > 0 ? `is out of order (after ${quoted(last)})` : undefined;
}

function parentProblem(
  path: string,
  dirs: ReadonlySet<string>,
  links: ReadonlyMap<string, string>,
): string | undefined {
  const parent = parentOf(path);
  if (dirs.has(parent)) return undefined;
  return links.has(parent)
    ? `lies below the symbolic link ${quoted(parent)}`
    : `lies in ${quoted(parent)}, which is not a directory of the release`;
}

export const linkProblem = (path: string, target: string, judge: LinkJudge): string | undefined =>
  judge.leavesTree(path) ? `is a symbolic link that leads out of the tree, to ${quoted(target)}` : undefined;

const refusal = (path: string, problem: string): CapstanError =>
  new CapstanError('invalid', `${quoted(path)} ${problem}`);
