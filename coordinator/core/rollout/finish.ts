import { isHeldShut } from './closure.js';
import { amend, type Draft, record } from './draft.js';
import { isSwitching } from './parallel/slots.js';
import type { FinalStatus } from './types/effects.js';
import type { RolloutHeader } from './types/rollout.js';

/** Ends the rollout, for good. */
export function finish(
  draft: Draft,
  status: FinalStatus,
  reason: string,
  proven = false,
  who: { readonly actor?: string; readonly reason?: string } = {},
): void {
  const still = { progressDue: undefined, hold: undefined, closed: undefined, awaitsTurn: false };
  amend(draft, { status, reason, since: draft.now, ...still });
  record(draft, `rollout.${status}`, reason, who);
  draft.effects.push({ kind: 'finish', status, reason, proven });
}

/** The status of a rollout that has not ended. */
export function openStatus(header: RolloutHeader): RolloutHeader['status'] {
  if (header.hold !== undefined && !isSwitching(header)) return 'paused';
  if (isHeldShut(header)) return header.closed?.kind === 'freeze' ? 'paused' : 'waiting';
  if (header.lane === 'back') return 'rollingBack';
  if (header.staging) return 'staging';
  const { slots } = header;
  if (isSwitching(header)) return slots?.towards === 'old' ? 'rollingBack' : 'running';
  if (slots?.step === 'verified' || slots?.step === 'kept') return 'waiting';
  return header.waves[header.currentWave]?.status === 'gated' ? 'waiting' : 'running';
}
