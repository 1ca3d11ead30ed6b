import type { Amount, Strategy } from '../../../shared/model/application.js';
import type { Intent } from '../../../shared/model/desired-state.js';
import type {
  AppName,
  Digest,
  EnvName,
  Generation,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { Liveness } from '../../../shared/model/liveness.js';
import type {
  AppStatus,
  HealthVerdict,
  HostFacts,
  ReleaseId,
  StepFailure,
} from '../../../shared/model/node-status.js';
import type { DatabaseFact, ReleaseRef } from '../../../shared/model/release.js';
import type {
  RolloutCause,
  RolloutNodePhase,
  RolloutStatus,
  WaveStatus,
} from '../../../shared/model/rollout.js';
import type { HashMap } from '../collections/hash-map.js';
import type { SlotName, Slots } from './parallel/slots.js';
import type { RolloutIndex } from './rollout-index.js';

/**
 * All times in this folder are milliseconds of the coordinator's *up-time* clock: a number that only grows and
 * stands still while the coordinator is down, so that time down is no node's fault.
 */
export type Millis = number;

/** What an environment is taken to, or back to. */
export interface Target {
  readonly release: ReleaseRef;
  readonly config: Readonly<Record<string, string>>;
  readonly configRevision: string;
  /** Which of the environment's config releases `config` is of; absent: of one from before they had numbers. */
  readonly configNumber?: number;
}

/** The last assignment a node was given for this application, by whichever rollout. */
export interface GivenAssignment {
  readonly generation: Generation;
  readonly intent: Intent;
  readonly digest: Digest;
  readonly configRevision: string;
  /** It runs the release's database step first. */
  readonly database?: boolean;
  /** `open`: the node has not reported an end for this generation; `failed`: it has, and it was not a good one. */
  readonly state: 'open' | 'done' | 'failed';
}

/** A node of the environment as it stands when a rollout is planned, or when it joins one. */
export interface PlanNode {
  readonly name: NodeName;
  readonly labels: Labels;
  /** Undefined: it has not told them yet. */
  readonly facts?: HostFacts | undefined;
  readonly liveness: Liveness;
  /** Healthy and ready on some release: `isServing(status)`. */
  readonly serving: boolean;
  /** False if the node never had a release of this application: it is not capacity that could be missed. */
  readonly deployed: boolean;
  readonly current: ReleaseId | undefined;
  /** Of the assignment that made `current` live; undefined if not known. */
  readonly currentConfigRevision: string | undefined;
  readonly staged: readonly Digest[];
  readonly assigned: GivenAssignment | undefined;
  /** Of what serves, by itself; absent: none. */
  readonly restarts?: number;
  /** It was told to take no requests. */
  readonly standby?: boolean;
}

/** The database step of `to`, in an environment in which it is not done. */
export interface DatabaseStep extends DatabaseFact {
  /** Who was told to run it; undefined: nobody yet. */
  readonly node: NodeName | undefined;
  /** Who was running the step of a superseded rollout when this one was planned: two at once would be one too many. */
  readonly after?: readonly NodeName[];
  /** Those of them whose step is that of `to` itself: what they say of it counts. */
  readonly begun?: readonly NodeName[];
  readonly done: boolean;
}

export interface PlanRequest {
  readonly id: RolloutId;
  readonly app: AppName;
  readonly env: EnvName;
  readonly cause: RolloutCause;
  readonly strategy: Strategy;
  readonly join: 'stable' | 'target' | 'hold';
  readonly to: Target;
  /** The environment's last proven target; undefined on the first deploy. */
  readonly from: Target | undefined;
  readonly nodes: readonly PlanNode[];
  /** Who asked, and why; kept for people. */
  readonly requestedBy: string;
  readonly requestedReason: string;
  /** For people, RFC 3339; the engine only keeps it. */
  readonly startedAt: string;
  /** What `to` has to be done to the database in this environment; undefined: nothing, or it is done. */
  readonly database?: DatabaseFact | undefined;
  /** The version whose database step, which cannot be reversed, keeps the environment from going back to `from`. */
  readonly pastReturn?: ReleaseVersion | undefined;
  /** Of a blue/green pair: which group gets the release, and which takes the requests; the others have no part in it. */
  readonly slots?: Pick<Slots, 'label' | 'fresh' | 'old'> | undefined;
  /** The environment is closed. */
  readonly closed?: Closure | undefined;
}

/** One wave of the frozen plan. */
export interface Wave {
  readonly name: string;
  readonly canary: boolean;
  /** Which of the groups of a wave with `by` it is: their values, a line each. */
  readonly stratum: string | undefined;
  /** Which entry of `strategy.waves` it came from; -1: the nodes that no wave took. */
  readonly spec: number;
  readonly batch: Amount | undefined;
  readonly bakeMs: number;
  readonly gate: 'auto' | 'manual';
  readonly status: WaveStatus;
  /** Why it failed, or who let it pass; ''. */
  readonly reason: string;
  readonly startedAt: Millis | undefined;
  /** Rollout time (see `RolloutHeader.frozenMs`) at which the bake ends. */
  readonly bakeUntil: Millis | undefined;
  readonly endedAt: Millis | undefined;
}

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

/** How many nodes something was seen on, and how long it took on all of them together. */
export interface Timing {
  readonly nodes: number;
  readonly ms: Millis;
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

/** Why its environment lets nothing be started: a person froze it, or none of its maintenance windows is open. */
export interface Closure {
  readonly kind: 'freeze' | 'window';
  /** What has to come, as in "it waits for …". */
  readonly waitsFor: string;
  /** What a person can do about it; ''. */
  readonly hint: string;
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

/** A node's part in a rollout: plain JSON, stored as it is. */
export interface RolloutNode {
  readonly name: NodeName;
  /** Place in the order of the plan. */
  readonly ordinal: number;
  /** Index of its wave; -1 for a node that joined later. */
  readonly wave: number;
  readonly phase: RolloutNodePhase;
  /** What `phase` was before the node was lost, and will be when it is back. */
  readonly beneath: RolloutNodePhase | undefined;
  /** Of the last assignment this rollout gave it; 0: none. */
  readonly generation: Generation;
  readonly intent: 'stage' | 'activate' | undefined;
  /** What it is to run: `from` once it is to be taken back. */
  readonly target: 'to' | 'from';
  /** `stage`: it is to have `to` on its disk, and no more than that. `traffic`: it keeps what it has, and takes requests or none. */
  readonly only: 'stage' | 'traffic' | undefined;
  /** An activation of `generation` is under way. */
  readonly open: boolean;
  /** Generation of an activation under way that is to be replaced (given by a superseded rollout, or before a rollback). */
  readonly busy: Generation | undefined;
  /** True once it was told to activate `to`: it is taken back by a rollback. */
  readonly touched: boolean;
  readonly attempts: number;
  readonly liveness: Liveness;
  readonly serving: boolean;
  readonly deployed: boolean;
  readonly health: HealthVerdict;
  readonly current: ReleaseId | undefined;
  /** `to` is complete and verified on its disk. */
  readonly onDisk: boolean;
  /** Connected when the rollout was planned. */
  readonly online: boolean;
  /** How far into the lifecycle this generation came: an index of `nodePhases`. A lease is renewed only by going further. */
  readonly furthest: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Rollout time at which the slot it holds is taken from it. */
  readonly lease: Millis | undefined;
  /** When `phase` was reached (up-time). */
  readonly since: Millis;
  /** Since when the release it is to run is on its disk and is being activated (up-time); absent: that is not so, or not known. */
  readonly began?: Millis | undefined;
  /** The last failure of this rollout's release here; kept when the node has gone back. */
  readonly failure: StepFailure | undefined;
  /** What the node says it waits for; ''. */
  readonly note: string;
  /** `restarts` when the plan was made: what came later is compared. */
  readonly restartsBefore?: number;
  /** A database step that cannot be reversed has begun here; absent: not that it were known. */
  readonly pastReturn?: true;
  /** Its group of a blue/green pair. */
  readonly slot?: SlotName;
  /** Its group is to take no requests. */
  readonly standby?: boolean;
  /** What it was told of requests; `joining`: it takes them once the activation under way has ended well. */
  readonly told?: 'in' | 'out' | 'joining';
  /** It takes requests; once it is told to, it must have said so since. */
  readonly ready?: boolean;
}

export interface RolloutState {
  readonly header: RolloutHeader;
  readonly nodes: HashMap<NodeName, RolloutNode>;
  /** Derived from the two others by `load`; never stored. */
  readonly index: RolloutIndex;
}

export type OperatorAction =
  | 'pause'
  | 'resume'
  | 'approve'
  | 'abort'
  | 'retry'
  | 'excuse'
  | 'supersede'
  | 'switch'
  | 'switchBack'
  | 'release';

export type RolloutEvent =
  | { readonly kind: 'nodeReported'; readonly node: NodeName; readonly status: AppStatus }
  | { readonly kind: 'nodeLiveness'; readonly node: NodeName; readonly liveness: Liveness }
  | { readonly kind: 'nodeJoined'; readonly node: PlanNode }
  | { readonly kind: 'nodeDecommissioned'; readonly node: NodeName }
  /** The coordinator suspects itself (a large share of the fleet went silent at once), or no longer does. */
  | { readonly kind: 'freeze'; readonly frozen: boolean }
  /** The environment has closed, or opened. */
  | { readonly kind: 'closure'; readonly closure: Closure | undefined }
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'operator';
      readonly action: OperatorAction;
      /** For `retry` (undefined or empty: every node that failed or was lost) and `excuse`. */
      readonly nodes?: readonly NodeName[];
      readonly by: string;
      readonly reason: string;
    };

export type FinalStatus = 'succeeded' | 'failed' | 'rolledBack' | 'aborted' | 'superseded';

export type Effect =
  | {
      readonly kind: 'assign';
      readonly node: NodeName;
      readonly generation: Generation;
      readonly intent: 'stage' | 'activate';
      readonly target: 'to' | 'from';
      readonly drain: boolean;
      readonly restart: boolean;
      /** Its share of the fleet's bandwidth; 0: no limit. */
      readonly fetchBytesPerSecond: number;
      readonly rollout: RolloutId;
      /** It runs the release's database step first. */
      readonly database: boolean;
      /** It takes no requests with it. */
      readonly standby: boolean;
    }
  /** The node keeps what it runs, and takes requests or none. */
  | {
      readonly kind: 'traffic';
      readonly node: NodeName;
      readonly generation: Generation;
      readonly standby: boolean;
      readonly rollout: RolloutId;
    }
  /** From now on this group takes the requests: a value of the label that tells them apart. */
  | { readonly kind: 'switched'; readonly slot: string }
  /** For the log of events: `event` is a stable name (`wave.started`), `message` a sentence. */
  | {
      readonly kind: 'record';
      readonly event: string;
      readonly message: string;
      readonly node?: NodeName;
      /** Who did it; absent: the engine. */
      readonly actor?: string;
      /** Why, in that person's words. */
      readonly reason?: string;
    }
  /** The rollout has ended. With `proven`, `to` becomes the environment's last proven target. */
  | {
      readonly kind: 'finish';
      readonly status: FinalStatus;
      readonly reason: string;
      readonly proven: boolean;
    };

export interface Decision {
  readonly state: RolloutState;
  readonly effects: readonly Effect[];
  /** Nodes whose row changed; one that is no longer in `state.nodes` was decommissioned: delete its row. */
  readonly changedNodes: readonly NodeName[];
  /** The next free generation. */
  readonly nextGeneration: Generation;
  /** An operator's action that makes no sense now: nothing was changed. A sentence that says why. */
  readonly refusal: { readonly code: 'refused' | 'notFound'; readonly message: string } | undefined;
}

/** What holds something up. */
export interface Constraint {
  readonly sentence: string;
  readonly since: Millis | undefined;
  /** False if nothing does, and the sentence says so. */
  readonly holds: boolean;
}

/** An answer to `why`. */
export interface Explanation {
  /** One sentence: the exact constraint that holds it up, or that nothing does. */
  readonly answer: string;
  readonly details: readonly string[];
  readonly since: Millis | undefined;
  /** False if nothing holds it up. */
  readonly holds: boolean;
  readonly hint: string;
  readonly logTail: string;
}
