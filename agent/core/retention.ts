import type { StagedRelease } from './record.js';

/**
 * The directories that may go: all but the newest `keep`, and never one that is needed: what is live, the last good,
 * one failed, and what work or an assignment is about (capistrano#1907, octopus#2083: collectors ate the good one).
 */
export function removable(
  releases: readonly StagedRelease[],
  needed: ReadonlySet<string>,
  keep: number,
): readonly string[] {
  const newestFirst = [...releases].sort((a, b) => b.order - a.order);
  return newestFirst
    .slice(keep)
    .map((release) => release.dir)
    .filter((dir) => !needed.has(dir))
    .reverse();
}
