import type { Assignment } from '../../shared/model/desired-state.js';
import type { AppName } from '../../shared/model/ids.js';
import type { AppRules } from '../../shared/model/node-rules.js';
import type { Drift, FetchedFrom, HealthVerdict } from '../../shared/model/node-status.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import type { HookName } from '../../shared/model/release-spec.js';
import type { AppRecord, Observed, StagedRelease } from '../core/record.js';
import type { Outcome } from '../core/transitions.js';
import type { HostUser } from '../core/users.js';

/** A release on disk, with what it takes to run it. */
export interface RunnableRelease extends StagedRelease {
  readonly app: AppName;
  /** Absolute. */
  readonly path: string;
  /** The environment's values it was staged with. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: string;
}

export interface StageProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** What a staging tells while it goes on. */
export interface StageEvents {
  readonly onProgress: (progress: StageProgress) => void;
  readonly onNote: (text: string) => void;
  /** What went otherwise than it should have, though it was made good. */
  readonly onRemark: (text: string) => void;
  /** Where the bytes came from, once all are there. */
  readonly onFetched: (from: readonly FetchedFrom[]) => void;
}

/** The directories and links of one application. */
export interface Releases {
  observe(): Promise<Pick<Observed, 'current' | 'previous' | 'releases'>>;
  get(dir: string): Promise<RunnableRelease>;
  stage(assignment: Assignment, dir: string, signal: AbortSignal, events: StageEvents): Promise<Outcome>;
  /** Hashes all of it. Resolves with what is not as it was staged, a sentence each; what is linked in, rendered or there besides is left out. */
  verify(dir: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Takes it away, so that staging it makes all of it good. What serves must not be disowned. */
  disown(dir: string, signal: AbortSignal): Promise<void>;
  /**
   * Makes the shared directories that are not there yet, for their owner. Can be repeated.
   * @throws CapstanError that names a shared file that is not there
   */
  makeShared(release: RunnableRelease): Promise<void>;
  /**
   * The names of the values that its templates take.
   * @throws CapstanError that names a template that cannot be used
   */
  templateNames(release: RunnableRelease): Promise<ReadonlySet<string>>;
  /** Makes what its templates say. Can be repeated, also while it serves. */
  render(release: RunnableRelease, values: Readonly<Record<string, string>>): Promise<void>;
  /** @throws CapstanError that says why `current` cannot be switched to this release here */
  checkSwap(release: RunnableRelease): Promise<void>;
  /** Makes `current` and `previous` be or lead to other releases, each atomically; undefined removes one. */
  swap(to: string | undefined, previous: string | undefined): Promise<void>;
  /** Puts the links on disk for good. */
  sync(): Promise<void>;
  /** Takes its time, so that what serves has the disk; aborted, it leaves the rest to whoever comes next. */
  remove(dirs: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface ServiceFacts {
  readonly dir: string;
  readonly running: boolean;
  readonly exits: number;
  /** Why it does not run, or how it last ended. */
  readonly lastExit: string;
  /** Nobody will start it again by himself. */
  readonly over?: true;
  /** Who runs now; another one after each start. Absent: not known. */
  readonly main?: string;
  /** It runs, and says itself why it is of no use so far. */
  readonly unready?: string;
}

/** The service of one application. */
export interface Service {
  /** What is being kept running; undefined if nothing is. */
  observe(): ServiceFacts | undefined;
  /**
   * What stands in the way of running this release's service, known before anything is stopped; '' if nothing.
   * @param deadlineMs how long it will have to prove itself; undefined: it will not be asked to
   */
  preflight(release: RunnableRelease, deadlineMs?: number): Promise<string>;
  /** Does nothing if this release's service is being kept running already; stops another's. */
  start(release: RunnableRelease, env: Readonly<Record<string, string>>): Promise<void>;
  /** This release has passed its check. */
  proved?(release: RunnableRelease): Promise<void>;
  /** Resolves when nothing of it is left. */
  stop(): Promise<void>;
  /** Stops it, and takes away what was installed for it on the host. */
  remove(): Promise<void>;
  /** Who takes connections there, if it is known and not the service; ''. */
  stranger(target: { readonly host: string; readonly port: number }): Promise<string>;
  /**
   * Why a unit of systemd is not up; '' if it is.
   * @param name undefined: the one that keeps the service
   */
  unitFault(name: string | undefined): Promise<string>;
  /** How many connections others have to it; undefined: that cannot be known. */
  connections(): Promise<number | undefined>;
  /** What it printed last: since it was last started, or whichever release of the application ran. */
  logTail(maxBytes: number, since: 'start' | 'ever'): Promise<string>;
}

/** The release's own programs. */
export interface Hooks {
  run(
    release: RunnableRelease,
    hook: HookName | 'database',
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /**
   * Before anything else is done to the application: ends what an earlier life of the agent left running.
   * @throws CapstanError `failed` if it does not end
   */
  endLeftovers(): Promise<void>;
}

export interface HealthFacts {
  readonly verdict: HealthVerdict;
  /** Monotonic milliseconds; undefined unless healthy now. */
  readonly healthySince: number | undefined;
  readonly complaint: string;
  readonly exits: number;
  readonly lastExit: string;
  /** The service does not run, and nobody will start it again by himself. */
  readonly over: boolean;
}

/** The probes of one application: they run on their own, in every state. */
export interface Health {
  /** From now on this release is probed; undefined: nothing. `initial` holds until the probes know better. */
  watch(release: RunnableRelease | undefined, initial: HealthVerdict): void;
  facts(): HealthFacts;
  close(): void;
}

/** Looks, a little at a time, whether the tree of what is live is what was released. It mends nothing. */
export interface DriftWatch {
  /** From now on this release is looked after; undefined: none, for work is going on. */
  watch(release: RunnableRelease | undefined): void;
  /** What was found of the release in this directory when it was last looked at; undefined: nothing wrong. */
  found(dir: string | undefined): Drift | undefined;
  close(): void;
}

/** Values for a release's service, hooks and probes. */
export interface Values {
  /** The environment of its processes. */
  envOf(release: RunnableRelease): Readonly<Record<string, string>>;
  /** What its templates are filled with: of these names those that there are values for. */
  forTemplates(release: RunnableRelease, names: ReadonlySet<string>): Readonly<Record<string, string>>;
  /** Names that the release's spec refers to and that nobody gives a value. */
  missing(release: RunnableRelease): readonly string[];
}

/** What this node's own configuration allows; asked each time, for it may change while the agent runs. */
export interface NodeRules {
  of(app: AppName): AppRules;
  /** Where they are written, for sentences that say what to change. */
  readonly confDir: string;
}

/** Whether releases are signed by whom this node trusts; asked each time, for its configuration may change. */
export interface Signatures {
  /** @returns why the release may not run here, a sentence; '' if it may */
  refusal(app: AppName, release: Pick<ReleaseRef, 'version' | 'digest' | 'envelope'>): string;
}

/** Whom the programs of releases run as, as far as this node allows it. */
export interface Users {
  /**
   * @param named whom the release asks for; undefined: whom the node's configuration says
   * @returns undefined: whoever the agent runs as
   * @param options.fresh do not rely on an earlier look-up
   * @throws CapstanError that says who "it" cannot run as and what to change, as the end of a sentence
   */
  of(
    app: AppName,
    named: string | undefined,
    options?: { readonly fresh?: boolean },
  ): Promise<HostUser | undefined>;
}

/** What must survive any end of the agent, of one application. */
export interface Journal {
  read(): Promise<AppRecord>;
  /** Resolves when the record is on disk; with `synced` false, when the system has it (the agent may die, not the host). */
  write(record: AppRecord, note: string, synced: boolean): Promise<void>;
}
