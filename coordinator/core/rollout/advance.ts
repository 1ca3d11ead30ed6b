import { emptyIntMap } from '../collections/int-map.js';
import { startActivations, startStaging } from './assign.js';
import { emptyProof, findBreach, holders } from './budget.js';
import { isBarred } from './closure.js';
import { stageRequiredOf } from './counts.js';
import { amend, amendWave, type Draft, isOver, record, timeOf } from './draft.js';
import { ago, plural } from './explain/sentences.js';
import { openStatus } from './finish.js';
import { isSwitching } from './parallel/slots.js';
import { advanceSwitch } from './parallel/switch.js';
import { tell } from './parallel/tell.js';
import { isOverdue, noteProgress, progressTimeOf } from './progress.js';
import { advanceBack, halt } from './rollback.js';
import { advanceStage } from './stage.js';
import { succeed } from './succeed.js';

/** Goes as far as the nodes, the budgets, the gates and the clock allow. */
export function advance(draft: Draft): void {
  if (isOver(draft.header)) return;
  if (draft.header.frozenSince === undefined) {
    noteProgress(draft);
    if (draft.header.hold === undefined || isSwitching(draft.header)) {
      if (draft.header.cause === 'stage') advanceStage(draft);
      else if (draft.header.lane === 'forward') advanceForward(draft);
      if (draft.header.lane === 'back') advanceBack(draft);
      if (draft.header.awaitsTurn !== draft.crowded) amend(draft, { awaitsTurn: draft.crowded });
    }
    if (isOver(draft.header)) return;
    tell(draft);
    noteProgress(draft);
  }
  settleStatus(draft);
}

function settleStatus(draft: Draft): void {
  const status = openStatus(draft.header);
  if (status !== draft.header.status) amend(draft, { status, since: draft.now });
}

function advanceForward(draft: Draft): void {
  for (;;) {
    const breach = findBreach(draft) ?? emptyProof(draft);
    if (breach !== undefined) {
      halt(draft, breach.wave, breach.reason);
      return;
    }
    if (isOverdue(draft)) {
      const what = draft.header.staging ? 'no node got the release on disk' : 'no node settled';
      halt(
        draft,
        draft.header.currentWave,
        `${what} for ${ago(progressTimeOf(draft.header))} (${holders(draft)})`,
      );
      return;
    }
    if (draft.header.staging) {
      startStaging(draft);
      if (stageHolds(draft)) continue; // and judge the first wave, also where it may not begin yet
      startActivations(draft); // of nodes that joined, to what is proven
      return;
    }
    if (!beginWave(draft)) return;
    if (endWave(draft)) continue; // and judge the next one before anything is started
    startActivations(draft);
    return;
  }
}

/** None activates before the stage requirement holds. */
function stageHolds(draft: Draft): boolean {
  const { header, index } = draft;
  const required = stageRequiredOf(header, index);
  if (index.stageDone < required) return false;
  amend(draft, { staging: false, progressDue: undefined });
  index.toStage = emptyIntMap();
  index.toKeep = emptyIntMap();
  record(
    draft,
    'stage.done',
    `${plural(index.stageDone, 'node')} of ${index.stageBase} have it on disk, ${required} were required`,
  );
  return true;
}

/** False if there is no wave left, or none may begin now. */
function beginWave(draft: Draft): boolean {
  const { header, index, now } = draft;
  const wave = header.waves[header.currentWave];
  if (wave === undefined) {
    if (header.slots !== undefined) {
      advanceSwitch(draft);
      return false;
    }
    startActivations(draft);
    if (index.open.size === 0) succeed(draft);
    return false;
  }
  if (wave.status === 'pending') {
    if (isBarred(header, 'to')) {
      startActivations(draft); // of nodes that joined, to what is proven
      return false;
    }
    amendWave(draft, header.currentWave, { status: 'running', startedAt: now });
    amend(draft, { progressDue: undefined });
    const size = index.waves[header.currentWave]?.size ?? 0;
    if (size > 0) record(draft, 'wave.started', `wave "${wave.name}" has started: ${plural(size, 'node')}`);
  }
  return true;
}

/** True if the wave has passed. */
function endWave(draft: Draft): boolean {
  const { header, index } = draft;
  const at = header.currentWave;
  const wave = header.waves[at];
  const counts = index.waves[at];
  if (wave === undefined || counts === undefined) return false;
  if (wave.status === 'running') {
    if (counts.queued > 0 || counts.open > 0 || counts.unheard > 0) return false;
    if (counts.size === 0) return passWave(draft, '');
    if (wave.bakeMs > 0) {
      amendWave(draft, at, { status: 'baking', bakeUntil: timeOf(draft) + wave.bakeMs });
      record(draft, 'wave.baking', `wave "${wave.name}" is complete and bakes for ${ago(wave.bakeMs)}`);
      return false;
    }
    return reachGate(draft);
  }
  // Those that fell silent meanwhile are lost soon, or back.
  const isHeardOf = counts.unheard === 0;
  if (
    wave.status === 'baking' &&
    isHeardOf &&
    wave.bakeUntil !== undefined &&
    timeOf(draft) >= wave.bakeUntil
  ) {
    amendWave(draft, at, { bakeUntil: undefined });
    return reachGate(draft);
  }
  return false;
}

function reachGate(draft: Draft): boolean {
  const at = draft.header.currentWave;
  const wave = draft.header.waves[at];
  if (wave?.gate !== 'manual') return passWave(draft, '');
  amendWave(draft, at, { status: 'gated' });
  record(draft, 'wave.gated', `wave "${wave.name}" waits for approval`);
  return false;
}

/** Opens the gate of the current wave. `reason` says who let it pass, if it was a person. */
export function passWave(draft: Draft, reason: string): true {
  const { currentWave, waves } = draft.header;
  const size = draft.index.waves[currentWave]?.size ?? 0;
  amendWave(draft, currentWave, { status: 'passed', reason, endedAt: draft.now, bakeUntil: undefined });
  amend(draft, { currentWave: currentWave + 1 });
  if (size > 0) record(draft, 'wave.passed', `wave "${waves[currentWave]?.name ?? ''}" has passed`);
  return true;
}
