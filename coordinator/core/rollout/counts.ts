import { atLeast, atMost } from './amounts.js';
import type { RolloutIndex, WaveCounts } from './rollout-index.js';
import type { RolloutCounts, RolloutHeader } from './types/rollout.js';

export const maxUnavailableOf = (header: RolloutHeader, index: Pick<RolloutIndex, 'counted'>): number =>
  atMost(header.strategy.maxUnavailable, index.counted);

export const stageRequiredOf = (header: RolloutHeader, index: Pick<RolloutIndex, 'stageBase'>): number =>
  header.strategy.stageRequire === undefined ? 0 : atLeast(header.strategy.stageRequire, index.stageBase);

/** A node that is not heard of is neither healthy nor failed: it has settled once it is back, or lost. */
export const settledOf = ({ size, queued, open, unheard }: WaveCounts): number =>
  size - queued - open - unheard;

/** The numbers a header carries for people. */
export function countsOf(header: RolloutHeader, index: RolloutIndex): RolloutCounts {
  const sum = (kind: keyof WaveCounts): number =>
    index.waves.reduce((total, wave) => total + wave[kind], 0) + index.joined[kind];
  const total = sum('size');
  return {
    total,
    settled: total - sum('queued') - sum('open') - sum('unheard'),
    healthy: sum('healthy') - sum('unheard'),
    failed: sum('failed'),
    lost: sum('lost'),
    skipped: sum('skipped'),
    excused: sum('excused'),
    open: sum('open'),
    unavailable: index.unavailable,
    maxUnavailable: maxUnavailableOf(header, index),
    staged: header.cause === 'stage' ? sum('staged') : index.stageDone,
    stageRequired: header.cause === 'stage' ? total : stageRequiredOf(header, index),
  };
}

/** Grows with every node that settles, or is staged while that is required; falls when one is lost or retried. */
export function progressOf(header: RolloutHeader, index: RolloutIndex): number {
  if (header.lane === 'back') return -index.backOpen;
  return index.waves.reduce((total, wave) => total + settledOf(wave), index.stageDone);
}
