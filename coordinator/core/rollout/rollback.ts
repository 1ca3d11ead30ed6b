import { emptyIntMap, valuesInOrder } from '../collections/int-map.js';
import { startActivations } from './assign.js';
import { holders } from './budget.js';
import { noReturn } from './database.js';
import { amend, amendWave, type Draft, nodeOf, put, record, timeOf } from './draft.js';
import { plural, sameTarget, versionOf } from './explain/sentences.js';
import { finish } from './finish.js';
import { staysSentence } from './parallel/slots.js';
import { isOverdue, noteProgress, restartProgress } from './progress.js';
import type { RolloutNode } from './types/node.js';

/**
 * Nothing new goes forward. Back, if there is something else to go back to (never to the same bytes: nomad PR 3496)
 * and this is no rollback itself; else it ends here, or waits for a person.
 */
export function halt(draft: Draft, wave: number, reason: string): void {
  const { header, now } = draft;
  if (header.waves[wave] !== undefined) {
    amendWave(draft, wave, { status: 'failed', reason, endedAt: now, bakeUntil: undefined });
    record(draft, 'wave.failed', reason);
  }
  if (header.strategy.onFailure === 'pause') {
    amend(draft, { hold: { by: 'engine', actor: '', reason, since: now }, reason, progressDue: undefined });
    record(draft, 'rollout.paused', `paused: ${reason}`);
    return;
  }
  const obstacle = rollbackObstacle(draft);
  if (obstacle === undefined) beginRollback(draft, reason);
  else finish(draft, 'failed', `${reason}; ${obstacle}, so every node holds what it has`);
}

function rollbackObstacle(draft: Draft): string | undefined {
  const { header } = draft;
  // What was changed takes no requests.
  if (header.slots !== undefined) return staysSentence(header.slots);
  if (header.from === undefined) return 'there is no earlier release to go back to';
  if (header.cause === 'rollback') return 'a rollback does not start another one';
  if (sameTarget(header.from, header.to)) return 'it is the release that ran before';
  return noReturn(draft);
}

function beginRollback(draft: Draft, reason: string): void {
  amend(draft, { lane: 'back', staging: false, reason });
  draft.index.toStage = emptyIntMap();
  draft.index.toKeep = emptyIntMap();
  record(draft, 'rollout.rollingBack', `going back to ${versionOf(draft.header, 'from')}: ${reason}`);
  for (const name of [...valuesInOrder(draft.index.touched)]) {
    const node = nodeOf(draft, name);
    if (node !== undefined) put(draft, turned(draft, node));
  }
  restartProgress(draft);
  noteProgress(draft);
}

/** The same node, now to be taken back. What it was doing for the old generation still counts as under way. */
function turned(draft: Draft, node: RolloutNode): RolloutNode {
  const lost = node.liveness === 'lost';
  const busy = node.open ? node.generation : node.busy;
  return {
    ...node,
    target: 'from',
    intent: undefined,
    open: false,
    busy,
    lease: busy === undefined || lost ? undefined : timeOf(draft) + draft.header.strategy.progressDeadlineMs,
    phase: lost ? 'lost' : 'pending',
    beneath: lost ? 'pending' : undefined,
    since: draft.now,
  };
}

/** The fast lane: no waves, no bakes, but the same floor (nomad#10882, #14200). */
export function advanceBack(draft: Draft): void {
  if (isOverdue(draft)) {
    const left = draft.index.backOpen;
    finish(
      draft,
      'failed',
      `${draft.header.reason}; ${plural(left, 'node')} could not be taken back in time (${holders(draft)})`,
    );
    return;
  }
  startActivations(draft);
  if (draft.index.backOpen > 0) return;
  const { reason } = draft.header;
  const stuck = draft.index.backFailed;
  if (stuck > 0) {
    finish(draft, 'failed', `${reason}; ${plural(stuck, 'node')} could not be taken back`);
    return;
  }
  finish(draft, 'rolledBack', reason);
}
