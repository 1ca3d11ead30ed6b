import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those it lies in. Unlike Node's own recursive mode it ends where a file system makes no
 * directories (below /proc that one goes on for ever).
 * @param mode of those that are made, permission bits
 * @returns the topmost one that was made; undefined if all were there
 * @throws as `mkdirSync`
 */
export function makeDir(path: string, mode = 0o777): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : makeDir(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return first;
    throw error;
  }
  return first ?? path;
}
