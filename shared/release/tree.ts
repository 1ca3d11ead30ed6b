import { isUtf8 } from 'node:buffer';
import { createHash, hash as hashOf } from 'node:crypto';
import { closeSync, lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { CapstanError } from '../model/errors.js';
import { fill, openFile, readChunkBytes } from './file-reader.js';
import { checkedManifest, type Entry, type Manifest } from './manifest.js';
import { comparePaths, pathProblem, quoted } from './path-rules.js';

/** A directory as it was when it was read. */
export interface TreeSnapshot {
  readonly root: string;
  readonly manifest: Manifest;
  readonly marks: TreeMarks;
}

/** What tells, without reading content, that something has changed since; numbers, since trees may have many files. */
interface TreeMarks {
  /** In the order in which they are walked, the root as ''. */
  readonly paths: string[];
  /** For each path: its inode, mode and size, and when it and what is known of it last changed. */
  readonly values: number[];
}

interface SnapshotOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with what has been read. */
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void;
}

/** How long the event loop may be kept from timers and signals. */
const sliceMs = 40;

/**
 * Reads and hashes a directory. Modes are reduced to "executable by the owner or not".
 * @throws CapstanError `invalid`, naming what may not be in a release; `conflict` if a file changes while it is read
 */
export async function snapshotTree(root: string, options: SnapshotOptions = {}): Promise<TreeSnapshot> {
  const buffer = Buffer.allocUnsafe(readChunkBytes);
  const marks: TreeMarks = { paths: [], values: [] };
  const entries: Entry[] = [];
  let files = 0;
  let bytes = 0;
  let sliceEnd = performance.now() + sliceMs;
  for (const { path, stats } of walk(root)) {
    marks.paths.push(path);
    marks.values.push(...markOf(stats));
    if (path === '') continue;
    const entry = readEntry(root, path, stats, buffer);
    entries.push(entry);
    if (entry.kind === 'file') {
      files += 1;
      bytes += entry.size;
    }
    if (performance.now() > sliceEnd) {
      options.onProgress?.({ files, bytes });
      await turn();
      if (options.signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
      sliceEnd = performance.now() + sliceMs;
    }
  }
  options.onProgress?.({ files, bytes });
  entries.sort((a, b) => comparePaths(a.path, b.path));
  return { root, manifest: checkedManifest(entries), marks };
}

/**
 * Checks that a tree is still what it was when the snapshot was taken.
 * @throws CapstanError `conflict`, naming what changed
 */
export function checkUnchanged({ root, marks }: TreeSnapshot): void {
  const { paths, values } = marks;
  let count = 0;
  for (const { path, stats } of walk(root)) {
    const wanted = paths[count];
    if (wanted !== path) throw changed(isThere(root, wanted) ? path : (wanted ?? path));
    const first = count * valuesEach;
    if (markOf(stats).some((value, index) => value !== values[first + index])) throw changed(path);
    count += 1;
  }
  const gone = paths[count];
  if (gone !== undefined) throw changed(gone);
}

const isThere = (root: string, path: string | undefined): boolean =>
  path === undefined || lstatSync(`${root}/${path}`, { throwIfNoEntry: false }) !== undefined;

export function changed(path: string): CapstanError {
  const what = path === '' ? 'the directory' : quoted(path);
  return new CapstanError('conflict', `${what} changed while it was being published`, {
    hint: 'publish a directory that nothing writes to, and try again',
  });
}

function* walk(root: string, path = ''): Generator<{ readonly path: string; readonly stats: Stats }> {
  const stats = lstatSync(path === '' ? `${root}/.` : `${root}/${path}`, { throwIfNoEntry: false });
  if (stats === undefined) throw changed(path);
  yield { path, stats };
  if (!stats.isDirectory()) return;
  for (const name of namesIn(root, path)) {
    const inner = path === '' ? name : `${path}/${name}`;
    const problem = pathProblem(inner); // before the system says so, for a path that is too long
    if (problem !== undefined) throw new CapstanError('invalid', `${quoted(inner)} ${problem}`);
    yield* walk(root, inner);
  }
}

function namesIn(root: string, path: string): readonly string[] {
  const folder = path === '' ? root : `${root}/${path}`;
  const names = readdirSync(folder).sort();
  if (!names.some((name) => name.includes('\uFFFD'))) return names;
  const checked = readdirSync(folder, { encoding: 'buffer' }).map((name) => {
    if (isUtf8(name)) return name.toString();
    const shown = quoted(path === '' ? name.toString('latin1') : `${path}/${name.toString('latin1')}`);
    throw new CapstanError('invalid', `${shown} has a name that is not valid UTF-8`);
  });
  return checked.sort();
}

const valuesEach = 5;

/**
 * Identity, size and both times (to a quarter of a microsecond): any write, replacement or change of mode shows in one of
 * them. A directory's size and second time say nothing.
 */
const markOf = (stats: Stats): readonly [number, number, number, number, number] =>
  stats.isDirectory()
    ? [stats.ino, stats.mode, 0, stats.mtimeMs, 0]
    : [stats.ino, stats.mode, stats.size, stats.mtimeMs, stats.ctimeMs];

function readEntry(root: string, path: string, stats: Stats, buffer: Buffer): Entry {
  if (stats.isDirectory()) return { kind: 'dir', path };
  if (stats.isSymbolicLink()) return { kind: 'link', path, target: readTarget(root, path) };
  if (!stats.isFile()) {
    throw new CapstanError('invalid', `${quoted(path)} is ${kindOf(stats)}; a release holds files only`);
  }
  const { mode } = stats;
  if ((mode & 0o4000) !== 0) throw new CapstanError('invalid', `${quoted(path)} has the setuid bit`);
  if ((mode & 0o2000) !== 0) throw new CapstanError('invalid', `${quoted(path)} has the setgid bit`);
  const { size, sha256 } = hashFile(root, path, stats.size, buffer);
  if (size !== stats.size) throw changed(path);
  return { kind: 'file', path, executable: (mode & 0o100) !== 0, size, sha256 };
}

function readTarget(root: string, path: string): string {
  const target = readlinkSync(`${root}/${path}`, 'buffer');
  if (!isUtf8(target)) {
    throw new CapstanError('invalid', `${quoted(path)} has a target that is not valid UTF-8`);
  }
  return target.toString();
}

/** Reads no further than a byte beyond the size it should have. */
function hashFile(
  root: string,
  path: string,
  wanted: number,
  buffer: Buffer,
): { size: number; sha256: string } {
  try {
    const fd = openFile(`${root}/${path}`);
    try {
      return hashOpened(fd, wanted, buffer);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('invalid', `${quoted(path)} cannot be read: ${message}`, { cause });
  }
}

function hashOpened(fd: number, wanted: number, buffer: Buffer): { size: number; sha256: string } {
  let got = fill(fd, buffer);
  if (got < buffer.length) return { size: got, sha256: hashOf('sha256', buffer.subarray(0, got)) };
  const hash = createHash('sha256');
  let size = 0;
  for (; got > 0 && size <= wanted; got = fill(fd, buffer)) {
    hash.update(buffer.subarray(0, got));
    size += got;
  }
  return { size, sha256: hash.digest('hex') };
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
