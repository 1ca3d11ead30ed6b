import type { Generation, NodeName } from '../../../../shared/model/ids.js';
import type { Liveness } from '../../../../shared/model/liveness.js';
import type { HealthVerdict, ReleaseId, StepFailure } from '../../../../shared/model/node-status.js';
import type { RolloutNodePhase } from '../../../../shared/model/rollout.js';
import type { SlotName } from '../parallel/slots.js';
import type { Millis } from './time.js';

/** A node's part in a rollout: plain JSON, stored as it is. */
export interface RolloutNode {
  readonly name: NodeName;
  /** Place in the order of the plan. */
  readonly ordinal: number;
  /** Index of its wave; -1 for a node that joined later. */
  readonly wave: number;
  readonly phase: RolloutNodePhase;
  /** What `phase` was before the node was lost, and will be when it is back. */
  readonly beneath: RolloutNodePhase | undefined;
  /** Of the last assignment this rollout gave it; 0: none. */
  readonly generation: Generation;
  readonly intent: 'stage' | 'activate' | undefined;
  /** What it is to run: `from` once it is to be taken back. */
  readonly target: 'to' | 'from';
  /** `stage`: it is to have `to` on its disk, and no more than that. `traffic`: it keeps what it has, and takes requests or none. */
  readonly only: 'stage' | 'traffic' | undefined;
  /** An activation of `generation` is under way. */
  readonly open: boolean;
  /** Generation of an activation under way that is to be replaced (given by a superseded rollout, or before a rollback). */
  readonly busy: Generation | undefined;
  /** True once it was told to activate `to`: it is taken back by a rollback. */
  readonly touched: boolean;
  readonly attempts: number;
  readonly liveness: Liveness;
  readonly serving: boolean;
  readonly deployed: boolean;
  readonly health: HealthVerdict;
  readonly current: ReleaseId | undefined;
  /** `to` is complete and verified on its disk. */
  readonly onDisk: boolean;
  /** Connected when the rollout was planned. */
  readonly online: boolean;
  /** How far into the lifecycle this generation came: an index of `nodePhases`. A lease is renewed only by going further. */
  readonly furthest: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Rollout time at which the slot it holds is taken from it. */
  readonly lease: Millis | undefined;
  /** When `phase` was reached (up-time). */
  readonly since: Millis;
  /** Since when the release it is to run is on its disk and is being activated (up-time); absent: that is not so, or not known. */
  readonly began?: Millis | undefined;
  /** The last failure of this rollout's release here; kept when the node has gone back. */
  readonly failure: StepFailure | undefined;
  /** What the node says it waits for; ''. */
  readonly note: string;
  /** `restarts` when the plan was made: what came later is compared. */
  readonly restartsBefore?: number;
  /** A database step that cannot be reversed has begun here; absent: not that it were known. */
  readonly pastReturn?: true;
  /** Its group of a blue/green pair. */
  readonly slot?: SlotName;
  /** Its group is to take no requests. */
  readonly standby?: boolean;
  /** What it was told of requests; `joining`: it takes them once the activation under way has ended well. */
  readonly told?: 'in' | 'out' | 'joining';
  /** It takes requests; once it is told to, it must have said so since. */
  readonly ready?: boolean;
}
