import type { Digest } from '../../../shared/model/ids.js';
import type { ProvenTime } from './types.js';

const keptTimes = 20;

/**
 * A build has proven itself: its time begins, and that of the one before ends. For one that is it already nothing changes.
 * @param times newest first
 * @param up in milliseconds
 */
export function beginTime(times: readonly ProvenTime[], digest: Digest, up: number): readonly ProvenTime[] {
  const [current, ...earlier] = times;
  if (current === undefined) return [{ digest, since: up }];
  if (current.digest === digest) return times;
  return [{ digest, since: up }, { ...current, until: up }, ...earlier].slice(0, keptTimes);
}

/** How long a build was the proven one, all in all. Milliseconds of up-time; undefined: not that one knows. */
export function provenMs(times: readonly ProvenTime[], digest: Digest, up: number): number | undefined {
  const its = times.filter((time) => time.digest === digest);
  if (its.length === 0) return undefined;
  return its.reduce((sum, { since, until }) => sum + Math.max(0, (until ?? up) - since), 0);
}
