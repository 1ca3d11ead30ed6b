import type { ReleaseVersion } from '../../shared/model/ids.js';
import type { Release } from '../../shared/model/release.js';

interface RetentionRequest {
  /** Of one application, in order of publication. */
  readonly releases: readonly Release[];
  /** How many of the newest are kept whatever becomes of them; 0: all. */
  readonly keep: number;
  /** Those in use somewhere, or that one may want to go back to. */
  readonly pinned: ReadonlySet<ReleaseVersion>;
}

/**
 * The releases that nobody needs any more, oldest first. What is live, was good last, or failed last is pinned: the
 * collector ate the good release (capistrano#1907, #2120, octopus#2083, codedeploy#57).
 */
export function releasesToRetire({ releases, keep, pinned }: RetentionRequest): readonly Release[] {
  const available = releases.filter(({ retiredAt }) => retiredAt === undefined);
  if (keep === 0) return [];
  return available
    .slice(0, Math.max(0, available.length - keep))
    .filter(({ version }) => !pinned.has(version));
}
