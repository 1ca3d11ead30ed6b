import { assertNever } from '../../../shared/core/assert.js';
import type { Generation } from '../../../shared/model/ids.js';
import type { FetchRoom } from '../fetch-shares.js';
import { advance } from './advance.js';
import { sameClosure } from './closure.js';
import { amend, closeDraft, type Draft, isOver, nodeOf, openDraft, record } from './draft.js';
import { noteJoin } from './nodes/join.js';
import { endLeases, noteDecommission, noteLiveness } from './nodes/presence.js';
import { noteReport } from './nodes/report.js';
import { obey } from './operator.js';
import { isSwitching } from './parallel/slots.js';
import type { Decision } from './types/effects.js';
import type { RolloutEvent } from './types/events.js';
import type { Closure } from './types/plan.js';
import type { RolloutState } from './types/rollout.js';
import type { Millis } from './types/time.js';

/**
 * What follows from one event. Costs what the event changes, not the size of the fleet. A rollout that has ended
 * changes no more.
 * @param room what is left of the fleet's bandwidth; no limit if it is left out
 */
export function decide(
  state: RolloutState,
  event: RolloutEvent,
  now: Millis,
  nextGeneration: Generation,
  room?: FetchRoom,
): Decision {
  const nothing: Decision = { state, effects: [], changedNodes: [], nextGeneration, refusal: undefined };
  if (isOver(state.header)) {
    if (event.kind !== 'operator') return nothing;
    const message = `the rollout has ended: it ${endWords[state.header.status] ?? 'is over'}`;
    return { ...nothing, refusal: { code: 'refused', message } };
  }
  const draft = openDraft(state, now, nextGeneration, room);
  apply(draft, event);
  if (draft.refusal !== undefined) return { ...nothing, refusal: draft.refusal };
  advance(draft);
  const halted = haltedAgain(draft, event);
  return halted === undefined
    ? closeDraft(draft)
    : { ...nothing, refusal: { code: 'refused', message: halted } };
}

/** A rollout that was resumed and is judged at once as it was before does not go on, and must not seem to. */
function haltedAgain({ header: { hold } }: Draft, event: RolloutEvent): string | undefined {
  if (event.kind !== 'operator' || event.action !== 'resume' || hold?.by !== 'engine') return undefined;
  return `it would pause again at once: ${hold.reason}; retry or excuse the nodes that keep it, or abort it`;
}

const endWords: Partial<Record<RolloutState['header']['status'], string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  rolledBack: 'was rolled back',
  aborted: 'was aborted',
  superseded: 'was superseded',
};

function apply(draft: Draft, event: RolloutEvent): void {
  switch (event.kind) {
    case 'nodeReported': {
      const node = nodeOf(draft, event.node);
      if (node !== undefined) noteReport(draft, node, event.status);
      return;
    }
    case 'nodeLiveness': {
      const node = nodeOf(draft, event.node);
      if (node !== undefined) noteLiveness(draft, node, event.liveness);
      return;
    }
    case 'nodeDecommissioned': {
      const node = nodeOf(draft, event.node);
      if (node !== undefined) noteDecommission(draft, node);
      return;
    }
    case 'nodeJoined':
      noteJoin(draft, event.node);
      return;
    case 'freeze':
      freeze(draft, event.frozen);
      return;
    case 'closure':
      noteClosure(draft, event.closure);
      return;
    case 'tick':
      if (draft.header.frozenSince === undefined) endLeases(draft);
      return;
    case 'operator':
      obey(draft, event);
      return;
    default:
      assertNever(event);
  }
}

/** While the coordinator suspects itself, rollout time stands still: nothing starts and nothing is judged. */
function freeze(draft: Draft, frozen: boolean): void {
  const { frozenSince, frozenMs } = draft.header;
  if (frozen === (frozenSince !== undefined)) return;
  if (frozenSince === undefined) {
    amend(draft, { frozenSince: draft.now });
    record(draft, 'rollout.frozen', 'frozen: a large share of the fleet went silent at once');
    return;
  }
  amend(draft, { frozenSince: undefined, frozenMs: frozenMs + draft.now - frozenSince });
  record(draft, 'rollout.thawed', 'goes on: the coordinator goes by what it hears of nodes again');
}

/** The environment has closed, or opened, or is closed for another reason than before. Nodes under way go on. */
export function noteClosure(draft: Draft, closure: Closure | undefined): void {
  if (sameClosure(draft.header.closed, closure)) return;
  if (closure === undefined) {
    amend(draft, { closed: undefined });
    record(draft, 'rollout.resumed', 'goes on: its environment is open again');
    return;
  }
  amend(draft, { closed: { ...closure, since: draft.now } });
  record(draft, 'rollout.held', `its environment is closed: it waits for ${closure.waitsFor}`);
}

/** When the next tick is due (up-time), undefined if none is. */
export function nextWake({ header, index }: RolloutState): Millis | undefined {
  if (isOver(header) || header.frozenSince !== undefined) return undefined;
  const held = header.hold !== undefined;
  // Not for its end alone where nodes are not heard of: what becomes of them is an event.
  const isAwaited = (index.waves[header.currentWave]?.unheard ?? 0) > 0;
  const bake =
    held || isAwaited || header.lane === 'back' ? undefined : header.waves[header.currentWave]?.bakeUntil;
  const step = held && !isSwitching(header) ? undefined : header.slots?.until;
  const times = [index.leases?.at, header.progressDue, bake, step].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times) + header.frozenMs;
}
