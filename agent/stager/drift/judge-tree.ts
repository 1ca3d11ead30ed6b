import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import type { DriftKind } from '../../../shared/model/node-status.js';
import type { Entry, Manifest } from '../../../shared/release/manifest.js';
import { parentOf } from '../../../shared/release/path-rules.js';
import type { ExpectedPaths } from '../expected.js';
import { isAsRendered, type RenderedFile } from '../rendered.js';
import { createHashingReader, fileMode } from '../tree/tree-files.js';
import { absent, type IndexRecord, type IndexVerdict, markOf, restless } from './tree-index.js';

export interface JudgeOptions {
  readonly root: string;
  readonly entries: Manifest['entries'];
  /** Files that were made of templates, by path. */
  readonly rendered: ReadonlyMap<string, RenderedFile>;
  readonly expected: ExpectedPaths;
  /** What was judged before, by path: what still has the same mark is not read again. */
  readonly before: ReadonlyMap<string, IndexRecord>;
  /** Milliseconds since the epoch, for telling what has just been changed. */
  readonly now: () => number;
}

/**
 * A clock of the file system may stand still for so long: what was changed within it may change again and look the same.
 */
export const settledAfterMs = 2000;

const dirMode = 0o755;

/** Looks at a whole tree, and reads what has changed since it was judged before. Nothing that it finds ends it. */
export function judgeTree(options: JudgeOptions): readonly IndexRecord[] {
  const { root, entries, rendered, expected, before, now } = options;
  const wanted = new Map(entries.map((entry) => [entry.path, entry]));
  const unseen = new Set(rendered.keys());
  const reader = createHashingReader();
  const records: IndexRecord[] = [];
  const folders = new Set<string>();
  const pathOf = (path: string): string => (path === '' ? root : `${root}/${path}`);

  const add = (path: string, stats: Stats | undefined, judge: () => IndexVerdict): void => {
    const mark = markOf(stats);
    const known = before.get(path);
    const verdict = known?.mark === mark ? known.verdict : judge();
    const settled = stats === undefined || Math.abs(now() - stats.ctimeMs) >= settledAfterMs;
    records.push({ path, verdict, mark: settled ? mark : restless });
  };

  const visit = (folder: string, stats: Stats | undefined): void => {
    folders.add(folder);
    add(folder, stats, () =>
      stats?.isDirectory() !== true ? '!' : (stats.mode & 0o777) === dirMode ? '=' : 'm',
    );
    for (const name of namesIn(pathOf(folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const made = rendered.get(path);
      if (made === undefined && expected.has(path)) continue;
      const entry = wanted.get(path);
      const found = statOf(pathOf(path));
      if (made !== undefined) {
        if (found === undefined) continue; // gone meanwhile
        unseen.delete(path);
        add(path, found, () => (isAsRendered(pathOf(path), made, found, reader) ? '=' : '!'));
        continue;
      }
      if (entry === undefined) {
        if (expected.leadsTo(path) && found?.isDirectory() === true) visit(path, found);
        else records.push({ path, verdict: '+', mark: absent });
        continue;
      }
      if (found === undefined) continue; // gone meanwhile
      wanted.delete(path);
      if (entry.kind === 'dir' && found.isDirectory()) visit(path, found);
      else add(path, found, () => verdictOn(pathOf(path), entry, found, reader));
    }
  };

  visit('', statOf(root));
  for (const path of [...wanted.keys(), ...unseen]) {
    if (expected.has(path) && !unseen.has(path)) continue;
    const verdict: IndexVerdict = folders.has(parentOf(path)) ? '-' : 'x';
    records.push({ path, verdict, mark: absent });
  }
  return records;
}

/** What a record says of its path; undefined: nothing is wrong with it. The root itself is nobody's file. */
export function driftOf({ verdict, path }: IndexRecord): DriftKind | undefined {
  if (verdict === '=' || path === '') return undefined;
  if (verdict === '+') return 'added';
  if (verdict === 'm') return 'mode';
  return verdict === '!' ? 'changed' : 'removed';
}

function verdictOn(
  path: string,
  entry: Entry,
  stats: Stats,
  reader: ReturnType<typeof createHashingReader>,
): IndexVerdict {
  try {
    switch (entry.kind) {
      case 'dir':
        return '!';
      case 'link':
        return stats.isSymbolicLink() && readlinkSync(path) === entry.target ? '=' : '!';
      case 'file': {
        const isContent =
          stats.isFile() && stats.size === entry.size && reader.hashFile(path) === entry.sha256;
        if (!isContent) return '!';
        return (stats.mode & 0o7777) === fileMode(entry.executable) ? '=' : 'm';
      }
    }
  } catch {
    return '!'; // what cannot be read is not what was released
  }
}

/** In no order. None if it is no folder any more. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined if there is nothing, or the folder that it should be in is none any more. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
