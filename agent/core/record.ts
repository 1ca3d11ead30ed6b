import type { Assignment } from '../../shared/model/desired-state.js';
import type { AppName, Generation } from '../../shared/model/ids.js';
import type {
  FetchedFrom,
  HealthVerdict,
  NodePhase,
  ReleaseId,
  StepFailure,
} from '../../shared/model/node-status.js';
import type { ReleaseSpec } from '../../shared/model/release-spec.js';
import type { Step } from './steps.js';

/** A phase that is the end of a generation. */
export type Verdict = Extract<
  NodePhase,
  'staged' | 'healthy' | 'failed' | 'turnedBack' | 'inconsistent' | 'removed'
>;

/** How a generation ended. It is never tried again: a retry is a new generation. */
export interface Settled {
  readonly generation: Generation;
  readonly phase: Verdict;
  readonly failure: StepFailure | undefined;
  /** A database step that cannot be reversed was begun for it. */
  readonly pastReturn?: true;
}

/** What the agent is in the middle of. */
export interface Work {
  readonly assignment: Assignment;
  /** The release's directory. */
  readonly dir: string;
  /** The directory of what was last proven, which a failure turns back to; undefined: there is nothing to turn back to. */
  readonly from: string | undefined;
  /** What `previous` pointed at before. */
  readonly previousBefore: string | undefined;
  readonly direction: 'forward' | 'back';
  /** True while the plan stops short of activation because the release's spec is not known before it is staged. */
  readonly provisional: boolean;
  readonly plan: readonly Step[];
  /** Index of the next step, or of the one that runs. */
  readonly at: number;
  /** The step at `at` was begun; on start this means that it was interrupted. */
  readonly begun: boolean;
  /** How often the step at `at` was begun. */
  readonly attempts: number;
  /** The node was taken out of load and has not rejoined yet. */
  readonly drained: boolean;
  /** Why it turns back. */
  readonly failure: StepFailure | undefined;
  /** What is wrong with the release that a failure turns back to, though it serves. */
  readonly doubt?: string;
  /** A database step that cannot be reversed has begun. */
  readonly pastReturn?: true;
  /** It was out of load before, by an earlier assignment, and nothing needs to take it out. */
  readonly standby?: boolean;
}

/** All that the agent must remember of an application; a line of its journal is one of these. */
export interface AppRecord {
  readonly format: 1;
  readonly app: AppName;
  /** The highest generation ever accepted; lower ones are refused, so a replayed desired state does nothing. */
  readonly highest: Generation;
  readonly settled: Settled | undefined;
  readonly work: Work | undefined;
  /** The directory that last proved itself healthy. Never collected. */
  readonly lastGood: string | undefined;
  /** The directory that last failed; kept for whoever looks into it. */
  readonly lastFailed: string | undefined;
  /** The last verdict on what serves, so that a restart of the agent takes nothing out of service. */
  readonly health: HealthVerdict;
  /** Where the bytes of the newest staging came from; older journals do not say. */
  readonly fetchedFrom?: readonly FetchedFrom[];
  /** Why turning back failed; absent unless it did, and until another activation ends well. */
  readonly inconsistent?: string;
  /** Set when the agent found itself interrupted, until the work ends. */
  readonly interrupted: string;
  /** What serves is kept out of load by the assignment. */
  readonly standby?: boolean;
}

export const emptyRecord = (app: AppName): AppRecord => ({
  format: 1,
  app,
  highest: 0,
  settled: undefined,
  work: undefined,
  lastGood: undefined,
  lastFailed: undefined,
  health: 'unknown',
  interrupted: '',
});

/** A release that is complete and verified on disk. */
export interface StagedRelease {
  readonly dir: string;
  readonly release: ReleaseId;
  readonly spec: ReleaseSpec;
  /** Grows with the time of staging. */
  readonly order: number;
}

/** What is found on the node. */
export interface Observed {
  /** Directory names that the links resolve to. */
  readonly current: string | undefined;
  readonly previous: string | undefined;
  readonly releases: readonly StagedRelease[];
  /** The directory whose service is being kept running; undefined if none is. */
  readonly serving: string | undefined;
  /** A revival failed a moment ago; do not try before this. Milliseconds, monotonic. */
  readonly reviveAfter: number;
  /** Collecting failed; leave it until the next work. */
  readonly pruneFailed: boolean;
}

export const releaseIn = (observed: Observed, dir: string | undefined): StagedRelease | undefined =>
  dir === undefined ? undefined : observed.releases.find((staged) => staged.dir === dir);
