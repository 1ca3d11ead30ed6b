import type { Strategy } from '../../../../shared/model/application.js';
import type { AppName, EnvName, NodeName, ReleaseVersion, RolloutId } from '../../../../shared/model/ids.js';
import type { RolloutCause, RolloutStatus } from '../../../../shared/model/rollout.js';
import type { HashMap } from '../../collections/hash-map.js';
import type { Slots } from '../parallel/slots.js';
import type { RolloutIndex } from '../rollout-index.js';
import type { RolloutNode } from './node.js';
import type { Closure, DatabaseStep, Target, Wave } from './plan.js';
import type { Millis, Timing } from './time.js';

/** Numbers for people; every one is derived from the nodes. */
export interface RolloutCounts {
  readonly total: number;
  /** Ended for good: healthy, failed, lost, skipped or excused (rolling back: no longer to be taken back). */
  readonly settled: number;
  readonly healthy: number;
  readonly failed: number;
  readonly lost: number;
  readonly skipped: number;
  readonly excused: number;
  /** Activations under way. */
  readonly open: number;
  /** Nodes of the environment that are not serving or being changed, and how many may be. */
  readonly unavailable: number;
  readonly maxUnavailable: number;
  /** Of the nodes connected at planning (`stage`: of all): how many have the release on disk, and how many must. */
  readonly staged: number;
  readonly stageRequired: number;
}

/** How long this rollout's nodes took; what a plan of the next one goes by. */
export interface RolloutTimings {
  /** To get the release onto the disk. */
  readonly fetch: Timing;
  /** From there to healthy, the minimum healthy time left out. */
  readonly change: Timing;
}

/** Why nothing new is started, and who must act. */
export interface Hold {
  readonly by: 'operator' | 'engine';
  /** The operator's name; '' for the engine. */
  readonly actor: string;
  readonly reason: string;
  readonly since: Millis;
}

/** Everything about a rollout but its nodes: plain JSON, stored as it is. */
export interface RolloutHeader {
  readonly id: RolloutId;
  readonly app: AppName;
  readonly env: EnvName;
  readonly cause: RolloutCause;
  /** Frozen at planning. */
  readonly strategy: Strategy;
  readonly join: 'stable' | 'target' | 'hold';
  readonly to: Target;
  readonly from: Target | undefined;
  readonly requestedBy: string;
  readonly requestedReason: string;
  readonly startedAt: string;

  readonly status: RolloutStatus;
  /** Why it has this status, a sentence; '' if there is nothing to say. Of a rollback: what it was that failed. */
  readonly reason: string;
  /** When `status` was reached. */
  readonly since: Millis;
  readonly lane: 'forward' | 'back';
  /** True until the stage requirement held; of a rollout that only stages, to its end. */
  readonly staging: boolean;
  /** Some node has to wait for its share of the fleet's bandwidth before it may fetch. */
  readonly awaitsTurn: boolean;
  /** Index of the wave under way; `waves.length` when all have passed. */
  readonly currentWave: number;
  readonly waves: readonly Wave[];
  readonly hold: Hold | undefined;
  /** The environment is closed, since this time. */
  readonly closed: (Closure & { readonly since: Millis }) | undefined;
  /** Since when the coordinator suspects itself: nothing is started and no deadline judged. */
  readonly frozenSince: Millis | undefined;
  /** How long the rollout was frozen so far. Rollout time, in which deadlines are kept, is up-time minus this. */
  readonly frozenMs: number;
  /** Rollout time by which another node must have settled; undefined while that clock stands. */
  readonly progressDue: Millis | undefined;
  /** The highest progress seen; it never falls. */
  readonly progressHigh: number;
  /** When something last settled. */
  readonly progressAt: Millis;
  readonly nextJoin: number;
  readonly counts: RolloutCounts;
  /** Absent: nothing was seen yet. */
  readonly took?: RolloutTimings;
  /** Absent: `to` has no database step, or it was done here before. */
  readonly database?: DatabaseStep;
  /** The version whose database step has begun and cannot be reversed: there is no way back to `from`. */
  readonly pastReturn?: ReleaseVersion;
  /** Where requests go, of a blue/green pair; absent: nodes are changed in place. */
  readonly slots?: Slots;
}

export interface RolloutState {
  readonly header: RolloutHeader;
  readonly nodes: HashMap<NodeName, RolloutNode>;
  /** Derived from the two others by `load`; never stored. */
  readonly index: RolloutIndex;
}
