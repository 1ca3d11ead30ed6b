import type { NodeName } from '../../../shared/model/ids.js';
import type { Maintenance } from '../../../shared/model/maintenance.js';
import type { RolloutNodePhase, RolloutStatus, WaveStatus } from '../../../shared/model/rollout.js';
import type { FetchShares } from '../fetch-shares.js';
import type { LivenessLimits } from '../liveness.js';
import type { PlanRequest } from '../rollout/types/plan.js';
import type { Millis } from '../rollout/types/time.js';

/** What is supposed of the nodes while a rollout is played through. */
export interface Suppositions {
  /** Until a node that lacks the release has it on its disk. */
  readonly fetchMs: Millis;
  /** From there until what is new there can be judged: drain, stop, switch, start. */
  readonly changeMs: Millis;
  /** The release does not become healthy on these. */
  readonly failing: ReadonlySet<NodeName>;
  /** Nobody hears of these any more from the moment they are told to change. */
  readonly vanishing: ReadonlySet<NodeName>;
  /** These do not let the release run, whatever it is like; why, a sentence. */
  readonly refusing: ReadonlyMap<NodeName, string>;
  readonly limits: Pick<LivenessLimits, 'silentAfterMs' | 'lostAfterMs'>;
}

export interface ReplayRequest {
  readonly plan: PlanRequest;
  readonly suppose: Suppositions;
  /** Of the fleet's bandwidth, as it is given out now. */
  readonly shares: FetchShares;
  /** Up-time at which the rollout would begin. */
  readonly now: Millis;
  /** In which it may activate anything, and what the clock on the wall shows as it begins (milliseconds since the epoch). */
  readonly windows?: { readonly maintenance: Maintenance; readonly wallTime: number } | undefined;
}

/** All times are counted from the start of the rollout. */
export interface PlannedWave {
  readonly name: string;
  readonly status: WaveStatus;
  /** Why it failed; ''. */
  readonly reason: string;
  readonly nodes: number;
  /** Undefined: it is never reached. */
  readonly beganMs: Millis | undefined;
  /** When it is complete and only bakes or waits for a gate; undefined: it never is. */
  readonly completeMs: Millis | undefined;
  readonly endedMs: Millis | undefined;
}

/** A node that is changed, in the order in which they are. */
export interface PlannedChange {
  readonly node: NodeName;
  /** Name of its wave. */
  readonly wave: string;
  readonly beganMs: Millis;
  /** How it stands when the plan ends. */
  readonly phase: RolloutNodePhase;
  /** When that was reached. */
  readonly endedMs: Millis;
}

/** From then on so many nodes serve, until the next of these. */
export interface Availability {
  readonly atMs: Millis;
  readonly serving: number;
}

export interface PlannedRollout {
  readonly status: RolloutStatus;
  /** Why it ends so, or what it waits for if it does not end: a sentence. */
  readonly reason: string;
  readonly durationMs: Millis;
  readonly waves: readonly PlannedWave[];
  readonly changes: readonly PlannedChange[];
  readonly availability: readonly Availability[];
  /** Nodes that count as capacity when it begins, how many may be out of service, and the fewest that ever serve. */
  readonly capacity: number;
  readonly maxUnavailable: number;
  readonly floor: number;
  /** Nodes that are skipped since they are not there. */
  readonly skipped: readonly NodeName[];
  /** When its environment is shut, and what it waits for then; `untilMs` is undefined if the plan ends before. */
  readonly waits: readonly {
    readonly atMs: Millis;
    readonly untilMs: Millis | undefined;
    readonly what: string;
  }[];
  /** What a person has to do for it to go on; it is taken to be done at once. */
  readonly approvals: readonly { readonly atMs: Millis; readonly what: string }[];
}
