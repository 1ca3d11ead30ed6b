import type { AppName, EnvName, NodeName, RolloutId } from '../../../shared/model/ids.js';
import { stepUnderWay } from '../../core/rollout/database.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { RolloutHeader } from '../../core/rollout/types/rollout.js';
import type { Batch } from '../batch.js';

interface Given {
  readonly node: NodeName;
  readonly generation: number;
  readonly intent: 'stage' | 'activate';
  readonly drain: boolean;
  readonly restart: boolean;
  readonly fetchBytesPerSecond: number;
  readonly rollout: RolloutId | undefined;
  readonly database: boolean;
  readonly standby: boolean;
}

/** Tells a node what it is to do about an application. */
export function assign(
  batch: Batch,
  place: { readonly app: AppName; readonly env: EnvName; readonly strategy: RolloutHeader['strategy'] },
  target: Target,
  given: Given,
): void {
  const before = batch.world.assignments.get(given.node)?.get(place.app);
  // Field by field: spreading an object costs more than all else here, and a fleet has thousands.
  batch.putAssignment({
    node: given.node,
    app: place.app,
    env: place.env,
    generation: given.generation,
    intent: given.intent,
    version: target.release.version,
    digest: target.release.digest,
    configRevision: target.configRevision,
    liveConfigRevision: before?.liveConfigRevision ?? '',
    drain: given.drain,
    restart: given.restart,
    minHealthyTimeMs: place.strategy.health.minHealthyTimeMs,
    healthDeadlineMs: place.strategy.health.deadlineMs,
    fetchBytesPerSecond: given.fetchBytesPerSecond,
    rollout: given.rollout,
    database: given.database,
    recalled: stepUnderWay(before),
    // To stage something leaves requests where they are.
    standby: given.intent === 'stage' ? (before?.standby ?? false) : given.standby,
    state: 'open',
    givenAt: batch.now,
  });
  batch.woken.add(given.node);
}
