import { readdirSync, rmSync, unlinkSync } from 'node:fs';
import type { Hex } from '../../../shared/release/digest.js';
import type { Entry, FileEntry, Manifest } from '../../../shared/release/manifest.js';
import { createHashingReader, fileMode, type HashingReader, isUnfinished, statOf } from './tree-files.js';

/**
 * Looks through what an earlier try has left of a tree. Directories and files that are what they should be, to the last
 * bit, stay, and so do large files that were being put together; all else is removed.
 * @returns the paths that are there for good
 */
export function surveyTree(root: string, manifest: Manifest): ReadonlySet<string> {
  const wanted = new Map(manifest.entries.map((entry) => [entry.path, entry]));
  const reader = createHashingReader();
  const present = new Set<string>();
  const begun = new Set<string>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder === '' ? root : `${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const found = judge(`${root}/${path}`, wanted.get(path), reader);
      if (found === 'wrong') remove(`${root}/${path}`);
      if (found === 'begun') begun.add(path);
      if (found !== 'there') continue;
      present.add(path);
      if (wanted.get(path)?.kind === 'dir') visit(path);
    }
  };
  visit('');
  for (const path of othersOf(manifest, present)) if (begun.has(path)) unlinkSync(`${root}/${path}`);
  return present;
}

/** Missing files whose content is put together at another missing one's path. */
function* othersOf({ entries }: Manifest, present: ReadonlySet<string>): Generator<string> {
  const seen = new Set<Hex>();
  for (const entry of entries) {
    if (entry.kind !== 'file' || present.has(entry.path)) continue;
    if (seen.has(entry.sha256)) yield entry.path;
    seen.add(entry.sha256);
  }
}

function judge(path: string, entry: Entry | undefined, reader: HashingReader): 'there' | 'begun' | 'wrong' {
  const stats = statOf(path);
  if (stats === undefined || entry === undefined) return 'wrong';
  if (entry.kind === 'dir') return stats.isDirectory() ? 'there' : 'wrong';
  if (entry.kind === 'link' || !stats.isFile()) return 'wrong'; // links are made last, all at once
  if (stats.size !== entry.size) return 'wrong';
  if (isUnfinished(stats) && entry.size > 0) return 'begun';
  const mode = stats.mode & 0o7777;
  if (mode !== fileMode(entry.executable)) return 'wrong';
  return isWhole(path, entry, reader) ? 'there' : 'wrong';
}

const isWhole = (path: string, { sha256 }: FileEntry, reader: HashingReader): boolean =>
  reader.hashFile(path) === sha256;

function remove(path: string): void {
  if (statOf(path)?.isDirectory() === true) rmSync(path, { recursive: true });
  else unlinkSync(path);
}
