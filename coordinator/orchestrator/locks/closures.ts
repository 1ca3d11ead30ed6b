import { scopeOf } from '../../../shared/model/lock.js';
import { sameClosure, windowClosure } from '../../core/rollout/closure.js';
import type { Closure } from '../../core/rollout/types/plan.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { feed } from '../rollouts/carry-out.js';
import { activeRollout, envKey, type World } from '../world.js';
import { clearHint, lockSentence, locksOn, lockWords } from './locks.js';

/** False once an environment may have opened or closed since it was last judged, or the clock was set back. */
export const isJudged = ({ judged }: World, now: number): boolean => now >= judged.at && now < judged.until;

/**
 * Ends the locks whose time is over, and tells the rollouts whose environments have opened or closed. Windows are worked out
 * for those alone that may have.
 */
export function judgeClosures(batch: Batch): void {
  const { world, now } = batch;
  // The clock was set back: what it says of every environment may be another thing.
  if (now < world.judged.at) world.edges.clear();
  endLocks(batch);
  for (const [key, environment] of world.environments) {
    if ((world.edges.get(key) ?? now) > now) continue;
    const { closure, until } = closureOf(world, environment, now);
    world.edges.set(key, until);
    takeClosure(batch, environment, closure);
  }
  let until = Number.POSITIVE_INFINITY;
  for (const lock of world.locks.values()) until = Math.min(until, lock.until ?? until);
  for (const edge of world.edges.values()) until = Math.min(until, edge);
  world.judged = { at: now, until };
}

function endLocks(batch: Batch): void {
  for (const lock of [...batch.world.locks.values()]) {
    if (lock.until === undefined || lock.until > batch.now) continue;
    batch.removeLock(lock);
    const { kind, app, env = '' } = lock;
    const { was } = lockWords[kind];
    batch.event(`env.${was}`, `${scopeOf(lock)} was ${was}: its time is over`, { app, env });
  }
}

function takeClosure(batch: Batch, { app, name }: EnvironmentRecord, closure: Closure | undefined): void {
  const key = envKey(app, name);
  const { closures } = batch.world;
  const isNew = !sameClosure(closures.get(key), closure);
  if (closure === undefined) closures.delete(key);
  else closures.set(key, closure);
  const rollout = activeRollout(batch.world, app, name);
  if (rollout === undefined) {
    if (isNew) batch.unsettled.set(key, 'all');
  } else if (!sameClosure(rollout.state.header.closed, closure)) {
    feed(batch, rollout, { kind: 'closure', closure });
  }
}

/** Why nothing may be started in the environment; `until`: how long that stays so at least. */
function closureOf(
  world: World,
  { app, name: env, spec: { maintenance } }: EnvironmentRecord,
  now: number,
): { readonly closure: Closure | undefined; readonly until: number } {
  const window =
    maintenance === undefined
      ? { closure: undefined, until: Number.POSITIVE_INFINITY }
      : windowClosure(maintenance, now);
  const [freeze] = locksOn(world, 'freeze', app, env);
  if (freeze === undefined) return window;
  const closure = {
    kind: 'freeze',
    waitsFor: `a thaw: ${lockSentence(freeze)}`,
    hint: clearHint(freeze),
  } as const;
  return { closure, until: window.until };
}
