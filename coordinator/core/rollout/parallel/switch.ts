import { formatDuration } from '../../../../shared/core/duration.js';
import { valuesOf } from '../../collections/hash-map.js';
import { budgetOf } from '../amounts.js';
import { startActivations } from '../assign.js';
import { isBarred } from '../closure.js';
import { noReturn } from '../database.js';
import { amend, type Draft, isOver, record, timeOf } from '../draft.js';
import { listed, plural, versionOf } from '../explain/sentences.js';
import { finish } from '../finish.js';
import { succeed, unproven } from '../succeed.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutHeader } from '../types/rollout.js';
import { isSwitching, type SlotName, type Slots, slotText, staysSentence } from './slots.js';
import { newSwitch, setGroup, tell } from './tell.js';

/** Who wants something, and why; absent: the engine. */
export interface Asked {
  readonly actor?: string;
  readonly reason?: string;
}

/**
 * The fresh group has passed its waves: what remains is to send it the requests, and to keep the old one for a
 * while. The group that is switched to takes requests before the other one stops, so that there is always one.
 */
export function advanceSwitch(draft: Draft): void {
  for (;;) {
    const before = draft.header.slots;
    if (before === undefined || isOver(draft.header)) return;
    if (draft.header.hold !== undefined && !isSwitching(draft.header)) return;
    takeStep(draft, before);
    if (draft.header.slots === before) return;
  }
}

function takeStep(draft: Draft, slots: Slots): void {
  switch (slots.step) {
    case 'preparing':
      verified(draft, slots);
      return;
    case 'verified':
      startActivations(draft); // of nodes that came back
      if (switchesByItself(draft.header) && !isBarred(draft.header, 'to')) beginSwitch(draft, 'fresh', {});
      return;
    case 'opening':
      opening(draft, slots);
      return;
    case 'overlapping':
      overlapping(draft, slots);
      return;
    case 'kept':
      kept(draft, slots);
  }
}

/** A way back is not made to wait for anybody. */
const switchesByItself = ({ strategy, cause }: RolloutHeader): boolean =>
  strategy.parallel?.switch === 'auto' || cause === 'rollback';

const move = (draft: Draft, slots: Slots, change: Partial<Slots>): void => {
  amend(draft, { slots: { ...slots, ...change } });
};

function verified(draft: Draft, slots: Slots): void {
  const trouble = unproven(draft);
  if (trouble !== undefined) {
    finish(draft, 'failed', trouble);
    return;
  }
  move(draft, slots, { step: 'verified' });
  const what = `${versionOf(draft.header, 'to')} is verified on ${slotText(slots, 'fresh') ?? ''}`;
  const waits = switchesByItself(draft.header) ? '' : '; it waits for the switch';
  record(draft, 'slot.verified', `${what}${waits}`);
}

/** Tells a group to take requests. The other one goes on until it does. */
export function beginSwitch(draft: Draft, towards: SlotName, asked: Asked): void {
  const { slots, strategy } = draft.header;
  if (slots === undefined) return;
  move(draft, slots, { step: 'opening', towards, until: timeOf(draft) + strategy.health.deadlineMs });
  newSwitch(draft);
  const by = asked.actor === undefined ? '' : ` by ${asked.actor}`;
  const to = slotText(slots, towards) ?? '';
  record(draft, 'switch.started', `${to} is told to take requests${by}`, asked);
  setGroup(draft, towards, false);
  tell(draft);
}

function opening(draft: Draft, slots: Slots): void {
  const { told, ready } = countsOf(draft, slots.towards);
  const isLate = slots.until !== undefined && timeOf(draft) >= slots.until;
  if (ready < told && !isLate) return;
  if (told === 0 && !isLate) return; // they may come back
  const trouble = troubleIn(draft, slots.towards);
  if (trouble !== undefined) {
    fail(draft, slots, trouble);
    return;
  }
  const { overlapMs = 0 } = draft.header.strategy.parallel ?? {};
  move(draft, slots, { step: 'overlapping', until: timeOf(draft) + overlapMs });
}

function overlapping(draft: Draft, slots: Slots): void {
  const trouble = troubleIn(draft, slots.towards);
  if (trouble !== undefined) {
    fail(draft, slots, trouble);
    return;
  }
  if (slots.until !== undefined && timeOf(draft) < slots.until) return;
  // What is under way there is let come to its end: it would take requests afterwards.
  if (slots.towards === 'old' && draft.index.open.size > 0) return;
  close(draft, slots);
}

/** The switch is done. */
function close(draft: Draft, slots: Slots): void {
  drainOther(draft, slots);
  if (slots.towards === 'old') {
    move(draft, slots, { step: 'verified', towards: 'fresh', until: undefined });
    finish(draft, 'rolledBack', draft.header.reason);
    return;
  }
  move(draft, slots, { step: 'kept', until: keptUntil(draft) });
  // Nobody goes back to what one has just left, nor to nothing.
  if (slots.old === undefined || draft.header.cause === 'rollback') succeed(draft);
}

/** The group that was switched to takes the requests alone from now on. */
function drainOther(draft: Draft, slots: Slots): void {
  const { towards } = slots;
  const other = towards === 'fresh' ? 'old' : 'fresh';
  setGroup(draft, other, true);
  tell(draft);
  const slot = towards === 'fresh' ? slots.fresh : slots.old;
  if (slot !== undefined) draft.effects.push({ kind: 'switched', slot });
  const now = `${slotText(slots, towards) ?? ''} takes the requests`;
  const from = slotText(slots, other);
  record(draft, 'switch.done', from === undefined ? now : `${now}, ${from} drains`);
}

function keptUntil(draft: Draft): number | undefined {
  const { releaseAfterMs } = draft.header.strategy.parallel ?? {};
  return releaseAfterMs === undefined ? undefined : timeOf(draft) + releaseAfterMs;
}

/** The old group is kept for its whole time from now on. */
export function keepAfresh(draft: Draft): void {
  const { slots } = draft.header;
  if (slots?.step === 'kept') move(draft, slots, { until: keptUntil(draft) });
}

function kept(draft: Draft, slots: Slots): void {
  startActivations(draft);
  const trouble = freshTrouble(draft);
  if (trouble !== undefined) {
    // To hear nothing of them is no proof that they serve nobody (elastic#15557).
    if (countsOf(draft, 'fresh').told === 0 && isOutOfSight(draft)) {
      hold(draft, `${trouble}: they are lost, but may go on serving`);
      return;
    }
    if (draft.header.strategy.onFailure === 'rollback' && noReturn(draft) === undefined) {
      amend(draft, { reason: trouble });
      beginSwitch(draft, 'old', { reason: trouble });
    } else {
      hold(draft, trouble);
    }
    return;
  }
  if (slots.until !== undefined && timeOf(draft) >= slots.until) release(draft, {});
}

/** The old group is kept no longer. */
export function release(draft: Draft, asked: Asked): void {
  const { slots } = draft.header;
  const old = slots && slotText(slots, 'old');
  const by = asked.actor === undefined ? '' : ` by ${asked.actor}`;
  if (old !== undefined) record(draft, 'slot.released', `${old} was released${by}`, asked);
  succeed(draft);
}

/** The switch is undone: the group that took the requests goes on taking them, alone. */
function fail(draft: Draft, slots: Slots, trouble: string): void {
  const reason = `the switch to ${slotText(slots, slots.towards) ?? ''} failed: ${trouble}`;
  undoSwitch(draft);
  record(draft, 'switch.failed', reason);
  if (slots.towards === 'fresh' && draft.header.strategy.onFailure === 'rollback') {
    finish(draft, 'failed', `${reason}; ${staysSentence(slots)}`);
    return;
  }
  hold(draft, reason);
}

function hold(draft: Draft, reason: string): void {
  amend(draft, { hold: { by: 'engine', actor: '', reason, since: draft.now }, reason });
  record(draft, 'rollout.paused', `paused: ${reason}`);
}

/**
 * Leaves one group with requests if a switch is under way and the rollout is to end: the one that had them all the
 * time, which needs no overlap. Only a fresh group that is in trouble loses them at once: its way back is finished.
 */
export function endSwitch(draft: Draft): void {
  const { slots } = draft.header;
  if (slots === undefined || !isSwitching(draft.header)) return;
  if (slots.towards === 'old' && freshTrouble(draft) !== undefined) {
    drainOther(draft, slots);
    move(draft, slots, { step: 'verified', towards: 'fresh', until: undefined });
    return;
  }
  undoSwitch(draft);
}

/** Leaves one group with requests if a switch is under way: the one that had them when it began. */
export function undoSwitch(draft: Draft): void {
  const { slots } = draft.header;
  if (slots === undefined || (slots.step !== 'opening' && slots.step !== 'overlapping')) return;
  setGroup(draft, slots.towards, true);
  tell(draft);
  const step = slots.towards === 'fresh' ? 'verified' : 'kept';
  move(draft, slots, { step, towards: 'fresh', until: undefined });
}

const countsOf = ({ index }: Draft, slot: SlotName): { readonly told: number; readonly ready: number } =>
  slot === 'fresh'
    ? { told: index.freshTold, ready: index.freshReady }
    : { told: index.oldTold, ready: index.oldReady };

/** Why the fresh group cannot be left to take the requests alone, if it cannot. */
export const freshTrouble = (draft: Draft): string | undefined => troubleIn(draft, 'fresh');

/** True if nodes of the fresh group that took requests are lost. */
function isOutOfSight({ nodes }: Draft): boolean {
  for (const { slot, phase, beneath, told } of valuesOf(nodes))
    if (slot === 'fresh' && phase === 'lost' && beneath === 'healthy' && told === 'in') return true;
  return false;
}

/** Why a group cannot be left to take the requests alone, if it cannot. */
function troubleIn(draft: Draft, slot: SlotName): string | undefined {
  const { told, ready } = countsOf(draft, slot);
  if (told === 0) return 'none of its nodes can take requests';
  const missing = told - ready;
  if (ready > 0 && missing <= budgetOf(draft.header.strategy.budget.failed, told)) return undefined;
  const names: string[] = [];
  for (const node of valuesOf(draft.nodes)) if (isMissing(node, slot)) names.push(node.name);
  const waited = formatDuration(draft.header.strategy.health.deadlineMs);
  const within = draft.header.slots?.step === 'opening' ? ` within ${waited}` : '';
  return `${plural(missing, 'node')} of ${told} ${missing === 1 ? 'does' : 'do'} not take requests${within} (${listed(names.sort())})`;
}

const isMissing = ({ slot, told, standby, ready }: RolloutNode, of: SlotName): boolean =>
  slot === of && told === 'in' && standby !== true && ready !== true;
