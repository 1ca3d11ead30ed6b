import type { Generation } from '../../../shared/model/ids.js';
import type { Decision, Millis, RolloutEvent, RolloutState } from './types.js';

export declare function decide(
  state: RolloutState,
  event: RolloutEvent,
  now: Millis,
  nextGeneration: Generation,
): Decision;

/** When the next tick is due (up-time), undefined if none is. */
export declare function nextWake(state: RolloutState): Millis | undefined;
