import type { NodeName } from '../../shared/model/ids.js';
import type { Liveness } from '../../shared/model/liveness.js';
import { emptyHashMap, getKey, type HashMap, removeKey, setKey } from './collections/hash-map.js';
import { type Heap, popHeap, pushHeap } from './collections/heap.js';

/** Thresholds; all times in milliseconds. */
export interface LivenessLimits {
  /** How long after its last poll a node still counts as connected (10 s). */
  readonly silentAfterMs: number;
  /** How long a node is silent before it is lost (90 s). */
  readonly lostAfterMs: number;
  /** How long after the coordinator's start nobody can become lost (5 min). */
  readonly startGraceMs: number;
  /**
   * The window within which silences count as "at once" (20 s): of nodes that vanish in the same moment, without a word, keepalives
   * find the first after 10 s and the last after 30.
   */
  readonly massWindowMs: number;
  /** The share of the connected fleet, 0 to 1, that must go silent at once (0.5) … */
  readonly massShare: number;
  /** … and the least number of nodes (5): two of three nodes that restart are no reason to suspect oneself. */
  readonly massMinimum: number;
}

export const defaultLivenessLimits: LivenessLimits = {
  silentAfterMs: 10_000,
  lostAfterMs: 90_000,
  startGraceMs: 300_000,
  massWindowMs: 20_000,
  massShare: 0.5,
  massMinimum: 5,
};

export interface LivenessState {
  readonly limits: LivenessLimits;
  readonly startedAt: number;
  readonly nodes: HashMap<NodeName, NodeLiveness>;
  readonly connected: number;
  /** Since when the coordinator suspects itself; nobody is declared lost, rollouts are frozen. */
  readonly suspectSince: number | undefined;
  /** How many were connected when the suspicion began. */
  readonly suspectBase: number;
  /** Nodes that went silent in the current window and in the one before. */
  readonly silences: { readonly since: number; readonly current: number; readonly previous: number };
  readonly due: Heap<NodeName> | undefined;
}

export interface NodeLiveness {
  readonly name: NodeName;
  readonly liveness: Liveness;
  /** Polls held now: two while a new session replaces an old one. */
  readonly held: number;
  /** When `liveness` was reached, or the last poll was over. */
  readonly since: number;
  /** When it becomes silent, or lost, if nothing is heard of it. */
  readonly due: number | undefined;
}

export type LivenessEvent =
  /** A poll of the node is held, or is over. */
  | { readonly kind: 'pollHeld'; readonly node: NodeName }
  | { readonly kind: 'pollOver'; readonly node: NodeName }
  /** Known from the database, not seen since the start. */
  | { readonly kind: 'known'; readonly node: NodeName }
  | { readonly kind: 'forgotten'; readonly node: NodeName }
  | { readonly kind: 'tick' };

export interface LivenessDecision {
  readonly state: LivenessState;
  readonly changes: readonly { readonly node: NodeName; readonly liveness: Liveness }[];
  /** What became of the suspicion: rollouts are frozen when it begins, and go on when it ends. */
  readonly suspicion: 'began' | 'nodesAreBack' | 'givenUp' | undefined;
}

export function startLiveness(limits: LivenessLimits, now: number): LivenessState {
  return {
    limits,
    startedAt: now,
    nodes: emptyHashMap(),
    connected: 0,
    suspectSince: undefined,
    suspectBase: 0,
    silences: { since: now, current: 0, previous: 0 },
    due: undefined,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A decision in the making: its fields are replaced, what they hold is never changed. */
interface Draft {
  readonly state: Writable<LivenessState>;
  readonly changes: { readonly node: NodeName; readonly liveness: Liveness }[];
  readonly now: number;
}

export function decideLiveness(state: LivenessState, event: LivenessEvent, now: number): LivenessDecision {
  const draft: Draft = { state: { ...state }, changes: [], now };
  apply(draft, event);
  judgeSuspicion(draft);
  dropStale(draft.state);
  return { state: draft.state, changes: draft.changes, suspicion: suspicionBetween(state, draft.state) };
}

function suspicionBetween(before: LivenessState, after: LivenessState): LivenessDecision['suspicion'] {
  const [was, is] = [before, after].map(({ suspectSince }) => suspectSince !== undefined);
  if (was === is) return undefined;
  if (is === true) return 'began';
  return areBack(after) ? 'nodesAreBack' : 'givenUp';
}

export function livenessOf(state: LivenessState, node: NodeName): Liveness {
  return getKey(state.nodes, node)?.liveness ?? 'silent';
}

export const nodeLivenessOf = (state: LivenessState, node: NodeName): NodeLiveness | undefined =>
  getKey(state.nodes, node);

/** When the next tick is due, undefined if none is. */
export function nextLivenessWake(state: LivenessState): number | undefined {
  const end = state.suspectSince === undefined ? undefined : suspicionEnd(state, state.suspectSince);
  const times = [state.due?.at, end].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function apply(draft: Draft, event: LivenessEvent): void {
  const { state, now } = draft;
  if (event.kind === 'tick') {
    tick(draft);
    return;
  }
  const node = getKey(state.nodes, event.node);
  switch (event.kind) {
    case 'known':
      if (node === undefined) put(draft, silentNode(state, event.node, now), undefined);
      return;
    case 'pollHeld':
      put(
        draft,
        { name: event.node, liveness: 'connected', held: (node?.held ?? 0) + 1, since: now, due: undefined },
        node,
      );
      return;
    case 'pollOver':
      if (node === undefined) return;
      put(draft, pollOver(state.limits, node, now), node);
      return;
    case 'forgotten':
      if (node === undefined) return;
      if (node.liveness === 'connected') state.connected -= 1;
      state.nodes = removeKey(state.nodes, event.node);
  }
}

function pollOver(limits: LivenessLimits, node: NodeLiveness, now: number): NodeLiveness {
  const held = Math.max(0, node.held - 1);
  if (held > 0 || node.liveness !== 'connected') return { ...node, held };
  return { ...node, held, since: now, due: now + limits.silentAfterMs };
}

/** Nobody is lost in the first minutes after a start: after a failover nobody is dead yet. */
function silentNode({ limits, startedAt }: LivenessState, name: NodeName, now: number): NodeLiveness {
  const due = Math.max(now + limits.lostAfterMs, startedAt + limits.startGraceMs);
  return { name, liveness: 'silent', held: 0, since: now, due };
}

function put(draft: Draft, node: NodeLiveness, old: NodeLiveness | undefined): void {
  const { state, changes } = draft;
  const was = old?.liveness === 'connected';
  const is = node.liveness === 'connected';
  state.connected += Number(is) - Number(was);
  state.nodes = setKey(state.nodes, node.name, node);
  if (node.due !== undefined && node.due !== old?.due) state.due = pushHeap(state.due, node.due, node.name);
  if (old?.liveness !== node.liveness) changes.push({ node: node.name, liveness: node.liveness });
}

function tick(draft: Draft): void {
  const { state, now } = draft;
  for (let { due } = state; due !== undefined && due.at <= now; due = state.due) {
    state.due = popHeap(due);
    const node = getKey(state.nodes, due.value);
    if (node?.due !== due.at) continue;
    if (node.liveness === 'connected') {
      noteSilence(draft);
      put(draft, silentNode(state, node.name, now), node);
      judgeSuspicion(draft);
    } else {
      overdue(draft, node);
    }
  }
}

function overdue(draft: Draft, node: NodeLiveness): void {
  const { state, now } = draft;
  const until = state.suspectSince === undefined ? now : suspicionEnd(state, state.suspectSince);
  if (until > now) put(draft, { ...node, due: until }, node);
  else put(draft, { ...node, liveness: 'lost', since: now, due: undefined }, node);
}

function noteSilence({ state, now }: Draft): void {
  const { since, current, previous } = state.silences;
  const window = state.limits.massWindowMs;
  if (now < since + window) state.silences = { since, current: current + 1, previous };
  else state.silences = { since: now, current: 1, previous: now < since + 2 * window ? current : 0 };
}

/**
 * A large share of the fleet that goes silent at once is rather the coordinator's own trouble than that of so many
 * nodes. The suspicion ends when most are back, and after the grace time at the latest: the nodes may be gone indeed.
 */
function judgeSuspicion({ state, now }: Draft): void {
  const { limits, silences, suspectSince } = state;
  if (suspectSince !== undefined) {
    if (!areBack(state) && now < suspicionEnd(state, suspectSince)) return;
    state.suspectSince = undefined;
    state.silences = { since: now, current: 0, previous: 0 };
    return;
  }
  const recent = now < silences.since + 2 * limits.massWindowMs ? silences.current + silences.previous : 0;
  const base = state.connected + recent;
  if (recent < limits.massMinimum || recent < base * limits.massShare) return;
  state.suspectSince = now;
  state.suspectBase = base;
}

/** Most of those that were there when the suspicion began. */
const areBack = ({ connected, suspectBase, limits }: LivenessState): boolean =>
  connected >= suspectBase * (1 - limits.massShare / 2);

const suspicionEnd = ({ limits }: LivenessState, since: number): number => since + limits.startGraceMs;

function dropStale(state: Writable<LivenessState>): void {
  while (state.due !== undefined && getKey(state.nodes, state.due.value)?.due !== state.due.at) {
    state.due = popHeap(state.due);
  }
}
