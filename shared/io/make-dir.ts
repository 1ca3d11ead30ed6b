import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CapstanError } from '../model/errors.js';

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

/**
 * Makes a directory that a program keeps what is its own in, and says so where it cannot.
 * @param of `what` it is (`The data directory`) and the `setting` that names it
 * @throws CapstanError `failed`
 */
export function makeOwnDir(
  path: string,
  of: { readonly mode: number; readonly what: string; readonly setting: string },
): void {
  try {
    makeDir(path, of.mode);
  } catch (cause) {
    throw unusableDir(path, 'made', of, cause);
  }
}

/** @param verb what it cannot be: `made`, `used` */
export function unusableDir(
  path: string,
  verb: string,
  { what, setting }: { readonly what: string; readonly setting: string },
  cause: unknown,
): CapstanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const hint = `Choose another one with ${setting}, or make it and give it to the user that runs this program.`;
  return new CapstanError('failed', `${what} ${path} cannot be ${verb}: ${why}.`, { hint, cause });
}
