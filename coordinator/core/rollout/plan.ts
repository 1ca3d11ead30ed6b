import type { Generation } from '../../../shared/model/ids.js';
import type { Decision, Millis, PlanRequest } from './types.js';

/**
 * Freezes a plan and takes the first decisions. If nothing is to be done (every node runs `to` already, or there
 * is none), the decision assigns nothing and ends with `finish succeeded`.
 */
export declare function planRollout(request: PlanRequest, now: Millis, nextGeneration: Generation): Decision;
