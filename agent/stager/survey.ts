import { readdirSync, rmSync, unlinkSync } from 'node:fs';
import type { Entry, FileEntry, Manifest } from '../../shared/release/manifest.js';
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
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder === '' ? root : `${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const found = judge(`${root}/${path}`, wanted.get(path), reader);
      if (found === 'wrong') remove(`${root}/${path}`);
      if (found !== 'there') continue;
      present.add(path);
      if (wanted.get(path)?.kind === 'dir') visit(path);
    }
  };
  visit('');
  return present;
}

function judge(path: string, entry: Entry | undefined, reader: HashingReader): 'there' | 'begun' | 'wrong' {
  const stats = statOf(path);
  if (stats === undefined || entry === undefined) return 'wrong';
  if (entry.kind === 'dir') return stats.isDirectory() ? 'there' : 'wrong';
  if (entry.kind === 'link' || !stats.isFile()) return 'wrong'; // links are made last, all at once
  if (isUnfinished(stats)) return 'begun';
  const mode = stats.mode & 0o7777;
  if (stats.size !== entry.size || mode !== fileMode(entry.executable)) return 'wrong';
  return isWhole(path, entry, reader) ? 'there' : 'wrong';
}

const isWhole = (path: string, { sha256 }: FileEntry, reader: HashingReader): boolean =>
  reader.hashFile(path) === sha256;

function remove(path: string): void {
  if (statOf(path)?.isDirectory() === true) rmSync(path, { recursive: true });
  else unlinkSync(path);
}
