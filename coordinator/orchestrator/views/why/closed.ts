import { closedSince } from '../../../core/windows.js';
import type { EnvironmentRecord } from '../../../ports/state-store.js';
import { clearHint, lockSentence, locksOn } from '../../locks/locks.js';
import { envKey, type World } from '../../world.js';

/** What keeps an environment shut. */
export interface Shut {
  readonly why: string;
  /** Milliseconds since the epoch; undefined: not known. */
  readonly since: number | undefined;
  readonly hint: string;
}

/** What keeps people from deploying there, freezes first, and what lets nothing be activated. */
export function shutBy(
  world: World,
  { app, name: env, spec }: EnvironmentRecord,
  now: number,
): readonly Shut[] {
  const locks = [...locksOn(world, 'freeze', app, env), ...locksOn(world, 'lock', app, env)];
  const closure = world.closures.get(envKey(app, env));
  const window =
    closure?.kind === 'window'
      ? [
          {
            why: `${app}/${env} waits for ${closure.waitsFor}`,
            since: windowSince(spec, now),
            hint: closure.hint,
          },
        ]
      : [];
  return [
    ...locks.map((lock) => ({ why: lockSentence(lock), since: lock.since, hint: clearHint(lock) })),
    ...window,
  ];
}

const windowSince = ({ maintenance }: EnvironmentRecord['spec'], now: number): number | undefined =>
  maintenance && closedSince(maintenance, now);
