import type { RolloutHeader, RolloutNode, RolloutState } from './types.js';

export declare function loadRollout(header: RolloutHeader, nodes: Iterable<RolloutNode>): RolloutState;
