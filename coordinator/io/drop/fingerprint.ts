import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How a file, or everything in a folder, looks from outside: two looks that give the same mean that nobody wrote between them, as
 * far as sizes and times tell. Undefined if it is not there.
 */
export async function fingerprintOf(path: string): Promise<string | undefined> {
  const stats = await statsOf(path);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
  const seen = { entries: 0, bytes: 0, newest: stats.ctimeMs };
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const [entry, found] of await entriesIn(folder)) {
      seen.entries += 1;
      seen.bytes += found.isFile() ? found.size : 0;
      seen.newest = Math.max(seen.newest, found.mtimeMs, found.ctimeMs);
      if (found.isDirectory()) folders.push(entry);
    }
  }
  return `${stats.ino}:${seen.entries}:${seen.bytes}:${seen.newest}`;
}

/** Whoever writes there may move things while they are counted: what is gone is not counted. */
async function entriesIn(folder: string): Promise<readonly (readonly [path: string, stats: Stats])[]> {
  const found: (readonly [string, Stats])[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      const path = join(folder, name);
      const stats = await statsOf(path);
      if (stats !== undefined) found.push([path, stats]);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return found;
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
