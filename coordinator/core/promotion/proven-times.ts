import type { Digest } from '../../../shared/model/ids.js';
import type { ProvenTime } from './types.js';

/**
 * A build has proven itself: its time begins, and that of the one before ends. For one that is it already nothing changes.
 * Each build that an environment still knows as proven has one entry, so that none is forgotten before the proof itself is:
 * one that comes again begins earlier by what it had.
 * @param times newest first
 * @param known digests of all that are proven
 * @param up in milliseconds
 */
export function beginTime(
  times: readonly ProvenTime[],
  digest: Digest,
  known: readonly Digest[],
  up: number,
): readonly ProvenTime[] {
  const [current, ...earlier] = times;
  if (current?.digest === digest) return times;
  const ended = current === undefined ? [] : [{ ...current, until: up }, ...earlier];
  const since = up - (provenMs(ended, digest, up) ?? 0);
  const kept = ended.filter((time) => time.digest !== digest && known.includes(time.digest));
  return [{ digest, since }, ...kept];
}

/** How long a build was the proven one, all in all. Milliseconds of up-time; undefined: not that one knows. */
export function provenMs(times: readonly ProvenTime[], digest: Digest, up: number): number | undefined {
  const its = times.filter((time) => time.digest === digest);
  if (its.length === 0) return undefined;
  return its.reduce((sum, { since, until }) => sum + Math.max(0, (until ?? up) - since), 0);
}
