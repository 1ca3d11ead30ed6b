import type { Strategy } from '../../shared/model/application.js';
import type { Generation, NodeName } from '../../shared/model/ids.js';
import type { PlanNode, Target } from './rollout/types.js';

export interface StewardRequest {
  readonly strategy: Strategy;
  readonly join: 'stable' | 'target' | 'hold';
  /** The environment's last proven target; undefined: nothing is assigned. */
  readonly proven: Target | undefined;
  /**
   * True if the environment's last rollout ended as succeeded or rolledBack: then nodes that missed it are caught
   * up. False after an abort or a failure: mixed versions stay until the next deploy, only nodes that never had a
   * release are given one.
   */
  readonly settled: boolean;
  /** All nodes of the environment. */
  readonly nodes: readonly PlanNode[];
}

export interface StewardAssignment {
  readonly node: NodeName;
  readonly generation: Generation;
  readonly intent: 'activate';
  readonly drain: boolean;
  readonly restart: false;
}

export interface StewardDecision {
  readonly assignments: readonly StewardAssignment[];
  /** Nodes that hold what they have though it is not the proven release, each with a sentence that says why. */
  readonly held: ReadonlyMap<NodeName, string>;
  readonly nextGeneration: Generation;
}

/** Outside a rollout: what nodes that joined or came back are to run. */
export declare function steward(request: StewardRequest, nextGeneration: Generation): StewardDecision;
