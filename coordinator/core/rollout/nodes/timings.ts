import type { RolloutNode } from '../types/node.js';
import type { RolloutTimings } from '../types/rollout.js';
import type { Timing } from '../types/time.js';

const none: Timing = { nodes: 0, ms: 0 };

/**
 * Adds what a report has shown of how long this takes: to get the release onto a disk, and to change a node that has it.
 * The minimum healthy time is none of the node's, so it is left out. Only what ended well counts.
 * @param minHealthyTimeMs of the rollout's strategy
 */
export function withTimings(
  sum: RolloutTimings | undefined,
  before: RolloutNode,
  after: RolloutNode,
  minHealthyTimeMs: number,
): RolloutTimings | undefined {
  const { fetch = none, change = none } = sum ?? {};
  if (hasFetched(before, after)) return { fetch: more(fetch, after.began, before.since), change };
  if (hasChanged(before, after)) {
    const ready = (after.began ?? after.since) + minHealthyTimeMs;
    return { fetch, change: more(change, after.since, ready) };
  }
  return sum;
}

/** True as it leaves the fetching of `to` behind: the change begins. */
export const hasFetched = (before: RolloutNode, after: RolloutNode): boolean =>
  before.phase === 'staging' &&
  !before.onDisk &&
  after.target === 'to' &&
  after.phase !== 'staging' &&
  (after.phase === 'staged' || (after.open && after.phase !== 'lost'));

const hasChanged = (before: RolloutNode, after: RolloutNode): boolean =>
  before.open && after.phase === 'healthy' && after.target === 'to' && after.began !== undefined;

const more = ({ nodes, ms }: Timing, end: number | undefined, begin: number): Timing => ({
  nodes: nodes + 1,
  ms: ms + Math.max(0, (end ?? begin) - begin),
});
