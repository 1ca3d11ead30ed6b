import type { NodeName } from '../../../shared/model/ids.js';
import type { Explanation, Millis, RolloutState } from './types.js';

export declare function explainRollout(state: RolloutState, now: Millis): Explanation;
/** Undefined if the node has no part in the rollout. */
export declare function explainNode(
  state: RolloutState,
  node: NodeName,
  now: Millis,
): Explanation | undefined;
/** What the rollout waits for: a person's action or a clock; '' if for nothing but the nodes. */
export declare function waitingFor(state: RolloutState, now: Millis): string;
