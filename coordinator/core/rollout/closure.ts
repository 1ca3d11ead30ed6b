import type { Maintenance } from '../../../shared/model/maintenance.js';
import { windowsAt } from '../windows.js';
import type { Closure } from './types/plan.js';
import type { RolloutHeader } from './types/rollout.js';

type Held = Pick<RolloutHeader, 'closed' | 'cause' | 'lane' | 'staging' | 'slots'>;

/**
 * A freeze lets nothing be started. Outside its maintenance windows an environment lets nothing be activated forwards: to
 * fetch disturbs nobody, and what has failed is not left on nodes until the next window opens.
 * @param what a staging, or an activation of `to` or `from`
 */
export function isBarred({ closed, cause }: Held, what: 'stage' | 'to' | 'from'): boolean {
  if (closed === undefined) return false;
  return closed.kind === 'freeze' || (what === 'to' && cause !== 'rollback');
}

/**
 * What the rollout does now is barred: it waits for its environment to open, and its progress clock stands. Requests that are on
 * their way to another group, or have come there, wait for nothing.
 */
export function isHeldShut(header: Held): boolean {
  const step = header.slots?.step ?? 'preparing';
  if (step !== 'preparing' && step !== 'verified') return false;
  return isBarred(header, header.lane === 'back' ? 'from' : header.staging ? 'stage' : 'to');
}

/**
 * What keeps an environment with maintenance windows shut; undefined: a window is open.
 * @param now milliseconds since the epoch, as `until`, by which it is to be judged again
 */
export function windowClosure(
  maintenance: Maintenance,
  now: number,
): { readonly closure: Closure | undefined; readonly until: number } {
  const { open, until, unknownZone } = windowsAt(maintenance, now);
  if (open) return { closure: undefined, until };
  if (unknownZone !== undefined) {
    const waitsFor = `its maintenance window, whose time zone ${unknownZone} the coordinator's Node.js does not know`;
    const hint =
      'Name another time zone in its spec and apply that, or run the coordinator with a newer Node.js.';
    return { closure: { kind: 'window', waitsFor, hint }, until };
  }
  const opens = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z');
  const waitsFor = `its maintenance window, which opens at ${opens}`;
  return { closure: { kind: 'window', waitsFor, hint: '' }, until };
}

export const sameClosure = (a: Closure | undefined, b: Closure | undefined): boolean =>
  a?.kind === b?.kind && a?.waitsFor === b?.waitsFor;
