import type { NodeName } from '../../../shared/model/ids.js';
import type { Heap } from '../collections/heap.js';
import type { IntMap } from '../collections/int-map.js';

/** How many nodes of a wave are where. */
export interface WaveCounts {
  readonly size: number;
  /** Still to be given an activation, connected or not. */
  readonly queued: number;
  readonly open: number;
  readonly healthy: number;
  /** Of those the ones that are not connected: how they are now is not known. */
  readonly unheard: number;
  /** Have it on disk, where that is all they are to do. */
  readonly staged: number;
  readonly failed: number;
  readonly lost: number;
  readonly skipped: number;
  readonly excused: number;
  /** Taken back to `from`, though the release had not failed on them. */
  readonly returned: number;
}

/**
 * What the engine would otherwise have to scan the fleet for. Kept in step with the nodes by `put` alone
 * (see draft.ts), and rebuilt from them by `load`.
 */
export interface RolloutIndex {
  readonly waves: readonly WaveCounts[];
  /** Nodes that joined after the plan was frozen. */
  readonly joined: WaveCounts;
  /** Connected nodes that wait for an activation, by ordinal: `free` ones are out of service already. */
  readonly queues: {
    readonly toFree: IntMap<NodeName>;
    readonly toServing: IntMap<NodeName>;
    readonly fromFree: IntMap<NodeName>;
    readonly fromServing: IntMap<NodeName>;
  };
  /** While staging: connected nodes that still have to be told to fetch it. */
  readonly toStage: IntMap<NodeName>;
  /** While staging: connected nodes that have it and still have to be told to keep it. */
  readonly toKeep: IntMap<NodeName>;
  /** Nodes that were told to stage and are not done. */
  readonly fetching: IntMap<NodeName>;
  /** Nodes with an activation under way, by ordinal. */
  readonly open: IntMap<NodeName>;
  /** Nodes that wait for an activation, or were healthy when last heard of, but are not connected; by ordinal. */
  readonly absent: IntMap<NodeName>;
  /** Nodes that a rollback takes back, by ordinal. */
  readonly touched: IntMap<NodeName>;
  /** Nodes that failed, by ordinal. */
  readonly failed: IntMap<NodeName>;
  /** Nodes of the environment that count as capacity, and those of them that are not serving or being changed. */
  readonly counted: number;
  readonly unavailable: number;
  /** Nodes that are being or still to be taken back. */
  readonly backOpen: number;
  /** Nodes that could not be taken back. */
  readonly backFailed: number;
  /** Nodes connected at planning that the stage requirement counts, and those of them that have the release. */
  readonly stageBase: number;
  readonly stageDone: number;
  /** Nodes of a blue/green pair that are to be told to take requests, or none. */
  readonly toTell: IntMap<NodeName>;
  /** Of each group: nodes that were told to take requests, and those of them that do. */
  readonly freshTold: number;
  readonly freshReady: number;
  readonly oldTold: number;
  readonly oldReady: number;
  readonly leases: Heap<NodeName> | undefined;
}
