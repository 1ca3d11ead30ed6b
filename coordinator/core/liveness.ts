import type { NodeName } from '../../shared/model/ids.js';
import type { Liveness } from '../../shared/model/liveness.js';
import type { HashMap } from './collections/hash-map.js';
import type { Heap } from './collections/heap.js';

/** Thresholds; all times in milliseconds. */
export interface LivenessLimits {
  /** How long after its last poll a node still counts as connected (10 s). */
  readonly silentAfterMs: number;
  /** How long a node is silent before it is lost (90 s). */
  readonly lostAfterMs: number;
  /** How long after the coordinator's start nobody can become lost (5 min). */
  readonly startGraceMs: number;
  /** The window within which silences count as "at once" (10 s). */
  readonly massWindowMs: number;
  /** The share of the connected fleet, 0 to 1, that must go silent at once (0.5) … */
  readonly massShare: number;
  /** … and the least number of nodes (5): two of three nodes that restart are no reason to suspect oneself. */
  readonly massMinimum: number;
}

export declare const defaultLivenessLimits: LivenessLimits;

export interface LivenessState {
  readonly limits: LivenessLimits;
  readonly startedAt: number;
  readonly nodes: HashMap<NodeName, NodeLiveness>;
  readonly connected: number;
  /** Since when the coordinator suspects itself; nobody is declared lost, rollouts are frozen. */
  readonly suspectSince: number | undefined;
  readonly silences: readonly number[];
  readonly due: Heap<NodeName> | undefined;
}

export interface NodeLiveness {
  readonly name: NodeName;
  readonly liveness: Liveness;
  readonly held: number;
  readonly since: number;
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
  /** Present when the suspicion began or ended: send `freeze` to every rollout. */
  readonly freeze: boolean | undefined;
}

export declare function startLiveness(limits: LivenessLimits, now: number): LivenessState;
export declare function decideLiveness(
  state: LivenessState,
  event: LivenessEvent,
  now: number,
): LivenessDecision;
export declare function livenessOf(state: LivenessState, node: NodeName): Liveness;
/** When the next tick is due, undefined if none is. */
export declare function nextLivenessWake(state: LivenessState): number | undefined;
