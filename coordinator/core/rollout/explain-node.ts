import { firstOf } from '../collections/int-map.js';
import { atMost } from './amounts.js';
import { maxUnavailableOf, stageRequiredOf } from './counts.js';
import { forwardGate } from './database.js';
import { isOver } from './draft.js';
import { classOf, isCounted, isUnavailable } from './roles.js';
import { ago, failureSentence, phaseWords, turnSentence, versionOf } from './sentences.js';
import type { Millis, RolloutNode, RolloutState } from './types.js';

/** One sentence: why this node is where it is. */
export function explainOpenNode(state: RolloutState, node: RolloutNode, now: Millis): string {
  const { header } = state;
  const version = versionOf(header, node.target);
  const away = node.liveness === 'connected' ? '' : `; it is ${node.liveness}`;
  switch (classOf(node)) {
    case 'healthy':
      return node.serving
        ? `nothing holds it up: it runs ${version} and serves${away}`
        : `it runs ${version} but does not serve (health: ${node.health})${away}`;
    case 'staged':
      return `nothing holds it up: it has ${version} on disk${away}`;
    case 'returned':
      return `it was taken back to ${version}: ${header.reason}`;
    case 'failed':
      return `${failureSentence(node)}${node.phase === 'turnedBack' && node.current !== undefined ? `; it runs ${header.app} ${node.current.version} again` : ''}`;
    case 'lost':
      return `it has been lost for ${ago(now - node.since)}; it goes on when it is back`;
    case 'skipped':
      return `it was skipped: ${node.note}`;
    case 'excused':
      return 'it was excused: the rollout does not count it';
    case 'open':
      return `${version}: it ${phaseWords[node.phase]}, for ${ago(now - node.since)}${noteOf(node)}${away}`;
    case 'queued':
      return isOver(header)
        ? `it holds what it has: the rollout has ended`
        : `${version}: ${queuedBecause(state, node)}`;
  }
}

const noteOf = ({ note }: RolloutNode): string => (note === '' ? '' : ` (it says: ${note})`);

/** The one constraint that keeps a waiting node from its turn; the outermost first. */
function queuedBecause(state: RolloutState, node: RolloutNode): string {
  const { header, index } = state;
  if (header.frozenSince !== undefined)
    return 'it waits: the rollout is frozen, a large share of the fleet went silent at once';
  if (header.hold !== undefined)
    return `it waits: the rollout is paused${header.hold.by === 'operator' ? ` by ${header.hold.actor}` : `: ${header.hold.reason}`}`;
  if (node.liveness !== 'connected') return 'it waits: the node is not connected';
  if (node.target === 'to') {
    if (header.lane === 'back') return `it holds what it has: ${header.reason}`;
    const waits = node.phase === 'pending' && !node.onDisk && header.awaitsTurn;
    if (header.cause === 'stage') {
      if (node.busy !== undefined) return 'it waits: an earlier activation is not over yet';
      return waits ? turnSentence : `it ${phaseWords[node.phase]}${noteOf(node)}`;
    }
    if (header.staging) {
      if (waits) return turnSentence;
      const required = stageRequiredOf(header, index);
      return `it ${phaseWords[node.phase]}${noteOf(node)}; ${required} nodes must have it on disk before the first activation, ${index.stageDone} do`;
    }
    const wave = header.waves[header.currentWave];
    const counts = index.waves[header.currentWave];
    if (wave !== undefined && node.wave > header.currentWave) {
      const own = header.waves[node.wave]?.name ?? '';
      return `it waits for wave "${wave.name}" (${wave.status}); its own is "${own}"`;
    }
    const gate = forwardGate(state);
    if (typeof gate === 'object' && gate.name !== node.name)
      return `it waits for ${gate.name}, which runs the database step before all others`;
    if (wave?.batch !== undefined && counts !== undefined && node.wave === header.currentWave) {
      const batch = atMost(wave.batch, counts.size);
      if (counts.open >= batch)
        return `it waits for a place in the batch: ${counts.open} of ${batch} are under way`;
    }
  }
  const limit = maxUnavailableOf(header, index);
  if (isCounted(node) && !isUnavailable(node) && index.unavailable >= limit) {
    const first = firstOf(index.open);
    const who = first === undefined ? '' : ` (${first.value} among them)`;
    return `it waits: ${index.unavailable} of ${index.counted} nodes are out of service${who} and ${limit} may be`;
  }
  return header.awaitsTurn && !node.onDisk ? turnSentence : 'it is next';
}
