import type { AppName } from '../../shared/model/ids.js';
import type { NodePhase, StepName } from '../../shared/model/node-status.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import type { HookName } from '../../shared/model/release-spec.js';

/**
 * Everything the agent can do to an application, and what it needs to know for it. The union of steps and the
 * executor's map both derive from this table, so that a step without an effect does not compile. Each step can be
 * repeated: done twice, it leaves the node as if it had been done once. `dir` is a name below `releases/`.
 */
export interface StepArguments {
  /** Fetch, verify and unpack in a child process, then link the shared files in. */
  stage: { readonly dir: string; readonly release: ReleaseRef };
  /**
   * Hash what is on disk in full, for it may have been damaged since it was staged. `mend`: stage it anew if it was;
   * else it cannot be touched, for it serves, and only is to be said.
   */
  verify: { readonly dir: string; readonly mend: boolean };
  /** Is every value there that the release's service, hooks and probes refer to? */
  preflight: { readonly dir: string };
  /** Make the files that the release's templates say, of this node's values. */
  render: { readonly dir: string };
  /** Bring the database to where the release needs it. */
  database: { readonly dir: string; readonly reversible: boolean };
  hook: { readonly dir: string; readonly hook: HookName; readonly previous: string | undefined };
  /** Readiness turns 503; then wait. Milliseconds. */
  drain: { readonly waitMs: number };
  /** Stop whatever service of the application runs. */
  stop: { readonly app: AppName };
  /** Point `current` and `previous` at these; undefined removes the link. */
  swap: { readonly to: string | undefined; readonly previous: string | undefined };
  /** Make sure that the service of this release, and no other, runs. */
  start: { readonly dir: string };
  check: { readonly dir: string; readonly minHealthyTimeMs: number; readonly deadlineMs: number };
  /** Readiness may turn 200 again. */
  rejoin: { readonly app: AppName };
  /** Start the service of what is live again: after a reboot, or when its keeper died. Not part of any work. */
  revive: { readonly dir: string };
  /** Remove release directories, all known to be unneeded. Its failure fails nothing (octopus#3210). */
  prune: { readonly dirs: readonly string[] };
}

export type Action = keyof StepArguments;
export type StepOf<A extends Action> = { readonly action: A } & StepArguments[A];
export type Step = { [A in Action]: StepOf<A> }[Action];

interface StepTraits {
  /** How reports name it. */
  readonly name: StepName;
  /** What a report says while it runs. */
  readonly phase: NodePhase;
  /** From here on the node serves something else than before, or nothing: work can no longer just be dropped. */
  readonly commits: boolean;
  /** Once begun it is let come to its end, whatever newer is wanted. */
  readonly holds?: true;
}

const traits: Readonly<Record<Action, StepTraits>> = {
  stage: { name: 'fetch', phase: 'staging', commits: false },
  verify: { name: 'verify', phase: 'staging', commits: false },
  preflight: { name: 'preflight', phase: 'staging', commits: false },
  render: { name: 'render', phase: 'staging', commits: false },
  database: { name: 'database', phase: 'staging', commits: false, holds: true },
  hook: { name: 'preflight', phase: 'staging', commits: false },
  drain: { name: 'drain', phase: 'draining', commits: false },
  stop: { name: 'stop', phase: 'stopping', commits: true },
  swap: { name: 'swap', phase: 'switching', commits: true },
  start: { name: 'start', phase: 'starting', commits: true },
  check: { name: 'check', phase: 'checking', commits: true },
  rejoin: { name: 'rejoin', phase: 'checking', commits: true },
  revive: { name: 'start', phase: 'starting', commits: false },
  prune: { name: 'remove', phase: 'healthy', commits: false },
};

const hookTraits: Readonly<Record<HookName, StepTraits>> = {
  afterStage: { name: 'unpack', phase: 'staging', commits: false },
  preflight: { name: 'preflight', phase: 'staging', commits: false },
  beforeDrain: { name: 'drain', phase: 'draining', commits: false },
  beforeStop: { name: 'stop', phase: 'draining', commits: false },
  afterStop: { name: 'stop', phase: 'stopping', commits: true },
  // Where nothing was stopped, nothing is different before the swap.
  beforeSwap: { name: 'swap', phase: 'switching', commits: false },
  afterSwap: { name: 'swap', phase: 'switching', commits: true },
  beforeStart: { name: 'start', phase: 'starting', commits: true },
  afterStart: { name: 'start', phase: 'starting', commits: true },
  afterHealthy: { name: 'rejoin', phase: 'checking', commits: true },
  afterRejoin: { name: 'rejoin', phase: 'checking', commits: true },
};

export const traitsOf = (step: Step): StepTraits =>
  step.action === 'hook' ? hookTraits[step.hook] : traits[step.action];

/** The names of all of them. */
export const actions: readonly string[] = Object.keys(traits);
