import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Transition, World } from '../world.js';
import type { Invariant } from './invariant.js';

/** In a freeze nothing is started; outside of maintenance windows nothing new is activated but on the way back. */
function closedHolds(world: World, { decision }: Transition): string | undefined {
  const { closure } = world;
  const { header } = decision.state;
  for (const effect of decision.effects) {
    if (effect.kind !== 'assign' || closure === undefined) continue;
    if (closure.kind === 'freeze') return `${effect.node} was told to ${effect.intent} in a freeze`;
    if (effect.intent === 'activate' && effect.target === 'to' && header.cause !== 'rollback')
      return `${effect.node} was activated outside of the maintenance windows`;
  }
  if (standsShut(header) && header.progressDue !== undefined && header.frozenSince === undefined)
    return 'the progress clock runs though the environment is closed';
  return undefined;
}

/** What it would do next is not allowed now. */
export function standsShut({ closed, lane, staging, cause, slots }: RolloutHeader): boolean {
  if (slots !== undefined && !['preparing', 'verified'].includes(slots.step)) return false;
  if (closed?.kind !== 'window') return closed !== undefined;
  return lane === 'forward' && !staging && cause !== 'rollback';
}

export const closures: Invariant = {
  name: '14 in a freeze nothing is started, outside of maintenance windows nothing goes forwards',
  step: closedHolds,
};
