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

/** A disk that takes nothing now and may later; collecting releases would not help. */
export class DiskTrouble extends CapstanError {
  constructor(message: string, hint: string, cause: unknown) {
    super('failed', message, { hint, cause });
  }
}

/** What the node allows the application; only collecting releases helps. */
export class OverQuota extends CapstanError {
  constructor(needed: number, quota: number) {
    const others = 'the release and those of the application that must stay';
    super('failed', `${others} take ${formatBytes(needed)}, and --quota-mb allows ${formatBytes(quota)}`, {
      hint: 'give the agent a larger quota, or publish smaller releases',
    });
  }
}

/**
 * Checks that all releases of an application together stay within its quota. What several have is counted once, for
 * they share it on disk.
 * @param quotaBytes 0: no limit
 * @throws OverQuota
 */
export function checkQuota(releases: readonly (readonly Entry[])[], quotaBytes: number): void {
  if (quotaBytes === 0) return;
  const sizes = new Map<string, number>();
  for (const entry of releases.flat()) if (entry.kind === 'file') sizes.set(entry.sha256, entry.size);
  const needed = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (needed > quotaBytes) throw new OverQuota(needed, quotaBytes);
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
