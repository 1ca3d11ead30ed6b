import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, over, rolloutTime } from './invariant.js';

function pauseAndAbort(_world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  if (before === undefined) return undefined;
  const { header } = decision.state;
  const held = before.header.hold !== undefined && header.hold !== undefined && event.kind !== 'operator';
  const pausing = event.kind === 'operator' && event.action === 'pause' && decision.refusal === undefined;
  if ((held || pausing) && assignsOf(transition).length > 0) return 'a paused rollout assigned a node';
  if (pausing && decision.changedNodes.length > 0) return 'a pause touched nodes';
  if (event.kind !== 'operator' || over(before)) return undefined;
  if (event.action === 'abort' && (header.status !== 'aborted' || assignsOf(transition).length > 0))
    return 'abort was not final';
  const resets = ['resume', 'retry', 'approve'].includes(event.action) && decision.refusal === undefined;
  if (!resets || header.progressDue === undefined || header.frozenSince !== undefined) return undefined;
  const more = stepUnderWay(header) ? (header.database?.timeoutMs ?? 0) : 0;
  const due = rolloutTime(decision.state, transition.now) + header.strategy.progressDeadlineMs + more;
  return header.progressDue === due ? undefined : `${event.action} did not reset the progress deadline`;
}

/** Told by this rollout, or by a superseded one of the same release. */
const stepUnderWay = ({ database }: RolloutHeader): boolean =>
  database?.done === false && (database.node !== undefined || (database.begun ?? []).length > 0);

export const operators: Invariant = {
  name: '6 pause stops new assignments only, abort is always accepted and final',
  step: pauseAndAbort,
};
