import { isHeldShut } from './closure.js';
import { progressOf } from './counts.js';
import { databaseMs } from './database.js';
import { amend, type Draft, timeOf } from './draft.js';
import type { WaveCounts } from './rollout-index.js';
import type { RolloutHeader } from './types/rollout.js';
import type { Millis } from './types/time.js';

/**
 * The progress clock stands in bakes, at gates, in pauses, outside of maintenance windows, in freezes, once the requests are to
 * be switched, while the fleet's bandwidth is given to others, and while a wave only waits to hear of its nodes.
 */
function clockRuns({ header, index }: Draft): boolean {
  if (header.hold !== undefined || isHeldShut(header)) return false;
  // A switch has times of its own, and what comes after it waits for a person.
  if (header.slots !== undefined && header.slots.step !== 'preparing') return false;
  // Its nodes wait for their turn while others' fetch.
  if (header.awaitsTurn && index.open.size + index.fetching.size === 0) return false;
  if (header.lane === 'back' || header.staging) return true;
  const status = header.waves[header.currentWave]?.status;
  return status === undefined || (status === 'running' && !waitsToHear(index.waves[header.currentWave]));
}

/** Only nodes that are not heard of keep the wave from passing: they come back, or are lost after a time of their own. */
const waitsToHear = (counts: WaveCounts | undefined): boolean =>
  counts !== undefined && counts.unheard > 0 && counts.queued + counts.open === 0;

/**
 * Moves the progress deadline on if more nodes than ever have settled, or one that stages has fetched more. It is stored, and judged by any event,
 * the tick among them (nomad#11267: a deadline of 10 minutes that ran 7 days).
 */
export function noteProgress(draft: Draft): void {
  const { header, index, now } = draft;
  if (!clockRuns(draft)) {
    if (header.progressDue !== undefined) amend(draft, { progressDue: undefined });
    return;
  }
  const progress = progressOf(header, index);
  if (header.progressDue !== undefined && progress <= header.progressHigh && !draft.fetched) return;
  draft.fetched = false;
  amend(draft, {
    progressDue: timeOf(draft) + progressTimeOf(header),
    progressHigh: Math.max(progress, header.progressHigh),
    progressAt: now,
  });
}

/** How long it may take until another node settles. */
export const progressTimeOf = (header: RolloutHeader): Millis =>
  header.strategy.progressDeadlineMs + databaseMs(header);

/** Resume, retry and approve give the full time again (nomad GH-27804, argo#279). */
export function restartProgress(draft: Draft): void {
  amend(draft, { progressDue: undefined, progressHigh: progressOf(draft.header, draft.index) });
}

export const isOverdue = (draft: Draft): boolean =>
  draft.header.progressDue !== undefined && timeOf(draft) >= draft.header.progressDue;
