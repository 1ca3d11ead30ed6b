import type { AppName, EnvName } from './ids.js';
import type { Maintenance } from './maintenance.js';
import type { Selector } from './selector.js';

/** A count of nodes, absolute or as a share of a group. */
export type Amount =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** An application and its environments, in the order of its pipeline. The parsed form of `kind: Application`. */
export interface ApplicationSpec {
  readonly name: AppName;
  readonly environments: readonly EnvironmentSpec[];
}

export interface EnvironmentSpec {
  readonly name: EnvName;
  readonly selector: Selector;
  /** Values for services, hooks and probes; they win over the release's defaults. */
  readonly config: Readonly<Record<string, string>>;
  readonly strategy: Strategy;
  /** What a node that joins gets: the last proven release, the one being rolled out, or nothing. */
  readonly join: 'stable' | 'target' | 'hold';
  /** Where its nodes fetch releases; absent: from the coordinator's store alone. */
  readonly stores?: readonly Origin[];
  /** When its nodes may be changed; absent: at any time. */
  readonly maintenance?: Maintenance;
  /** What a release has to have before it may come here; absent: nothing. */
  readonly promotion?: PromotionRule;
  /** Releases that are newer than what runs and passed these checks are deployed without being asked for; absent: none are. */
  readonly autoDeploy?: { readonly checks: readonly string[] };
}

/** What lets a release into an environment. */
export interface PromotionRule {
  /** The environment it must have proven itself in; undefined: none. */
  readonly from: EnvName | undefined;
  /** For how long it must have been the proven one in `from`. */
  readonly bakeMs: number;
  /** Names of checks that must have passed. */
  readonly checks: readonly string[];
  /** How many different people must have approved it. */
  readonly approvals: number;
  /** Who published it is none of them. */
  readonly fourEyes?: true;
}

/** A copy of the store. */
export interface Origin {
  /** Base URL. */
  readonly url: string;
  /** Of the nodes it is near to; undefined: equally good for all. */
  readonly zone: string | undefined;
}

/** All share one shape: `rolling` drains a node before it is changed, `parallel` changes nodes that take no requests. */
export interface Strategy {
  readonly type: 'live' | 'rolling' | 'parallel';
  /** Nodes of the environment that may be out of service at once, whatever the reason. */
  readonly maxUnavailable: Amount;
  /** Share of the nodes connected at planning time that must have the release on disk before the first activation. */
  readonly stageRequire: Amount | undefined;
  /** At least one. */
  readonly waves: readonly WaveSpec[];
  readonly health: { readonly minHealthyTimeMs: number; readonly deadlineMs: number };
  readonly budget: { readonly failed: Amount; readonly lost: Amount };
  readonly progressDeadlineMs: number;
  readonly onFailure: 'rollback' | 'pause';
  /** Of `parallel`, and of nothing else. */
  readonly parallel?: ParallelRule;
}

/** Two groups of nodes (blue and green), told apart by a label; at any time one of them takes the requests. */
export interface ParallelRule {
  /** Its values are the names of the groups. */
  readonly label: string;
  /** Who sends the requests to the other group once it is verified: a person, or the engine, at once. */
  readonly switch: 'manual' | 'auto';
  /** For so long both groups take requests while they are switched: load balancers see the one before they lose the other. */
  readonly overlapMs: number;
  /** How long the old group is kept for a switch back; undefined: until a person releases it. */
  readonly releaseAfterMs: number | undefined;
}

export interface WaveSpec {
  readonly name: string;
  /** The nodes that the wave is for; absent: all. */
  readonly within?: Selector;
  readonly members: WaveMembers;
  /** How many nodes of the wave may be in flight at once; undefined: as many as `maxUnavailable` allows. */
  readonly batch: Amount | undefined;
  /** How long the wave must stay healthy after its last node before the gate opens. */
  readonly bakeMs: number;
  readonly gate: 'auto' | 'manual';
}

/** Labels and facts (`facts.os`) that nodes are grouped by: nodes alike in all of them are one group. */
export type GroupKeys = readonly [string, ...string[]];

/** Who is in a wave, of those it is for; a node belongs to the first wave that takes it. */
export type WaveMembers =
  | { readonly kind: 'canary'; readonly by: GroupKeys; readonly each: number }
  | { readonly kind: 'canaryTotal'; readonly by: GroupKeys; readonly amount: Amount }
  | { readonly kind: 'amount'; readonly amount: Amount }
  /** One group after another, as sub-waves named `<name>/<group>`. */
  | { readonly kind: 'by'; readonly by: GroupKeys }
  | { readonly kind: 'rest' };
