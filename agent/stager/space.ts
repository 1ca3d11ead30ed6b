import { statfs } from 'node:fs/promises';
import { formatBytes } from '../../shared/core/bytes.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Entry } from '../../shared/release/manifest.js';

/** A disk that is too full; freeing space there helps. */
export class NoSpace extends CapstanError {
  constructor(message: string, cause?: unknown) {
    super('failed', message, { hint: 'free some space there; the release is then fetched again', cause });
  }
}

/**
 * Checks, before anything is fetched, that what is to be made will fit (codedeploy#64, balena#674: disks fill).
 * @param entries what is not there yet, and is not linked to what is
 * @param reserveBytes what must be left free
 * @throws NoSpace
 */
export async function checkSpace(
  folder: string,
  entries: readonly Entry[],
  reserveBytes: number,
): Promise<void> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const needed = entries.reduce((sum, entry) => sum + blocksOf(entry, bsize), 0) * bsize;
  const free = bavail * bsize;
  if (needed + reserveBytes > free) {
    const reserve = reserveBytes === 0 ? '' : ` and ${formatBytes(reserveBytes)} are kept in reserve`;
    throw new NoSpace(
      `the release needs ${formatBytes(needed)} in ${folder}, where ${formatBytes(free)} are free${reserve}`,
    );
  }
  // File systems that make inodes as they need them say that they have none.
  if (files > 0 && entries.length > ffree) {
    throw new NoSpace(
      `the release has ${entries.length} more files and directories, and ${folder} can take ${ffree}`,
    );
  }
}

function blocksOf(entry: Entry, blockSize: number): number {
  return entry.kind === 'file' ? Math.ceil(entry.size / blockSize) : 1;
}
