import type { AppName, EnvName, ReleaseVersion, RolloutId } from '../../shared/model/ids.js';
import type { PlannedRollout } from '../core/plan/types.js';
import type { Victims } from '../core/plan/victims.js';

/** Something that is supposed of some nodes, and the words it was said in. */
export interface Supposed {
  readonly text: string;
  readonly victims: Victims;
}

export interface PlanQuestion {
  readonly app: AppName;
  readonly env: EnvName;
  readonly version: ReleaseVersion;
  readonly by: string;
  /** The number of a config release; undefined: the newest. */
  readonly config: number | undefined;
  /** The release does not become healthy there. */
  readonly fail: readonly Supposed[];
  /** These are not heard of any more once they are told to change. */
  readonly lose: readonly Supposed[];
  /** How many times as long as usual nodes take. */
  readonly slow: number;
  /** How long a node takes to change, in milliseconds; undefined: what earlier rollouts took. */
  readonly stepMs: number | undefined;
}

/** What would become of a deploy. */
export interface PlanAnswer extends PlannedRollout {
  readonly app: AppName;
  readonly env: EnvName;
  readonly from: ReleaseVersion | undefined;
  readonly to: ReleaseVersion;
  readonly strategy: string;
  /** How many the environment has. */
  readonly nodes: number;
  /** Why the deploy itself would be refused now, sentences: the plan is of what comes after that. */
  readonly obstacles: readonly string[];
  /** Of nodes that are left out, or waited for, and why: sentences. */
  readonly remarks: readonly string[];
  /** The rollout under way that it would replace. */
  readonly supersedes: RolloutId | undefined;
  /** What nodes are taken to need, and on how many that was seen; 0: it was said, or is a guess. Milliseconds. */
  readonly took: { readonly fetchMs: number; readonly changeMs: number; readonly learntFrom: number };
}
