import type { Generation, NodeName } from '../../../shared/model/ids.js';
import { terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import { type Edit, getKey, type HashMap, removeKey, setKey } from '../collections/hash-map.js';
import { popHeap, pushHeap } from '../collections/heap.js';
import { emptyIntMap, type IntMap, removeInt, setInt } from '../collections/int-map.js';
import { type FetchRoom, noLimit } from '../fetch-shares.js';
import { countsOf } from './counts.js';
import { noRoles, type Roles, rolesOf } from './roles.js';
import type { RolloutIndex, WaveCounts } from './rollout-index.js';
import type { Decision, Effect } from './types/effects.js';
import type { RolloutNode } from './types/node.js';
import type { Wave } from './types/plan.js';
import type { RolloutHeader, RolloutState } from './types/rollout.js';
import type { Millis } from './types/time.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A decision in the making. The draft itself is changed in place; the values in it are replaced, never changed, so
 * that the state it was opened on stays what it was.
 */
export interface Draft {
  readonly now: Millis;
  header: RolloutHeader;
  nodes: HashMap<NodeName, RolloutNode>;
  readonly index: Writable<Omit<RolloutIndex, 'waves' | 'joined' | 'queues'>> & {
    readonly waves: Writable<WaveCounts>[];
    joined: Writable<WaveCounts>;
    readonly queues: Writable<RolloutIndex['queues']>;
  };
  readonly effects: Effect[];
  readonly changed: Set<NodeName>;
  /** Waves whose counters were copied for this draft, and may be changed in place. */
  readonly ownCounts: Set<number>;
  /** Waves in which a node failed in this step. */
  readonly shaken: Set<number>;
  nextGeneration: Generation;
  refusal: Decision['refusal'];
  /** What is left of the fleet's bandwidth. */
  room: FetchRoom;
  /** A node had to be left waiting because there was too little of it. */
  crowded: boolean;
  /** A node that only stages got further. */
  fetched: boolean;
  readonly edit: Edit;
}

export function openDraft(
  state: RolloutState,
  now: Millis,
  nextGeneration: Generation,
  room: FetchRoom = noLimit,
): Draft {
  const { header, nodes, index } = state;
  return {
    now,
    header,
    nodes,
    index: { ...index, waves: [...index.waves], queues: { ...index.queues } },
    effects: [],
    changed: new Set(),
    ownCounts: new Set(),
    shaken: new Set(),
    nextGeneration,
    refusal: undefined,
    room,
    crowded: false,
    fetched: false,
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
  more: { node?: NodeName; actor?: string; reason?: string } = {},
): void {
  draft.effects.push({ kind: 'record', event, message, ...more });
}

/** The next free generation. */
export function allocate(draft: Draft): Generation {
  const generation = draft.nextGeneration;
  draft.nextGeneration += 1;
  return generation;
}

/** The only way a node is changed or added: keeps every counter and queue in step. */
export function put(draft: Draft, node: RolloutNode): void {
  replace(draft, getKey(draft.nodes, node.name), node);
  draft.nodes = setKey(draft.nodes, node.name, node, draft.edit);
  draft.changed.add(node.name);
}

/** A node that left the environment for good: subtracted from everything. */
export function drop(draft: Draft, node: RolloutNode): void {
  replace(draft, node, undefined);
  draft.nodes = removeKey(draft.nodes, node.name);
  draft.changed.add(node.name);
}

/** Keeps the first entry of the heap one that still holds, so that nobody wakes for nothing. */
function dropStaleLeases(draft: Draft): void {
  for (let { leases } = draft.index; leases !== undefined; leases = draft.index.leases) {
    const node = getKey(draft.nodes, leases.value);
    if (node?.lease === leases.at) return;
    draft.index.leases = popHeap(leases);
    trackLease(draft, node);
  }
}

/** Puts the lease of a node whose entry was taken off the heap back, if it has one. */
export function trackLease({ index }: Draft, node: RolloutNode | undefined): void {
  if (node?.lease !== undefined) index.leases = pushHeap(index.leases, node.lease, node.name);
}

function replace(draft: Draft, old: RolloutNode | undefined, next: RolloutNode | undefined): void {
  const was = old && rolesOf(old);
  const is = next && rolesOf(next);
  if (old !== undefined && was !== undefined) subtract(draft.index, was);
  if (next !== undefined && is !== undefined) add(draft.index, is);
  recount(draft, { wave: old?.wave, roles: was }, { wave: next?.wave, roles: is });
  const node = next ?? old;
  if (node !== undefined) requeue(draft, node, was ?? noRoles, is ?? noRoles);
  if (next !== undefined && isSooner(next.lease, old?.lease)) trackLease(draft, next);
}

/** A lease that was renewed keeps its entry, which is moved when it comes up: most of them end long before that. */
const isSooner = (lease: Millis | undefined, than: Millis | undefined): boolean =>
  lease !== undefined && (than === undefined || lease < than);

function subtract(index: Draft['index'], roles: Roles): void {
  index.counted -= Number(roles.counted);
  index.unavailable -= Number(roles.unavailable);
  index.backOpen -= Number(roles.backOpen);
  index.backFailed -= Number(roles.backFailed);
  index.stageBase -= Number(roles.stageBase);
  index.stageDone -= Number(roles.stageDone);
  countSlot(index, roles, -1);
}

function add(index: Draft['index'], roles: Roles): void {
  index.counted += Number(roles.counted);
  index.unavailable += Number(roles.unavailable);
  index.backOpen += Number(roles.backOpen);
  index.backFailed += Number(roles.backFailed);
  index.stageBase += Number(roles.stageBase);
  index.stageDone += Number(roles.stageDone);
  countSlot(index, roles, 1);
}

function countSlot(index: Draft['index'], { slot, slotReady }: Roles, by: 1 | -1): void {
  if (slot === undefined) return;
  const ready = slotReady ? by : 0;
  if (slot === 'fresh') {
    index.freshTold += by;
    index.freshReady += ready;
  } else {
    index.oldTold += by;
    index.oldReady += ready;
  }
}

interface Place {
  readonly wave: number | undefined;
  readonly roles: Roles | undefined;
}

function recount(draft: Draft, was: Place, is: Place): void {
  if (was.wave === is.wave && was.roles?.kind === is.roles?.kind && was.roles?.unheard === is.roles?.unheard)
    return;
  countIn(draft, was, -1);
  countIn(draft, is, 1);
}

function countIn({ index, ownCounts }: Draft, { wave, roles }: Place, by: 1 | -1): void {
  if (wave === undefined || roles?.kind === undefined) return;
  let counts = wave < 0 ? index.joined : index.waves[wave];
  if (counts === undefined) return;
  if (!ownCounts.has(wave)) {
    ownCounts.add(wave);
    counts = { ...counts };
    if (wave < 0) index.joined = counts;
    else index.waves[wave] = counts;
  }
  counts.size += by;
  counts[roles.kind] += by;
  counts.unheard += roles.unheard ? by : 0;
}

function requeue(draft: Draft, node: RolloutNode, was: Roles, is: Roles): void {
  const { index, edit } = draft;
  const { queues } = index;
  const { ordinal, name } = node;
  if (was.queue !== is.queue) {
    if (was.queue !== undefined) queues[was.queue] = removeInt(queues[was.queue], ordinal, edit);
    if (is.queue !== undefined) queues[is.queue] = setInt(queues[is.queue], ordinal, name, edit);
  }
  const move = (set: IntMap<NodeName>, from: boolean, to: boolean): IntMap<NodeName> => {
    if (from === to) return set;
    return to ? setInt(set, ordinal, name, edit) : removeInt(set, ordinal, edit);
  };
  index.fetching = move(index.fetching, was.fetching, is.fetching);
  index.open = move(index.open, was.kind === 'open', is.kind === 'open');
  index.absent = move(index.absent, was.absent, is.absent);
  index.touched = move(index.touched, was.touched, is.touched);
  index.failed = move(index.failed, was.kind === 'failed', is.kind === 'failed');
  index.toTell = move(index.toTell, was.toTell, is.toTell);
  if (!draft.header.staging) return;
  index.toStage = move(index.toStage, was.toStage === 'fetch', is.toStage === 'fetch');
  index.toKeep = move(index.toKeep, was.toStage === 'keep', is.toStage === 'keep');
}

const noCounts: WaveCounts = {
  size: 0,
  queued: 0,
  open: 0,
  healthy: 0,
  unheard: 0,
  staged: 0,
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
    toKeep: none,
    fetching: none,
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
    toTell: none,
    freshTold: 0,
    freshReady: 0,
    oldTold: 0,
    oldReady: 0,
    leases: undefined,
  };
}
