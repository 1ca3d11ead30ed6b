import { progressOf } from './counts.js';
import { amend, type Draft, timeOf } from './draft.js';
import type { RolloutHeader } from './types.js';

/** The progress clock stands in bakes, at gates and in pauses. */
function clockRuns(header: RolloutHeader): boolean {
  if (header.hold !== undefined) return false;
  if (header.lane === 'back' || header.staging) return true;
  const status = header.waves[header.currentWave]?.status;
  return status === undefined || status === 'running';
}

/**
 * Moves the progress deadline on if more nodes than ever have settled. It is stored, and judged by any event,
 * the tick among them (nomad#11267: a deadline of 10 minutes that ran 7 days).
 */
export function noteProgress(draft: Draft): void {
  const { header, index, now } = draft;
  if (!clockRuns(header)) {
    if (header.progressDue !== undefined) amend(draft, { progressDue: undefined });
    return;
  }
  const progress = progressOf(header, index);
  if (header.progressDue !== undefined && progress <= header.progressHigh) return;
  amend(draft, {
    progressDue: timeOf(draft) + header.strategy.progressDeadlineMs,
    progressHigh: Math.max(progress, header.progressHigh),
    progressAt: now,
  });
}

/** Resume, retry and approve give the full time again (nomad GH-27804, argo#279). */
export function restartProgress(draft: Draft): void {
  amend(draft, { progressDue: undefined, progressHigh: progressOf(draft.header, draft.index) });
}

export const isOverdue = (draft: Draft): boolean =>
  draft.header.progressDue !== undefined && timeOf(draft) >= draft.header.progressDue;
