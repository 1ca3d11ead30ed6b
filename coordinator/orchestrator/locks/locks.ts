import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName } from '../../../shared/model/ids.js';
import { type Lock, type LockKind, scopeOf } from '../../../shared/model/lock.js';
import { lockKey, type World } from '../world.js';

/** Commands, and how what they did is told. */
export const lockWords = {
  lock: { set: 'lock', clear: 'unlock', is: 'locked', was: 'unlocked' },
  freeze: { set: 'freeze', clear: 'thaw', is: 'frozen', was: 'thawed' },
} as const satisfies Record<LockKind, object>;

/** RFC 3339, to the second. */
export const timeText = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** `web/production is locked by ann until 2026-11-24T08:00:00Z: the sale` */
export function lockSentence(lock: Lock): string {
  const until = lock.until === undefined ? '' : ` until ${timeText(lock.until)}`;
  return `${scopeOf(lock)} is ${lockWords[lock.kind].is} by ${lock.owner}${until}: ${lock.reason}`;
}

/** Whose the locks are that a restored or outranked coordinator has put up: nobody can be asked for these. */
export const byRestore = 'restore';

/**
 * What takes a lock away; anybody but its owner has to insist.
 * @param by who asks; undefined: not known
 */
export function clearHint(lock: Lock, by?: string): string {
  const command = `capstan env ${lockWords[lock.kind].clear} ${scopeOf(lock)} --reason TEXT`;
  if (by === undefined && lock.owner !== byRestore)
    return `${command} (and --force, unless you are ${lock.owner})`;
  return lock.owner === by ? command : `${command} --force`;
}

/** The environment's own and that of its whole application. Those whose time is over were ended before anything is decided. */
export function locksOn(world: World, kind: LockKind, app: AppName, env: EnvName): readonly Lock[] {
  return [env, undefined].flatMap((on) => {
    const lock = world.locks.get(lockKey({ kind, app, env: on }));
    return lock === undefined ? [] : [lock];
  });
}

/**
 * May this person start something in the environment?
 * @throws CapstanError `refused` that names who keeps it shut, since when and why
 */
export function permitStart(world: World, app: AppName, env: EnvName, by: string): void {
  const [freeze] = locksOn(world, 'freeze', app, env);
  if (freeze !== undefined) throw shut(freeze, by, 'Nobody deploys there until it is thawed');
  permitChange(world, app, env, by);
}

/** As above, for what brings on a rollout that is under way: a freeze holds that by itself. */
export function permitChange(world: World, app: AppName, env: EnvName, by: string): void {
  const lock = locksOn(world, 'lock', app, env).find(({ owner }) => owner !== by);
  if (lock !== undefined) throw shut(lock, by, `Only ${lock.owner} deploys there`);
}

const shut = (lock: Lock, by: string, rule: string): CapstanError =>
  new CapstanError('refused', `${lockSentence(lock)} (since ${timeText(lock.since)}).`, {
    hint: `${rule}; to take it away: ${clearHint(lock, by)}`,
  });
