import { lstatSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { quoted } from '../../shared/release/path-rules.js';
import type { Difference } from './protocol.js';
import { createHashingReader, type HashingReader } from './tree/tree-files.js';

/** A file that the agent made of a template. */
export interface RenderedFile {
  /** Within the release. */
  readonly path: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Where the agent notes what it rendered into a release. */
export const renderedFileOf = (recordFile: string): string => `${recordFile.replace(/\.json$/, '')}.rendered`;

/** What was rendered into a release last, or was about to be; nothing if that is not known. */
export async function readRendered(recordFile: string): Promise<readonly RenderedFile[]> {
  try {
    const found: unknown = JSON.parse(await readFile(renderedFileOf(recordFile), 'utf8'));
    return Array.isArray(found) ? found.filter(isRenderedFile) : [];
  } catch {
    // None was rendered, or the note is damaged: then the next rendering writes it anew.
    return [];
  }
}

/** The rendered files of a release that are not what was rendered. */
export function compareRendered(root: string, rendered: readonly RenderedFile[]): readonly Difference[] {
  const reader = createHashingReader();
  return rendered.flatMap(({ path, ...file }): readonly Difference[] => {
    const stats = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
    if (stats === undefined) return [{ path, kind: 'missing', message: `${quoted(path)} is missing` }];
    if (isAsRendered(`${root}/${path}`, file, stats, reader)) return [];
    return [{ path, kind: 'content', message: `${quoted(path)} is not what was rendered` }];
  });
}

export function isAsRendered(
  path: string,
  { size, mode, sha256 }: Omit<RenderedFile, 'path'>,
  stats: Stats,
  reader: HashingReader,
): boolean {
  if (!stats.isFile() || stats.size !== size || (stats.mode & 0o7777) !== mode) return false;
  try {
    return reader.hashFile(path) === sha256;
  } catch {
    return false; // what cannot be read is not what was rendered
  }
}

function isRenderedFile(value: unknown): value is RenderedFile {
  if (typeof value !== 'object' || value === null) return false;
  const { path, size, sha256, mode } = value as Readonly<Record<string, unknown>>;
  return (
    typeof path === 'string' &&
    typeof size === 'number' &&
    typeof sha256 === 'string' &&
    typeof mode === 'number'
  );
}
