import type { Release } from '../../../shared/model/release.js';
import type { Reached } from './types.js';

/** Of builds that never pass, so many are looked at each time. */
const maxCandidates = 50;

/**
 * The releases that an environment may be taken to without being asked for, newest first: those published after everything that
 * was ever asked for there. What was rolled back, or aborted, is not tried again by itself (nomad PR 3496).
 * @param releases in order of publication
 */
export function candidates(releases: readonly Release[], reached: Reached | undefined): readonly Release[] {
  const found: Release[] = [];
  for (let at = releases.length - 1; at >= 0 && found.length < maxCandidates; at--) {
    const release = releases[at];
    if (release === undefined || isReached(release, reached)) break;
    if (release.retiredAt === undefined) found.push(release);
  }
  return found;
}

const isReached = ({ version, publishedAt }: Release, reached: Reached | undefined): boolean =>
  reached !== undefined && (version === reached.version || publishedAt < reached.publishedAt);

/** The farther of what was reached and what is asked for now. */
export function farther(reached: Reached | undefined, { version, publishedAt }: Reached): Reached {
  if (reached !== undefined && reached.publishedAt > publishedAt) return reached;
  return { version, publishedAt };
}
