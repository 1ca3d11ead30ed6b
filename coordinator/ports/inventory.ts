import type {
  AppName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../shared/model/ids.js';
import type { Liveness } from '../../shared/model/liveness.js';
import type { Lock } from '../../shared/model/lock.js';
import type { AppStatus } from '../../shared/model/node-status.js';
import type { Release, ReleaseRef } from '../../shared/model/release.js';
import type { Selector } from '../../shared/model/selector.js';
import type { PoisonRecord } from '../core/poison.js';
import type { Approval, CheckRecord } from '../core/promotion/types.js';
import type { Comparison } from '../core/rollout/explain/cohorts.js';
import type { RolloutNode } from '../core/rollout/types/node.js';
import type { RolloutCounts } from '../core/rollout/types/rollout.js';
import type { Opening } from '../core/windows.js';
import type { PlanAnswer, PlanQuestion } from './planning.js';
import type {
  AssignmentRecord,
  ChainCheck,
  EnvironmentRecord,
  EventQuery,
  EventRecord,
  NodeRecord,
  RolloutRecord,
} from './state-store.js';

export interface NodeAppSummary {
  readonly app: AppName;
  readonly env: EnvName | undefined;
  readonly status: AppStatus | undefined;
  readonly assignment: AssignmentRecord | undefined;
  /** Why it is not as wanted, a sentence; ''. */
  readonly reason: string;
}

export interface NodeSummary {
  readonly record: NodeRecord;
  readonly liveness: Liveness;
  readonly apps: readonly NodeAppSummary[];
  /** When it last looked at all of its host, milliseconds since the epoch; undefined: not since the coordinator's start. */
  readonly sampledAt: number | undefined;
}

export interface EnvironmentSummary {
  readonly record: EnvironmentRecord;
  readonly total: number;
  readonly healthy: number;
  readonly unhealthy: number;
  /** Not heard of, so that nobody knows how they are. */
  readonly silent: number;
  readonly lost: number;
  /** How many nodes run which version. */
  readonly versions: ReadonlyMap<string, number>;
  readonly rollout: RolloutRecord | undefined;
  /** Sentences: nodes that hold, selectors that overlap. */
  readonly problems: readonly string[];
  /** The newest release that waits to come here, if the environment has a gate and one does. */
  readonly next: NextRelease | undefined;
  /** The environment's own, else its application's. */
  readonly lock: Lock | undefined;
  readonly freeze: Lock | undefined;
  /** Whether one of its maintenance windows is open, and until when that stays so; undefined: it has none. */
  readonly window: Opening | undefined;
}

export interface NextRelease {
  readonly version: ReleaseVersion;
  /** Sentences; none: whoever deploys it may. */
  readonly lacks: readonly string[];
}

/** A release at the gate of one environment. */
export interface Standing {
  readonly env: EnvName;
  /** Sentences; none: it may come in. */
  readonly lacks: readonly string[];
  readonly approvals: readonly Approval[];
  /** Who let it in, if somebody did. */
  readonly promotion: Approval | undefined;
}

export interface ApplicationSummary {
  readonly name: AppName;
  readonly text: string;
  readonly environments: readonly EnvironmentSummary[];
  readonly releases: number;
  readonly latest: ReleaseVersion | undefined;
  /** While it is removed: nodes that are still to take it off. */
  readonly leaving: readonly NodeName[];
}

export interface ReleaseSummary {
  readonly release: Release;
  /** Where it is the proven one. */
  readonly environments: readonly EnvName[];
  /** Set if its content is refused everywhere. */
  readonly poison: PoisonRecord | undefined;
  readonly checks: readonly CheckRecord[];
  /** At the environments that have a gate. */
  readonly standings: readonly Standing[];
}

export interface RolloutSummary {
  readonly record: RolloutRecord;
  readonly counts: RolloutCounts;
  /** In the order of the plan; empty in lists. */
  readonly nodes: readonly RolloutNode[];
  /** The person's action or the clock it waits for; ''. */
  readonly waitingFor: string;
  /** How the nodes that have the release fare beside the others; absent in lists, and where there are not both. */
  readonly comparison?: Comparison | undefined;
}

export interface ConfigSummary {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  readonly values: Readonly<Record<string, string>>;
  /** What it changed of the one before, a line each. */
  readonly changes: readonly string[];
  /** It is what the environment was last proven with. */
  readonly isProven: boolean;
}

export interface WhyAnswer {
  readonly kind: 'node' | 'rollout' | 'release' | 'environment';
  readonly answer: string;
  readonly details: readonly string[];
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly hint: string;
  readonly logTail: string;
}

/** What a commit has changed; watchers look at the new state by themselves. */
export interface Changed {
  readonly rollouts: ReadonlySet<RolloutId>;
  readonly nodes: ReadonlySet<NodeName>;
  /** Position of the newest event. */
  readonly position: number;
}

/** What operators can look at. Reads what is committed. Fails with CapstanError `notFound` where a name is unknown. */
export interface Inventory {
  nodes(selector: Selector | undefined): readonly NodeSummary[];
  node(name: NodeName): NodeSummary;
  applications(): readonly ApplicationSummary[];
  application(app: AppName): ApplicationSummary;
  /** Of one application, or of all. */
  environments(app: AppName | undefined): readonly EnvironmentSummary[];
  /** An environment's config releases, newest first. */
  configs(app: AppName, env: EnvName): readonly ConfigSummary[];
  /** Newest first. */
  releases(app: AppName | undefined, limit: number): readonly ReleaseSummary[];
  release(app: AppName, version: ReleaseVersion): ReleaseSummary;
  /** What the next release is best built on, best first: the newest, and those proven in environments. */
  bases(app: AppName): readonly ReleaseRef[];
  /** A release with this content; undefined if there is none. */
  releaseWith(app: AppName, digest: Digest): Release | undefined;
  /** Undefined if the version is free. */
  findRelease(app: AppName, version: ReleaseVersion): Release | undefined;
  /** All that were not given up. */
  keptReleases(): readonly Release[];
  /** Those that `giveUpReleases` would give up now. */
  releasesToGiveUp(keep: number): readonly Release[];
  /** Newest first, without nodes. */
  rollouts(filter: {
    readonly app?: string;
    readonly env?: string;
    readonly activeOnly: boolean;
    readonly limit: number;
  }): Promise<readonly RolloutSummary[]>;
  rollout(id: RolloutId): Promise<RolloutSummary>;
  /** The same without its nodes: costs nothing at any size. */
  /**
   * Looks at some events after those, whether they are as they were written; undefined: from the oldest on.
   * @param expect a hash to look for; '' for none
   */
  verifyEvents(after: ChainCheck | undefined, expect: string): Promise<ChainCheck>;
  rolloutHead(id: RolloutId): Promise<RolloutSummary>;
  /** What would become of a deploy; changes nothing. */
  plan(question: PlanQuestion): Promise<PlanAnswer>;
  /** Content that is refused everywhere, the newest first. */
  poisoned(): readonly PoisonRecord[];
  why(subject: string): Promise<WhyAnswer>;
  events(query: EventQuery): Promise<readonly EventRecord[]>;
  /** Called after each commit; returns how to stop it. */
  onChange(listener: (changed: Changed) => void): () => void;
}
