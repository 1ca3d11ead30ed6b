import type { LockKind } from '../../../shared/model/lock.js';
import type { LockView, WindowView } from '../../../shared/wire/operator-client.js';
import { optional, toSecond } from './wire-words.js';

/** A lock or a freeze as `--output json` prints it. */
export const lockJson = ({ scope, owner, reason, since, until }: LockView) => ({
  scope,
  owner,
  reason,
  since,
  ...optional('until', until),
});

export type LockJson = ReturnType<typeof lockJson>;

/** `web/production is locked by ann until 2026-11-30T08:00:00Z: the sale (since 2026-11-27T18:00:00Z)` */
export function lockText({ scope, owner, reason, since, until }: LockJson, kind: LockKind): string {
  const end = until === undefined ? '' : ` until ${toSecond(until)}`;
  return `${scope} is ${kind === 'lock' ? 'locked' : 'frozen'} by ${owner}${end}: ${reason} (since ${toSecond(since)})`;
}

/** `web/production is unlocked: ann had locked it since 2026-11-27T18:00:00Z (the sale)` */
export function clearedText({ scope, owner, reason, since }: LockJson, kind: LockKind): string {
  const [is, was] = kind === 'lock' ? ['unlocked', 'locked'] : ['thawed', 'frozen'];
  return `${scope} is ${is}: ${owner} had ${was} it since ${toSecond(since)} (${reason})`;
}

/** Whether the maintenance window of an environment is open, and when that changes. */
export const windowJson = ({ open, until }: WindowView) =>
  open ? { open, closesAt: until } : { open, opensAt: until };

export type WindowJson = ReturnType<typeof windowJson>;

export const windowText = ({ open, closesAt, opensAt }: WindowJson): string =>
  open
    ? `its maintenance window is open until ${momentText(closesAt)}`
    : `its maintenance window opens at ${momentText(opensAt)}`;

const momentText = (time: string | undefined): string => (time === undefined ? '-' : toSecond(time));
