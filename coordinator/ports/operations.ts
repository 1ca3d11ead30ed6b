import type { ApplicationSpec } from '../../shared/model/application.js';
import type { AppName, EnvName, NodeName, ReleaseVersion, RolloutId } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Lock, LockKind } from '../../shared/model/lock.js';
import type { Release, ReleaseRef } from '../../shared/model/release.js';
import type { PoisonRecord } from '../core/poison.js';

/** Identifies a call that changes something: sent again, it gets the first answer and changes nothing. */
export interface CallIdentity {
  /** '' if the caller gave none. */
  readonly key: string;
  readonly method: string;
  /** A digest of the request: the same key with another request is refused. */
  readonly request: string;
  /** Who calls. */
  readonly by: string;
}

export interface AppliedSpec {
  readonly spec: ApplicationSpec;
  /** The YAML document as the operator wrote it. */
  readonly text: string;
  /** What that was read from, for error messages. */
  readonly file?: string;
}

/** An environment by its names. */
export interface EnvironmentName {
  readonly app: AppName;
  readonly env: EnvName;
}

export interface ApplyOptions {
  /** Only say what would change. */
  readonly dryRun: boolean;
  /** The environments that may go although they were deployed to. */
  readonly remove: readonly EnvironmentName[];
}

export interface SpecChange {
  readonly kind: 'application' | 'environment';
  readonly name: string;
  readonly action: 'created' | 'updated' | 'removed' | 'unchanged';
  /** One line for each changed field. */
  readonly details: readonly string[];
}

export interface ApplyOutcome {
  readonly changes: readonly SpecChange[];
  readonly warnings: readonly string[];
}

export interface RemoveCommand {
  readonly app: AppName;
  readonly reason: string;
  /** Also where nodes have it: they stop it and take it off. */
  readonly stop: boolean;
}

export interface RemoveOutcome {
  /** Nodes that have to take it off first; none: it is gone. */
  readonly leaving: readonly NodeName[];
}

export interface DeployCommand {
  readonly app: AppName;
  readonly env: EnvName;
  readonly version: ReleaseVersion;
  readonly reason: string;
  readonly allowEmpty: boolean;
  /** The number of a config release; absent: the newest. */
  readonly config?: number | undefined;
  /** The store says that it does not have the release. */
  readonly isLost: boolean;
}

export interface DeployOutcome {
  /** '' if there was nothing to do. */
  readonly rollout: string;
  /** The rollout that this one replaced; ''. */
  readonly superseded: string;
  readonly note: string;
}

export interface ControlCommand {
  readonly rollout: RolloutId;
  readonly action:
    | 'pause'
    | 'resume'
    | 'approve'
    | 'abort'
    | 'retry'
    | 'excuse'
    | 'switch'
    | 'switchBack'
    | 'release';
  readonly nodes: readonly NodeName[];
  readonly reason: string;
}

/** Who asks for what the coordinator does by itself. */
export const byItself = 'coordinator';

/** What became of a check of a release. */
export interface CheckCommand {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  readonly name: string;
  readonly passed: boolean;
  readonly reason: string;
  /** A failure that somebody else recorded stands. */
  readonly yields?: boolean;
}

/** Signatures for a release that is there. */
export interface SignCommand {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  /** A DSSE envelope about this release. */
  readonly envelope: string;
}

/** A release that is to be approved for an environment, or let into it. */
export interface GateCommand {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  readonly env: EnvName;
  readonly reason: string;
}

export interface RecordOutcome {
  /** What the caller should hear; ''. */
  readonly note: string;
}

/** What is to be locked or frozen: an environment, or all of an application. */
export interface LockCommand {
  readonly kind: LockKind;
  readonly app: AppName;
  readonly env: EnvName | undefined;
  readonly reason: string;
  /** Milliseconds since the epoch; undefined: until it is taken away. */
  readonly until: number | undefined;
}

export interface UnlockCommand extends Pick<LockCommand, 'kind' | 'app' | 'env' | 'reason'> {
  /** Also what somebody else holds. */
  readonly force: boolean;
}

/** What operators can have the coordinator do. Every method fails with a CapstanError that says what to do next. */
export interface Operations {
  apply(call: CallIdentity, specs: readonly AppliedSpec[], options: ApplyOptions): Promise<ApplyOutcome>;
  /** Forgets an application with all of its environments and releases, once no node has it. */
  removeApplication(call: CallIdentity, command: RemoveCommand): Promise<RemoveOutcome>;
  /** Adds a release, or answers that it is there already with the same content. */
  register(
    call: CallIdentity,
    app: AppName,
    release: ReleaseRef,
  ): Promise<{ readonly release: Release; readonly existed: boolean }>;
  /** Adds signatures to those of a release. */
  sign(call: CallIdentity, command: SignCommand): Promise<Release>;
  /**
   * Gives up the releases that nobody needs beyond the newest `keep` of each application (0: all are kept), so that their
   * objects may be removed. They cannot be deployed any more until they are published again.
   */
  giveUpReleases(keep: number, by: string): Promise<readonly Release[]>;
  deploy(call: CallIdentity, command: DeployCommand): Promise<DeployOutcome>;
  /** Brings a release onto the disks of an environment's nodes, and activates nothing. */
  stage(call: CallIdentity, command: DeployCommand): Promise<DeployOutcome>;
  restart(call: CallIdentity, command: Pick<DeployCommand, 'app' | 'env' | 'reason'>): Promise<DeployOutcome>;
  /** Without a version: to the release that was proven before the one that runs. */
  rollback(
    call: CallIdentity,
    command: Pick<DeployCommand, 'app' | 'env' | 'reason'> & { readonly version: ReleaseVersion | undefined },
  ): Promise<DeployOutcome>;
  recordCheck(call: CallIdentity, command: CheckCommand): Promise<RecordOutcome>;
  approve(call: CallIdentity, command: GateCommand): Promise<RecordOutcome>;
  promote(call: CallIdentity, command: GateCommand): Promise<RecordOutcome>;
  control(call: CallIdentity, command: ControlCommand): Promise<void>;
  lock(call: CallIdentity, command: LockCommand): Promise<Lock>;
  /** Answers with what was taken away. */
  unlock(call: CallIdentity, command: UnlockCommand): Promise<Lock>;
  /**
   * Lets content that failed be deployed again.
   * @param digest or enough of it
   */
  forgive(call: CallIdentity, digest: string, reason: string): Promise<PoisonRecord>;
  label(
    call: CallIdentity,
    node: NodeName,
    change: { readonly set: Labels; readonly remove: readonly string[] },
  ): Promise<void>;
  decommission(call: CallIdentity, node: NodeName, reason: string): Promise<void>;
}
