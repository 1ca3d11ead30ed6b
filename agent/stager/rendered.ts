import { readFile } from 'node:fs/promises';

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
