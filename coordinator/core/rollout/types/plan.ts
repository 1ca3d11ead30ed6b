import type { Amount, Strategy } from '../../../../shared/model/application.js';
import type { Intent } from '../../../../shared/model/desired-state.js';
import type {
  AppName,
  Digest,
  EnvName,
  Generation,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../../../shared/model/ids.js';
import type { Labels } from '../../../../shared/model/labels.js';
import type { Liveness } from '../../../../shared/model/liveness.js';
import type { HostFacts, ReleaseId } from '../../../../shared/model/node-status.js';
import type { DatabaseFact, ReleaseRef } from '../../../../shared/model/release.js';
import type { RolloutCause, WaveStatus } from '../../../../shared/model/rollout.js';
import type { Slots } from '../parallel/slots.js';
import type { Millis } from './time.js';

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
  /** For this one it was told to run a database step, and may have been running it when it was told what this says. */
  readonly recalled?: Generation | undefined;
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
  /** It says itself that it takes none: that it was told to take them may be on its way still. */
  readonly idle?: boolean;
}

/** The database step of `to`, in an environment in which it is not done. */
export interface DatabaseStep extends DatabaseFact {
  /** Who was told to run it; undefined: nobody yet. */
  readonly node: NodeName | undefined;
  /** Who was running the step of a superseded rollout when this one was planned: two at once would be one too many. */
  readonly after?: readonly NodeName[];
  /** Those of them whose step is that of `to` itself: what they say of it counts. */
  readonly begun?: readonly NodeName[];
  /** Those that were told something else since: until they have done that, nobody knows how their step is. */
  readonly recalled?: readonly NodeName[];
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

/** Why its environment lets nothing be started: a person froze it, or none of its maintenance windows is open. */
export interface Closure {
  readonly kind: 'freeze' | 'window';
  /** What has to come, as in "it waits for …". */
  readonly waitsFor: string;
  /** What a person can do about it; ''. */
  readonly hint: string;
}
