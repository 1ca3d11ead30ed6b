import { nextWake } from '../core/rollout/decide.js';
import type { Batch } from './batch.js';
import { feed } from './rollouts/carry-out.js';
import { stalledFetches } from './shares.js';
import type { World } from './world.js';

/** Whether something is to be done by now because time has passed. @param up the coordinator's up-time. Milliseconds */
export function isDue(world: World, up: number): boolean {
  for (const due of world.autoDue.values()) if (due <= up) return true;
  if (stalledFetches(world, up).length > 0) return true;
  for (const { state } of world.rollouts.values()) {
    if ((nextWake(state) ?? Number.POSITIVE_INFINITY) <= up) return true;
  }
  return false;
}

/** Does what is due. */
export function doDue(batch: Batch): void {
  const { world, up } = batch;
  for (const [app, due] of world.autoDue) if (due <= up) batch.moved.add(app);
  for (const given of stalledFetches(world, up)) batch.shareOut(given);
  for (const rollout of [...world.rollouts.values()]) {
    if ((nextWake(rollout.state) ?? Number.POSITIVE_INFINITY) <= up) feed(batch, rollout, { kind: 'tick' });
  }
}
