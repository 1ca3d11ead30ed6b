import { isBarred } from '../closure.js';
import { noReturn } from '../database.js';
import { amend, type Draft, record } from '../draft.js';
import { finish } from '../finish.js';
import type { RolloutEvent } from '../types/events.js';
import { type Slots, slotText } from './slots.js';
import { beginSwitch, freshTrouble, release, undoSwitch } from './switch.js';

type Operator = Extract<RolloutEvent, { kind: 'operator' }>;
type Requests = 'switch' | 'switchBack' | 'release';

/** What a person asks for where the requests go, or in `draft.refusal` why it makes no sense now. */
export function obeySwitch(draft: Draft, event: Operator, action: Requests): void {
  const { slots } = draft.header;
  const refusal = slots === undefined ? noGroups : obstacle(draft, slots, action);
  if (slots === undefined || refusal !== undefined) {
    draft.refusal = { code: 'refused', message: refusal ?? noGroups };
    return;
  }
  const asked = { actor: event.by, reason: event.reason };
  if (draft.header.hold?.by === 'engine') amend(draft, { hold: undefined, reason: '' });
  switch (action) {
    case 'switch':
      beginSwitch(draft, 'fresh', asked);
      return;
    case 'switchBack':
      switchBack(draft, slots, event);
      return;
    case 'release':
      release(draft, asked);
  }
}

const noGroups = 'its strategy is not parallel: there are no two groups to switch between';

function switchBack(draft: Draft, slots: Slots, { by, reason }: Operator): void {
  const why = `switched back by ${by}${reason === '' ? '' : `: ${reason}`}`;
  if (slots.step === 'kept') {
    amend(draft, { reason: why });
    beginSwitch(draft, 'old', { actor: by, reason });
    return;
  }
  undoSwitch(draft);
  record(draft, 'switch.failed', `${why}; ${slotText(slots, 'old') ?? ''} takes the requests as before`, {
    actor: by,
    reason,
  });
  finish(draft, 'rolledBack', why, false, { actor: by, reason });
}

function obstacle(draft: Draft, slots: Slots, action: Requests): string | undefined {
  const { step, towards } = slots;
  const fresh = slotText(slots, 'fresh') ?? '';
  const old = slotText(slots, 'old');
  const isBack = towards === 'old';
  if (isBack) return `the requests are on their way back to ${old ?? ''}`;
  switch (action) {
    case 'switch': {
      const { hold, closed } = draft.header;
      if (step === 'preparing') return `${fresh} is not verified yet`;
      if (step === 'kept') return `${fresh} takes the requests already`;
      if (step !== 'verified') return `the requests are on their way to ${fresh} already`;
      if (closed !== undefined && isBarred(draft.header, 'to')) return `it waits for ${closed.waitsFor}`;
      return hold?.by === 'operator' ? `the rollout is paused by ${hold.actor}; resume it first` : undefined;
    }
    case 'switchBack':
      if (old === undefined) return 'no group took requests before, so there is none to switch back to';
      if (step === 'preparing' || step === 'verified')
        return `${old} takes the requests: there is nothing to switch back; abort ends the rollout`;
      return step === 'kept' ? noReturn(draft) : undefined;
    case 'release': {
      if (step !== 'kept') return `no group is kept: ${fresh} does not take the requests yet`;
      const trouble = freshTrouble(draft);
      return trouble && `${fresh} is not well: ${trouble}; see to it, or switch back`;
    }
  }
}
