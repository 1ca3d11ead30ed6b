import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDir } from './make-dir.js';

/**
 * Writes a file so that, whatever happens and whenever, a reader finds the old content or the new one, and once
 * this resolves, the new one also after a power failure: write beside it, fsync, rename, fsync the directory.
 * Missing parent directories are made.
 * @param mode permission bits, 0600 by default
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600 }: { readonly mode?: number } = {},
): Promise<void> {
  const folder = dirname(path);
  await makeDurableDir(folder);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDir(folder);
}

/**
 * Removes what `writeDurably` left half-written below a folder when its process was killed. Only for who alone writes
 * there.
 */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.[0-9a-f]{12}\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Makes a directory and its parents; those that were made survive a power failure once this resolves. */
export async function makeDurableDir(path: string): Promise<void> {
  const first = makeDir(path);
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    await syncDir(dirname(folder));
  }
}

/** Puts a directory's entries (names made, renamed or removed in it) on disk. */
export async function syncDir(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
