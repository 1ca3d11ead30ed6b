import { CapstanError } from '../../../shared/model/errors.js';
import { type Lock, scopeOf } from '../../../shared/model/lock.js';
import type { LockCommand, UnlockCommand } from '../../ports/operations.js';
import type { Batch } from '../batch.js';
import { findEnvironment, requireApplication } from '../commands/places.js';
import { lockKey } from '../world.js';
import { judgeClosures } from './closures.js';
import { byRestore, clearHint, lockSentence, lockWords, timeText } from './locks.js';

/**
 * Locks or freezes an environment, or all of an application. Whoever holds it already may change reason and end.
 * @throws CapstanError `notFound`, `refused` if somebody else holds it, `invalid` if it would be over at once
 */
export function lock(batch: Batch, command: LockCommand, by: string): Lock {
  const { kind, app, env, reason, until } = command;
  requirePlace(batch, command);
  const { is, set } = lockWords[kind];
  if (until !== undefined && until <= batch.now) {
    throw new CapstanError('invalid', `It is ${timeText(batch.now)} already: ${timeText(until)} is over.`, {
      hint: 'Give a time to come, or a duration such as 2h.',
    });
  }
  const held = batch.world.locks.get(lockKey(command));
  if (held !== undefined && held.owner !== by) {
    throw new CapstanError('refused', `${lockSentence(held)}.`, {
      hint: `To ${set} it yourself, take that away first: ${clearHint(held, by)}`,
    });
  }
  const made: Lock = { kind, app, env, owner: by, reason, since: held?.since ?? batch.now, until };
  batch.putLock(made);
  const end = until === undefined ? '' : ` until ${timeText(until)}`;
  batch.event(`env.${is}`, `${by} has ${is} ${scopeOf(made)}${end}`, {
    ...{ app, env: env ?? '', actor: by, reason },
  });
  judgeClosures(batch);
  return made;
}

/**
 * @param command `force`: also what somebody else holds
 * @throws CapstanError `notFound`, `refused`
 */
export function unlock(batch: Batch, command: UnlockCommand, by: string): Lock {
  const { kind, app, env, reason, force } = command;
  requirePlace(batch, command);
  const { is, was } = lockWords[kind];
  const held = batch.world.locks.get(lockKey(command));
  if (held === undefined) {
    const scope = scopeOf(command);
    const wider =
      env === undefined ? undefined : batch.world.locks.get(lockKey({ kind, app, env: undefined }));
    throw new CapstanError('notFound', `${scope} is not ${is}.`, {
      hint: wider === undefined ? 'See `capstan status`.' : `All of ${app} is: ${clearHint(wider, by)}`,
    });
  }
  if (held.owner !== by && !force) {
    throw new CapstanError('refused', `${lockSentence(held)}.`, {
      hint: `${held.owner === byRestore ? 'Insist, once you have looked' : `Ask ${held.owner}, or insist`}: ${clearHint(held, by)}`,
    });
  }
  batch.removeLock(held);
  const whose = held.owner === by ? '' : `, which ${held.owner} had ${is}`;
  batch.event(`env.${was}`, `${by} has ${was} ${scopeOf(held)}${whose}`, {
    ...{ app, env: env ?? '', actor: by, reason },
  });
  judgeClosures(batch);
  return held;
}

function requirePlace({ world }: Batch, { app, env }: Pick<Lock, 'app' | 'env'>): void {
  if (env === undefined) requireApplication(world, app);
  else findEnvironment(world, app, env);
}
