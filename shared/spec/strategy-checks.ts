import type * as z from 'zod';
import { formatDuration } from '../core/duration.js';
import type { Strategy, WaveSpec } from '../model/application.js';
import { fault } from './validate.js';

/** Finds plans that could never be carried out, or in which one setting would silently override another. */
export function checkStrategy(strategy: Strategy, context: z.core.$RefinementCtx): void {
  checkWaves(strategy.waves, context);
  checkBatches(strategy, context);
  checkTimes(strategy, context);
}

function checkWaves(waves: readonly WaveSpec[], context: z.core.$RefinementCtx): void {
  const names = new Set<string>();
  let taker: string | undefined;
  waves.forEach((wave, index) => {
    if (names.has(wave.name))
      fault(context, `there are two waves named "${wave.name}"`, ['waves', index, 'name']);
    names.add(wave.name);
    if (taker !== undefined) {
      const message = `wave "${wave.name}" can never have a node: "${taker}" before it takes all that are left`;
      fault(context, message, ['waves', index]);
    }
    if (takesAll(wave)) taker ??= wave.name;
  });
  if (taker !== undefined) return;
  const message =
    'the waves leave nodes out; end with one that takes all that are left, such as { name: rest }';
  fault(context, message, ['waves', waves.length - 1]);
}

function takesAll({ members, within }: WaveSpec): boolean {
  if (within !== undefined) return false;
  if (members.kind === 'rest' || members.kind === 'by') return true;
  return members.kind === 'amount' && members.amount.kind === 'percent' && members.amount.percent === 100;
}

/** octopus: a parallelism above the window was silently cut; here it is said. */
function checkBatches({ waves, maxUnavailable }: Strategy, context: z.core.$RefinementCtx): void {
  waves.forEach(({ batch }, index) => {
    if (batch?.kind !== 'count' || maxUnavailable.kind !== 'count' || batch.count <= maxUnavailable.count)
      return;
    const message = `a batch of ${batch.count} can never be reached: maxUnavailable is ${maxUnavailable.count}`;
    fault(context, message, ['waves', index, 'batch']);
  });
}

function checkTimes({ health, progressDeadlineMs }: Strategy, context: z.core.$RefinementCtx): void {
  const { minHealthyTimeMs, deadlineMs } = health;
  if (minHealthyTimeMs >= deadlineMs) {
    const message = `minHealthyTime (${formatDuration(minHealthyTimeMs)}) must be shorter than deadline (${formatDuration(deadlineMs)}): no node could ever become healthy`;
    fault(context, message, ['health', 'minHealthyTime']);
  } else if (deadlineMs > progressDeadlineMs) {
    const message = `deadline (${formatDuration(deadlineMs)}) is longer than progressDeadline (${formatDuration(progressDeadlineMs)}), which would end the rollout first`;
    fault(context, message, ['health', 'deadline']);
  }
}
