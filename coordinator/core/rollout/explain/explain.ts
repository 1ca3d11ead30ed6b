import type { NodeName } from '../../../../shared/model/ids.js';
import { getKey } from '../../collections/hash-map.js';
import { valuesInOrder } from '../../collections/int-map.js';
import { atMost } from '../amounts.js';
import { failedOf, holders, outOfService } from '../budget.js';
import { isHeldShut } from '../closure.js';
import { maxUnavailableOf, settledOf, stageRequiredOf } from '../counts.js';
import { forwardGate } from '../database.js';
import { isOver, rolloutTime } from '../draft.js';
import { slotsDetails, slotsWaitFor, switchSentence } from '../parallel/explain.js';
import type { Explanation } from '../types/explanation.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutState } from '../types/rollout.js';
import type { Millis } from '../types/time.js';
import { nodeConstraint, waveSince } from './explain-node.js';
import { nodeHint, rolloutHint } from './hints.js';
import { ago, failureSentence, listed, plural, versionOf } from './sentences.js';

/** The exact constraint that holds the rollout up, or how it ended and why (nomad#18301: say why it reverted). */
export function explainRollout(state: RolloutState, now: Millis): Explanation {
  const { header, index } = state;
  const failed = failedNodes(state);
  const more = index.failed.size - failed.length;
  const answer = answerOf(state, now);
  return {
    answer,
    details: [
      ...detailsOf(state, now),
      ...notesOf(state),
      ...failed.flatMap((node) => failureBeside(answer, node)),
      ...(more > 0 ? [`${plural(more, 'more node')} failed: capstan rollout show ${header.id}`] : []),
    ],
    since: sinceOf(state),
    holds: !isOver(header),
    hint: rolloutHint(state, failed),
    logTail: failed.find(({ failure }) => failure?.logTail)?.failure?.logTail ?? '',
  };
}

/** Of a failure what the answer does not tell already: nothing, how it went on, or all of it. */
function failureBeside(answer: string, node: RolloutNode): readonly string[] {
  const sentence = failureSentence(node);
  if (answer.includes(sentence)) return [];
  const { name, failure } = node;
  const isTold =
    failure !== undefined && answer.includes(`node ${name} failed at ${failure.step}: ${failure.reason}`);
  return [isTold ? withoutReason(sentence, answer, node) : sentence];
}

/** A sentence that stands beside one which has the node's reason already. */
const withoutReason = (sentence: string, said: string, { failure }: RolloutNode): string =>
  failure === undefined || failure.reason === '' || !said.includes(failure.reason)
    ? sentence
    : sentence.replace(`: ${failure.reason}`, '');

/** Undefined if the node has no part in the rollout. */
export function explainNode(state: RolloutState, name: NodeName, now: Millis): Explanation | undefined {
  const node = getKey(state.nodes, name);
  if (node === undefined) return undefined;
  const { sentence, since, holds } = nodeConstraint(state, node, now);
  return {
    answer: sentence,
    details: [withoutReason(answerOf(state, now), sentence, node)],
    ...{ since, holds },
    hint: nodeHint(state, node),
    logTail: node.failure?.logTail ?? '',
  };
}

/** What the rollout waits for: a person's action or a clock; '' if for nothing but the nodes. */
export function waitingFor(state: RolloutState, now: Millis): string {
  const { header, index } = state;
  if (isOver(header)) return '';
  if (header.frozenSince !== undefined)
    return 'the fleet to come back: a large share of it went silent at once';
  if (header.hold?.by === 'operator') {
    const { actor, reason } = header.hold;
    return `resume (paused by ${actor}${reason === '' ? '' : `: ${reason}`})`;
  }
  if (header.hold !== undefined) return 'retry or excuse of the failed nodes, resume or abort';
  if (header.closed !== undefined && isHeldShut(header)) return header.closed.waitsFor;
  if (header.awaitsTurn && index.open.size + index.fetching.size === 0)
    return "its turn to stage: the fleet's bandwidth is given to others";
  const wave = header.waves[header.currentWave];
  if (header.lane === 'back' || wave === undefined) return slotsWaitFor(state, now);
  if (wave.status === 'gated') return `approval of wave "${wave.name}"`;
  if (wave.status !== 'baking' || wave.bakeUntil === undefined) return '';
  const leftMs = wave.bakeUntil - rolloutTime(header, now);
  return leftMs > 0 ? `the bake of wave "${wave.name}", ${ago(leftMs)} to go` : '';
}

function answerOf(state: RolloutState, now: Millis): string {
  const { header, index } = state;
  if (isOver(header)) return endSentence(state);
  const switching = switchSentence(state);
  if (switching !== undefined) return switching;
  const waiting = waitingFor(state, now);
  if (header.hold?.by === 'engine') return `paused: ${header.hold.reason}; it waits for ${waiting}`;
  if (header.hold !== undefined) {
    const why = header.hold.reason === '' ? '' : `: ${header.hold.reason}`;
    return `paused by ${header.hold.actor}${why}`;
  }
  if (waiting !== '') return `it waits for ${waiting}`;
  if (header.lane === 'back') {
    return `going back to ${versionOf(header, 'from')}, ${plural(index.backOpen, 'node')} to go (${heldUp(state)}): ${header.reason}`;
  }
  if (header.cause === 'stage') {
    const { staged, total } = header.counts;
    return `staged on ${staged} of ${plural(total, 'node')}: ${versionOf(header, 'to')} (${holders(state)})`;
  }
  if (header.staging) {
    const required = stageRequiredOf(header, index);
    return `${index.stageDone} of ${index.stageBase} nodes have ${versionOf(header, 'to')} on disk and ${required} must before the first activation (${holders(state)})`;
  }
  const wave = header.waves[header.currentWave];
  const counts = index.waves[header.currentWave];
  if (wave === undefined || counts === undefined) return `the last nodes are catching up (${holders(state)})`;
  return `wave "${wave.name}": ${settledOf(counts)} of ${counts.size} nodes have settled (${heldUp(state)})`;
}

/** What keeps the next node from being started. */
function heldUp(state: RolloutState): string {
  const { header, index } = state;
  if (header.awaitsTurn && index.open.size === 0) return holders(state);
  const gate = forwardGate(state);
  if (header.lane === 'forward' && typeof gate === 'object')
    return `${gate.name} runs the database step before all others; ${holders(state)}`;
  const limit = maxUnavailableOf(header, index);
  const serving = header.lane === 'back' ? index.queues.fromServing : index.queues.toServing;
  const counts = index.waves[header.currentWave];
  const wave = header.waves[header.currentWave];
  if (header.lane === 'forward' && wave?.batch !== undefined && counts !== undefined && counts.queued > 0) {
    const batch = atMost(wave.batch, counts.size);
    if (counts.open >= batch) return `its batch of ${batch} is full; ${holders(state)}`;
  }
  if (serving.size > 0 && index.unavailable >= limit) {
    const who = listed(outOfService(state), index.unavailable);
    return `${index.unavailable} of ${index.counted} nodes are out of service (${who}) and ${limit} may be; ${holders(state)}`;
  }
  return holders(state);
}

/** What keeps a wave from beginning, or from passing. */
function waveHeldUp(state: RolloutState, at: number, now: Millis): string {
  const { header } = state;
  const wave = header.waves[at];
  if (wave?.status === 'passed' || wave?.status === 'failed' || header.lane === 'back') return '';
  if (at > header.currentWave) return `; it waits for wave "${header.waves[header.currentWave]?.name ?? ''}"`;
  const waiting = waitingFor(state, now);
  if (waiting !== '') return `; it waits for ${waiting}`;
  return header.staging ? '; it waits for the release to be on enough disks' : `; ${heldUp(state)}`;
}

function endSentence({ header }: RolloutState): string {
  switch (header.status) {
    case 'rolledBack':
      return `rolled back to ${versionOf(header, 'from')}: ${header.reason}`;
    case 'failed':
      return `failed: ${header.reason}`;
    default:
      return header.reason;
  }
}

/** Since when it stands as it does: for what waits for nodes, since one of them last came to an end. */
function sinceOf({ header }: RolloutState): Millis {
  if (isOver(header)) return header.since;
  const shut = isHeldShut(header) ? header.closed?.since : undefined;
  const stopped = header.frozenSince ?? header.hold?.since ?? shut;
  if (stopped !== undefined) return stopped;
  const wave = header.waves[header.currentWave];
  const isResting = wave?.status === 'baking' || wave?.status === 'gated';
  const began = waveSince(header, header.currentWave);
  if (header.lane === 'forward' && isResting && began !== undefined) return began;
  return Math.max(header.since, began ?? header.since, header.progressAt);
}

function detailsOf(state: RolloutState, now: Millis): string[] {
  const { header, index } = state;
  const details = header.waves.map((wave, at) => {
    const counts = index.waves[at];
    const settled = counts === undefined ? 0 : settledOf(counts);
    const since = waveSince(header, at);
    const long = since === undefined || isOver(header) ? '' : ` for ${ago(now - since)}`;
    const held = isOver(header) ? '' : waveHeldUp(state, at, now);
    if (isOver(header) && wave.status === 'pending') return `wave "${wave.name}" never began`;
    const hasResult = wave.status === 'passed' || wave.status === 'failed';
    const status = isOver(header) && !hasResult ? 'ended with the rollout' : wave.status;
    return `wave "${wave.name}" ${status}${long}: ${settled} of ${plural(counts?.size ?? 0, 'node')} settled${held}`;
  });
  details.unshift(...slotsDetails(state));
  if (index.absent.size > 0) {
    const names = [...valuesInOrder(index.absent)];
    details.push(`not connected: ${listed(names)}`);
  }
  return details;
}

/** What the nodes under way say that they wait for, at most three of them. */
function notesOf({ header, index, nodes }: RolloutState): readonly string[] {
  const notes: string[] = [];
  if (isOver(header)) return notes;
  for (const names of [index.open, index.fetching]) {
    for (const name of valuesInOrder(names)) {
      const note = getKey(nodes, name)?.note ?? '';
      if (note !== '') notes.push(`${name} says: ${note}`);
      if (notes.length === 3) return notes;
    }
  }
  return notes;
}

/** At most three nodes, those of the wave that failed first. */
function failedNodes(state: RolloutState): readonly RolloutNode[] {
  const failedWave = state.header.waves.findIndex(({ status }) => status === 'failed');
  const ofWave = failedWave < 0 ? [] : failedOf(state, failedWave);
  if (ofWave.length > 0) return ofWave;
  const found: RolloutNode[] = [];
  for (const name of valuesInOrder(state.index.failed)) {
    const node = getKey(state.nodes, name);
    if (node !== undefined) found.push(node);
    if (found.length === 3) break;
  }
  return found;
}
