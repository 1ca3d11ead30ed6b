import { getKey } from '../../collections/hash-map.js';
import { atMost } from '../amounts.js';
import { outOfService, underWay } from '../budget.js';
import { isBarred } from '../closure.js';
import { maxUnavailableOf, stageRequiredOf } from '../counts.js';
import { forwardGate } from '../database.js';
import { isOver } from '../draft.js';
import { explainSlot } from '../parallel/explain.js';
import { classOf, isCounted, isUnavailable } from '../roles.js';
import type { Constraint } from '../types/explanation.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutHeader, RolloutState } from '../types/rollout.js';
import type { Millis } from '../types/time.js';
import { ago, failureSentence, listed, phaseWords, turnSentence, versionOf } from './sentences.js';

/** One sentence: why this node is where it is, and since when that is so. */
export function nodeConstraint(state: RolloutState, node: RolloutNode, now: Millis): Constraint {
  const { header } = state;
  const version = versionOf(header, node.target);
  const away = node.liveness === 'connected' ? '' : `; it is ${node.liveness}`;
  const here = (sentence: string, holds = true): Constraint => ({ sentence, since: node.since, holds });
  switch (classOf(node)) {
    case 'healthy': {
      if (away !== '' && !isOver(header)) return here(unheardSentence(state, node, version));
      const slot = explainSlot(state, node);
      if (slot !== undefined) return here(`${slot}${away}`, node.standby !== true && node.ready !== true);
      return node.serving
        ? here(`nothing holds it up: it runs ${version} and serves${away}`, false)
        : here(`it runs ${version} but does not serve (health: ${node.health})${away}`);
    }
    case 'staged':
      return here(`nothing holds it up: it has ${version} on disk${away}`, false);
    case 'returned':
      return here(`it was taken back to ${version}: ${header.reason}`);
    case 'failed':
      return here(
        `${failureSentence(node)}${node.phase === 'turnedBack' && node.current !== undefined ? `; it runs ${header.app} ${node.current.version} again` : ''}`,
      );
    case 'lost':
      return here(`it has been lost for ${ago(now - node.since)}; it goes on when it is back`);
    case 'skipped':
      return here(`it was skipped: ${node.note}`);
    case 'excused':
      return here('it was excused: the rollout does not count it');
    case 'open':
      return here(
        `${version}: it ${phaseWords[node.phase]}, for ${ago(now - node.since)}${noteOf(node)}${away}`,
      );
    case 'queued': {
      if (isOver(header)) {
        return { ...here('it holds what it has: the rollout has ended'), since: header.since };
      }
      const constraint = queuedBecause(state, node);
      return { ...constraint, sentence: `${version}: ${constraint.sentence}` };
    }
  }
}

function unheardSentence({ header }: RolloutState, node: RolloutNode, version: string): string {
  const isAwaited = header.lane === 'forward' && node.wave === header.currentWave;
  const awaited = isAwaited ? '; its wave does not pass before it is back, or lost' : '';
  return `it ran ${version} when it was last heard of; it is ${node.liveness}${awaited}`;
}

const noteOf = ({ note }: RolloutNode): string => (note === '' ? '' : ` (it says: ${note})`);

/** The one constraint that keeps a waiting node from its turn; the outermost first. */
function queuedBecause(state: RolloutState, node: RolloutNode): Constraint {
  const { header, index } = state;
  const waits = (sentence: string, since: Millis = node.since): Constraint => ({
    ...{ sentence, since },
    holds: true,
  });
  if (header.frozenSince !== undefined) {
    const why = 'it waits: the rollout is frozen, a large share of the fleet went silent at once';
    return waits(why, header.frozenSince);
  }
  if (header.hold !== undefined) {
    const { by, actor, reason, since } = header.hold;
    return waits(
      `it waits: the rollout is paused${by === 'operator' ? ` by ${actor}` : `: ${reason}`}`,
      since,
    );
  }
  const { closed } = header;
  const goesOn = node.target === 'from' || header.lane === 'forward';
  const next = node.target === 'to' && header.staging ? 'stage' : node.target;
  if (closed !== undefined && goesOn && isBarred(header, next))
    return waits(`it waits for ${closed.waitsFor}`, closed.since);
  if (node.liveness !== 'connected') {
    const isNew = !node.online && node.generation === 0;
    return waits(
      `it waits for the node to be back; once it is lost, ${isNew ? 'it is skipped' : 'it counts as lost'}`,
    );
  }
  if (node.target === 'to') {
    const held = forwardConstraint(state, node, waits);
    if (held !== undefined) return held;
  }
  const limit = maxUnavailableOf(header, index);
  if (isCounted(node) && !isUnavailable(node) && index.unavailable >= limit) {
    const down = outOfService(state);
    const who = down.length === 0 ? '' : ` (${listed(down, index.unavailable)})`;
    const since = down[0] === undefined ? undefined : getKey(state.nodes, down[0])?.since;
    return waits(
      `it waits: ${index.unavailable} of ${index.counted} nodes are out of service${who} and ${limit} may be`,
      since,
    );
  }
  return waits(header.awaitsTurn && !node.onDisk ? turnSentence : 'it is next');
}

/** What only holds up those that are to go on to the new release; undefined: nothing of that kind. */
function forwardConstraint(
  state: RolloutState,
  node: RolloutNode,
  waits: (sentence: string, since?: Millis) => Constraint,
): Constraint | undefined {
  const { header, index } = state;
  if (header.lane === 'back') return waits(`it holds what it has: ${header.reason}`, header.since);
  const turn = node.phase === 'pending' && !node.onDisk && header.awaitsTurn;
  if (header.cause === 'stage') {
    if (node.busy !== undefined) return waits('it waits: an earlier activation is not over yet');
    return waits(turn ? turnSentence : `it ${phaseWords[node.phase]}${noteOf(node)}`);
  }
  if (header.staging) {
    if (turn) return waits(turnSentence);
    const required = stageRequiredOf(header, index);
    return waits(
      `it ${phaseWords[node.phase]}${noteOf(node)}; ${required} nodes must have it on disk before the first activation, ${index.stageDone} do`,
      node.phase === 'staged' ? header.since : node.since,
    );
  }
  const wave = header.waves[header.currentWave];
  const counts = index.waves[header.currentWave];
  if (wave !== undefined && node.wave > header.currentWave) {
    const own = header.waves[node.wave]?.name ?? '';
    return waits(
      `it waits for wave "${wave.name}" (${wave.status}); its own is "${own}"`,
      waveSince(header, header.currentWave),
    );
  }
  const gate = forwardGate(state);
  if (typeof gate === 'object' && gate.name !== node.name)
    return waits(`it waits for ${gate.name}, which runs the database step before all others`, gate.since);
  if (wave?.batch === undefined || counts === undefined || node.wave !== header.currentWave) return undefined;
  const batch = atMost(wave.batch, counts.size);
  if (counts.open < batch) return undefined;
  const under = underWay(state, header.currentWave);
  return waits(
    `it waits for a place in the batch: ${counts.open} of ${batch} are under way (${listed(under, counts.open)})`,
    under[0] === undefined ? undefined : getKey(state.nodes, under[0])?.since,
  );
}

/** When a wave came to stand as it does. Its gate is what the rollout waits for, so that the rollout's status says since when. */
export function waveSince(header: RolloutHeader, at: number): Millis | undefined {
  const wave = header.waves[at];
  switch (wave?.status) {
    case 'running':
      return wave.startedAt;
    case 'baking':
      return wave.bakeUntil === undefined ? undefined : wave.bakeUntil - wave.bakeMs + header.frozenMs;
    case 'gated':
      return header.since;
    case 'passed':
    case 'failed':
      return wave.endedAt;
    default:
      return undefined;
  }
}
