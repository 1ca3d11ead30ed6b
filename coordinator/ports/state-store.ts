import type { EnvironmentSpec } from '../../shared/model/application.js';
import type { Intent } from '../../shared/model/desired-state.js';
import type {
  AppName,
  ConsumerName,
  Digest,
  EnvName,
  Epoch,
  Generation,
  NodeName,
  ReleaseVersion,
  RestoreId,
  RolloutId,
} from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Lock } from '../../shared/model/lock.js';
import type { NodeStatus } from '../../shared/model/node-status.js';
import type { Release } from '../../shared/model/release.js';
import type { Identity } from '../core/enrolment/identities.js';
import type { JoinToken } from '../core/enrolment/tokens.js';
import type { Operator } from '../core/operators/operator.js';
import type { PoisonRecord } from '../core/poison.js';
import type { BuildRecord, ProvenTime, Reached } from '../core/promotion/types.js';
import type { RolloutNode } from '../core/rollout/types/node.js';
import type { Target } from '../core/rollout/types/plan.js';
import type { RolloutHeader } from '../core/rollout/types/rollout.js';

/** An application as applied. */
export interface ApplicationRecord {
  readonly name: AppName;
  /** The YAML document as the operator wrote it. */
  readonly text: string;
}

export interface EnvironmentRecord {
  readonly app: AppName;
  readonly name: EnvName;
  /** Place in the pipeline. */
  readonly ordinal: number;
  readonly spec: EnvironmentSpec;
  /** The last target that a rollout proved here, and those before it, newest first (at most 20). */
  readonly proven: readonly Target[];
  /** The version last asked for. */
  readonly wanted: ReleaseVersion | undefined;
  /** True if the last rollout ended as succeeded or rolledBack. */
  readonly settled: boolean;
  /** Releases whose database step is done here, newest first. */
  readonly migrated?: readonly Digest[];
  /** Of the last database step begun here that cannot be reversed. */
  readonly noReturn?: PointOfNoReturn | undefined;
  /** What its values were and are, newest first (at most 100). */
  readonly configReleases?: readonly ConfigRelease[];
  /** When what was proven here, newest first. */
  readonly provenTimes?: readonly ProvenTime[];
  /** The newest release that was ever asked for here. */
  readonly reached?: Reached;
  /** The group of a blue/green pair that takes the requests: a value of the label that tells them apart. Absent: none was switched to. */
  readonly activeSlot?: string | undefined;
  /** When the backup was taken that it was restored from; absent: it was not, or something was asked for here since. */
  readonly restoredFrom?: number | undefined;
}

/** A change of an environment's values, which rolls out like code and can be gone back to. */
export interface ConfigRelease {
  /** From 1 on, in its environment. */
  readonly number: number;
  /** Where its values are kept, see `ConfigRecord`. */
  readonly revision: string;
  /** Who made it. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** No older release than this one works with what its database step has left. */
export interface PointOfNoReturn {
  readonly version: ReleaseVersion;
  readonly digest: Digest;
  /** See `Release`. */
  readonly publishedAt: number;
}

/** What a node is to do about one application; the configuration's text is kept once per revision. */
export interface AssignmentRecord {
  readonly node: NodeName;
  readonly app: AppName;
  readonly env: EnvName;
  readonly generation: Generation;
  readonly intent: Intent;
  readonly version: ReleaseVersion;
  readonly digest: Digest;
  readonly configRevision: string;
  /** Of the assignment that made the node's current release live, if it is known; '' if not. */
  readonly liveConfigRevision: string;
  readonly drain: boolean;
  readonly restart: boolean;
  readonly minHealthyTimeMs: number;
  readonly healthDeadlineMs: number;
  /** The node's share of the fleet's bandwidth while it fetches; undefined or 0: no limit. */
  readonly fetchBytesPerSecond: number | undefined;
  readonly rollout: RolloutId | undefined;
  /** It runs the release's database step first. */
  readonly database?: boolean;
  /** For this one the node was told to run a database step, and may have been running it when this was given. */
  readonly recalled?: Generation | undefined;
  /** It takes no requests with it. */
  readonly standby?: boolean;
  /** `open` until the node reports an end for this generation. */
  readonly state: 'open' | 'done' | 'failed';
  /** Milliseconds since the epoch. Absent: it was given by an older version of Capstan. */
  readonly givenAt?: number;
}

export interface NodeRecord {
  readonly name: NodeName;
  readonly labels: Labels;
  /** Labels set by operators; they win over those of the certificate (or of the agent, under --insecure-loopback). */
  readonly operatorLabels: Labels;
  /** The agent's installation, see PollRequest.instance. */
  readonly instance: string;
  readonly address: string;
  readonly status: NodeStatus | undefined;
  /** By application: when it came to the phase that it told last; milliseconds since the epoch. Absent: it is not known. */
  readonly phaseSince?: Readonly<Partial<Record<AppName, number>>>;
  /** Sent away by an operator: it is in no list, and its instance is refused. */
  readonly decommissioned: boolean;
  /** When; milliseconds since the epoch. Absent: it was not, or by an older version of Capstan. */
  readonly decommissionedAt?: number;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

export interface RolloutRecord {
  readonly header: RolloutHeader;
  /** Milliseconds since the epoch; undefined while it is under way. */
  readonly endedAt: number | undefined;
  readonly supersededBy: RolloutId | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A line of the log of events, before it has its position. */
export interface NewEvent {
  /** Milliseconds since the epoch, the coordinator's clock. */
  readonly time: number;
  /** A stable name: `deploy.requested`, `wave.started`. */
  readonly kind: string;
  readonly actor: string;
  readonly app: string;
  readonly env: string;
  readonly node: string;
  readonly rollout: string;
  /** A sentence. */
  readonly message: string;
  /** Why, in the words of whoever asked for it. */
  readonly reason: string;
}

export interface EventRecord extends NewEvent {
  /** Grows by commit order, from 1. */
  readonly position: number;
}

/** A reader of the log of events that is told all of it, and how far it is. */
export interface ConsumerRecord {
  readonly name: ConsumerName;
  /** Of the last event that it said it has taken. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it last said so. */
  readonly movedAt: number;
}

/** The first answer to a call with this idempotency key: given again, and nothing is done again. */
export interface AnswerRecord {
  readonly key: string;
  readonly method: string;
  /** SHA-256 of the request: the same key with another request is refused. */
  readonly request: string;
  /** JSON of the answer. */
  readonly answer: string;
  readonly time: number;
}

/** Counters that must survive a restart. */
export interface MetaRecord {
  /** The next free generation. */
  readonly nextGeneration: Generation;
  /** How long this database has been served, in milliseconds: the clock that deadlines are kept in. */
  readonly upTimeMs: number;
  /** What its generations are of; absent: it was never restored. */
  readonly epoch?: Epoch;
  /** Of the restore that began it; absent: also where a version has begun it that knew of none. */
  readonly restoreId?: RestoreId;
  /** It was restored, and what that asks for is still to be done once it is served. */
  readonly restored?: Restored;
}

/** Milliseconds since the epoch. */
export interface Restored {
  /** When the backup was taken. */
  readonly takenAt: number;
  readonly restoredAt: number;
}

/** Everything that is committed at once; what is absent stays as it is. */
export interface Changes {
  readonly applications?: readonly ApplicationRecord[];
  readonly removedApplications?: readonly AppName[];
  /** Inserted or replaced. */
  readonly environments?: readonly EnvironmentRecord[];
  readonly removedEnvironments?: readonly { readonly app: AppName; readonly name: EnvName }[];
  readonly releases?: readonly Release[];
  readonly removedReleases?: readonly Pick<Release, 'app' | 'version'>[];
  readonly builds?: readonly BuildRecord[];
  readonly removedBuilds?: readonly Pick<BuildRecord, 'app' | 'digest'>[];
  readonly rollouts?: readonly RolloutRecord[];
  readonly rolloutNodes?: readonly { readonly rollout: RolloutId; readonly node: RolloutNode }[];
  readonly removedRolloutNodes?: readonly { readonly rollout: RolloutId; readonly node: NodeName }[];
  readonly assignments?: readonly AssignmentRecord[];
  readonly removedAssignments?: readonly { readonly node: NodeName; readonly app: AppName }[];
  readonly configs?: readonly ConfigRecord[];
  readonly removedConfigs?: readonly string[];
  readonly nodes?: readonly NodeRecord[];
  readonly removedNodes?: readonly NodeName[];
  /** Inserted or replaced. */
  readonly locks?: readonly Lock[];
  readonly poison?: readonly PoisonRecord[];
  readonly removedPoison?: readonly Digest[];
  readonly removedLocks?: readonly Pick<Lock, 'kind' | 'app' | 'env'>[];
  readonly tokens?: readonly JoinToken[];
  /** By their hashes. */
  readonly removedTokens?: readonly string[];
  readonly identities?: readonly Identity[];
  readonly removedIdentities?: readonly NodeName[];
  readonly operators?: readonly Operator[];
  /** By the hashes of their tokens. */
  readonly removedOperators?: readonly string[];
  readonly events?: readonly NewEvent[];
  readonly answers?: readonly AnswerRecord[];
  readonly meta?: MetaRecord;
}

/** The values behind a configuration revision. */
export interface ConfigRecord {
  readonly revision: string;
  readonly config: Readonly<Record<string, string>>;
}

/** What the coordinator keeps in memory, as it was when last committed. */
export interface Snapshot {
  readonly applications: readonly ApplicationRecord[];
  readonly environments: readonly EnvironmentRecord[];
  readonly releases: readonly Release[];
  readonly builds: readonly BuildRecord[];
  /** Those that have not ended, with their nodes. */
  readonly activeRollouts: readonly {
    readonly record: RolloutRecord;
    readonly nodes: readonly RolloutNode[];
  }[];
  readonly assignments: readonly AssignmentRecord[];
  readonly configs: readonly ConfigRecord[];
  readonly nodes: readonly NodeRecord[];
  readonly locks: readonly Lock[];
  readonly poison: readonly PoisonRecord[];
  readonly tokens: readonly JoinToken[];
  readonly identities: readonly Identity[];
  readonly operators: readonly Operator[];
  readonly meta: MetaRecord;
}

export interface EventQuery {
  readonly after: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly app?: AppName;
  readonly limit: number;
  /** Where there are more than `limit`: the newest of them instead of the oldest. */
  readonly newest?: boolean;
}

/** Times are milliseconds since the epoch. */
export interface PruneLimits {
  /** Ended rollouts kept of each environment, the newest; one under way is always kept. */
  readonly rollouts: number;
  /** Answers older than this are dropped. */
  readonly answersBefore: number;
  /**
   * Events older than this are dropped, from the oldest on and never one between two that stay. One that a consumer has not
   * acknowledged is kept, unless nothing was heard of the consumer since then either. The newest of all always stays, since
   * the next one is counted from it. Undefined: none are dropped.
   */
  readonly eventsBefore: number | undefined;
  /** What the clock says. One that says it is of a later time, since the clock was ahead, goes with the next one after it. */
  readonly now: number;
}

/** How far the chain of events was followed. */
export interface ChainCheck {
  /** The last event that is as it was written, and the hash of it and all before. */
  readonly position: number;
  readonly hash: string;
  /** The first event that can be looked at: those before were forgotten, or written when events had no hashes. */
  readonly since: number;
  /** The first that is not as it was written, or is missing; undefined: none so far. */
  readonly brokenAt: number | undefined;
  /** The event whose hash, and that of all before, is the expected one; undefined: none of those looked at just now. */
  readonly expectedAt: number | undefined;
  readonly isEnd: boolean;
}

/** Where the coordinator's state is kept. Every method fails with a CapstanError `failed` if the database does. */
export interface StateStore {
  load(): Promise<Snapshot>;
  /** One transaction. Resolves to the events with their positions, once it is on disk. */
  commit(changes: Changes): Promise<readonly EventRecord[]>;
  answerTo(key: string): Promise<AnswerRecord | undefined>;
  rollout(
    id: RolloutId,
  ): Promise<{ readonly record: RolloutRecord; readonly nodes: readonly RolloutNode[] } | undefined>;
  /** Newest first, without nodes. */
  rollouts(filter: {
    readonly app?: string;
    readonly env?: string;
    readonly activeOnly: boolean;
    readonly limit: number;
  }): Promise<readonly RolloutRecord[]>;
  /** In order of position. */
  events(query: EventQuery): Promise<readonly EventRecord[]>;
  /**
   * Looks at some events after those, whether they are as they were written; undefined: from the oldest on.
   * @param expect a hash to look for; '' for none
   */
  verifyEvents(after: Pick<ChainCheck, 'position' | 'hash'> | undefined, expect: string): Promise<ChainCheck>;
  /** The newest position, 0 if there is none. */
  lastEventPosition(): Promise<number>;
  /** By name. */
  consumers(): Promise<readonly ConsumerRecord[]>;
  /** Keeps the one that has the name already. */
  addConsumer(consumer: ConsumerRecord): Promise<void>;
  /** Never back; nothing if there is no such consumer. */
  moveConsumer(name: ConsumerName, position: number, movedAt: number): Promise<void>;
  /** False if there is none. */
  removeConsumer(name: ConsumerName): Promise<boolean>;
  /** Drops some of what nobody asks for any more. Resolves to true if there is more of it. */
  prune(limits: PruneLimits): Promise<boolean>;
  close(): Promise<void>;
}
