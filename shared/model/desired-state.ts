import type { AppName, EnvName, Epoch, Generation, RestoreId, RolloutId } from './ids.js';
import type { ReleaseRef } from './release.js';

export type Intent = 'stage' | 'activate' | 'remove';

/** What one node is to do about one application. */
export interface Assignment {
  readonly app: AppName;
  readonly env: EnvName;
  readonly generation: Generation;
  readonly intent: Intent;
  readonly release: ReleaseRef;
  /** The environment's values. The node's own win over them; they win over the release's defaults. */
  readonly config: Readonly<Record<string, string>>;
  /** SHA-256 (first 8 hex digits) of `config`: names the release directory, so that a config change is a new one. */
  readonly configRevision: string;
  readonly activation: ActivationPolicy;
  readonly rollout: RolloutId | undefined;
  /** Base URLs of stores for this release, best first; empty: those of the desired state. */
  readonly stores: readonly string[];
  /** At most so many bytes are fetched in a second; 0: no limit. */
  readonly fetchBytesPerSecond: number;
  /** This is the one node that runs the release's database component, before it activates the release. */
  readonly database?: boolean;
  /** It runs the release and takes no requests: it is in the idle group of a blue/green pair. */
  readonly standby?: boolean;
}

export interface ActivationPolicy {
  /** `rolling` takes the node out of load first, `live` changes it while it serves. */
  readonly drain: boolean;
  /** Restart the service even if this release is already live and healthy. */
  readonly restart: boolean;
  /** How long the new release must have been healthy without a break. Milliseconds. */
  readonly minHealthyTimeMs: number;
  /** How long after the start it may take until then. Milliseconds. */
  readonly healthDeadlineMs: number;
}

/** All assignments of a node. `revision` is the highest generation among them, or 0. */
export interface DesiredState {
  readonly revision: number;
  readonly assignments: readonly Assignment[];
  /** Base URLs of distribution stores, best first. */
  readonly stores: readonly string[];
  /** Of the coordinator that says so; absent: it was never restored, or is of a version that knew of none. */
  readonly epoch?: Epoch;
  /** Of that epoch; absent as above. */
  readonly restoreId?: RestoreId;
  /** Applications of which something is wanted that this version has no word for: they are left as they are. */
  readonly notUnderstood?: readonly AppName[];
}
