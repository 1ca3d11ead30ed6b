import type { Generation, NodeName } from '../../../shared/model/ids.js';
import { terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import { type Edit, getKey, type HashMap, removeKey, setKey } from '../collections/hash-map.js';
import { popHeap, pushHeap } from '../collections/heap.js';
import { emptyIntMap, type IntMap, removeInt, setInt } from '../collections/int-map.js';
import { countsOf } from './counts.js';
import {
  classOf,
  isAbsent,
  isBackFailed,
  isBackOpen,
  isCounted,
  isStageBase,
  isToStage,
  isTouched,
  isUnavailable,
  queueOf,
} from './roles.js';
import type { RolloutIndex, WaveCounts } from './rollout-index.js';
import type { Decision, Effect, Millis, RolloutHeader, RolloutNode, RolloutState, Wave } from './types.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A decision in the making. The draft itself is changed in place; the values in it are replaced, never changed, so
 * that the state it was opened on stays what it was.
 */
export interface Draft {
  readonly now: Millis;
  header: RolloutHeader;
  nodes: HashMap<NodeName, RolloutNode>;
  readonly index: Writable<Omit<RolloutIndex, 'waves' | 'queues'>> & {
    readonly waves: WaveCounts[];
    readonly queues: Writable<RolloutIndex['queues']>;
  };
  readonly effects: Effect[];
  readonly changed: Set<NodeName>;
  /** Waves in which a node failed in this step. */
  readonly shaken: Set<number>;
  nextGeneration: Generation;
  refusal: Decision['refusal'];
  readonly edit: Edit;
}

export function openDraft(state: RolloutState, now: Millis, nextGeneration: Generation): Draft {
  const { header, nodes, index } = state;
  return {
    now,
    header,
    nodes,
    index: { ...index, waves: [...index.waves], queues: { ...index.queues } },
    effects: [],
    changed: new Set(),
    shaken: new Set(),
    nextGeneration,
    refusal: undefined,
    edit: {},
  };
}

export function closeDraft(draft: Draft): Decision {
  dropStaleLeases(draft);
  const { header, nodes, index } = draft;
  return {
    state: { header: { ...header, counts: countsOf(header, index) }, nodes, index },
    effects: draft.effects,
    changedNodes: [...draft.changed],
    nextGeneration: draft.nextGeneration,
    refusal: draft.refusal,
  };
}

/** Rollout time: up-time without the stretches in which the rollout was frozen. */
export function rolloutTime(header: RolloutHeader, now: Millis): Millis {
  return (header.frozenSince ?? now) - header.frozenMs;
}

export const timeOf = (draft: Draft): Millis => rolloutTime(draft.header, draft.now);

export const isOver = (header: RolloutHeader): boolean => terminalRolloutStatuses.has(header.status);

export const nodeOf = (draft: Pick<Draft, 'nodes'>, name: NodeName): RolloutNode | undefined =>
  getKey(draft.nodes, name);

export function amend(draft: Draft, change: Partial<RolloutHeader>): void {
  draft.header = { ...draft.header, ...change };
}

export function amendWave(draft: Draft, at: number, change: Partial<Wave>): void {
  const waves = draft.header.waves.map((wave, i) => (i === at ? { ...wave, ...change } : wave));
  amend(draft, { waves });
}

export function record(
  draft: Draft,
  event: string,
  message: string,
  more: { node?: NodeName; actor?: string } = {},
): void {
  draft.effects.push({ kind: 'record', event, message, ...more });
}

/** The only way a node is changed or added: keeps every counter and queue in step. */
export function put(draft: Draft, node: RolloutNode): void {
  const old = getKey(draft.nodes, node.name);
  if (old !== undefined) count(draft, old, -1);
  count(draft, node, 1);
  requeue(draft, old, node);
  draft.nodes = setKey(draft.nodes, node.name, node, draft.edit);
  draft.changed.add(node.name);
}

/** A node that left the environment for good: subtracted from everything. */
export function drop(draft: Draft, node: RolloutNode): void {
  count(draft, node, -1);
  requeue(draft, node, undefined);
  draft.nodes = removeKey(draft.nodes, node.name);
  draft.changed.add(node.name);
}

/** Keeps the first entry of the heap one that still holds, so that nobody wakes for nothing. */
function dropStaleLeases({ index, nodes }: Draft): void {
  while (index.leases !== undefined && getKey(nodes, index.leases.value)?.lease !== index.leases.at) {
    index.leases = popHeap(index.leases);
  }
}

function count(draft: Draft, node: RolloutNode, by: 1 | -1): void {
  const { index } = draft;
  const counts = node.wave < 0 ? index.joined : index.waves[node.wave];
  if (counts !== undefined) {
    const kind = classOf(node);
    const next = { ...counts, size: counts.size + by, [kind]: counts[kind] + by };
    if (node.wave < 0) index.joined = next;
    else index.waves[node.wave] = next;
  }
  if (isCounted(node)) index.counted += by;
  if (isUnavailable(node)) index.unavailable += by;
  if (isBackOpen(node)) index.backOpen += by;
  if (isBackFailed(node)) index.backFailed += by;
  if (isStageBase(node)) {
    index.stageBase += by;
    if (node.onDisk) index.stageDone += by;
  }
}

function requeue(draft: Draft, old: RolloutNode | undefined, next: RolloutNode | undefined): void {
  const { index, edit } = draft;
  const from = old && queueOf(old);
  const to = next && queueOf(next);
  if (from !== to) {
    if (old && from) index.queues[from] = removeInt(index.queues[from], old.ordinal, edit);
    if (next && to) index.queues[to] = setInt(index.queues[to], next.ordinal, next.name, edit);
  }
  const belongs = (set: IntMap<NodeName>, test: (node: RolloutNode) => boolean): IntMap<NodeName> => {
    const was = old !== undefined && test(old);
    const is = next !== undefined && test(next);
    if (was && !is) return removeInt(set, old.ordinal, edit);
    return is && !was ? setInt(set, next.ordinal, next.name, edit) : set;
  };
  index.open = belongs(index.open, (node) => classOf(node) === 'open');
  index.absent = belongs(index.absent, isAbsent);
  index.touched = belongs(index.touched, isTouched);
  index.failed = belongs(index.failed, (node) => classOf(node) === 'failed');
  if (draft.header.staging) index.toStage = belongs(index.toStage, isToStage);
  if (next?.lease !== undefined && next.lease !== old?.lease) {
    index.leases = pushHeap(index.leases, next.lease, next.name);
  }
}

export const noCounts: WaveCounts = {
  size: 0,
  queued: 0,
  open: 0,
  healthy: 0,
  failed: 0,
  lost: 0,
  skipped: 0,
  excused: 0,
  returned: 0,
};

export function emptyIndex(waves: number): RolloutIndex {
  const none = emptyIntMap<NodeName>();
  return {
    waves: Array.from({ length: waves }, () => noCounts),
    joined: noCounts,
    queues: { toFree: none, toServing: none, fromFree: none, fromServing: none },
    toStage: none,
    open: none,
    absent: none,
    touched: none,
    failed: none,
    counted: 0,
    unavailable: 0,
    backOpen: 0,
    backFailed: 0,
    stageBase: 0,
    stageDone: 0,
    leases: undefined,
  };
}
