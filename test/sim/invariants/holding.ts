import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, type Memory } from './invariant.js';

function othersHold(world: World, transition: Transition, memory: Memory): string | undefined {
  const { before, decision, event } = transition;
  for (const { node, target } of assignsOf(transition)) {
    const agent = world.agents.get(node);
    if (agent === undefined) return `${node} is not there and was assigned something`;
    if (agent.liveness !== 'connected' && event.kind !== 'plan')
      return `${node} is ${agent.liveness} and was assigned something`;
    if (
      target === 'from' &&
      !memory.sentForward.has(node) &&
      !world.joined.has(node) &&
      event.kind !== 'plan'
    ) {
      return `${node} was never sent forward and yet taken back`;
    }
  }
  if (
    event.kind === 'operator' &&
    event.action === 'abort' &&
    before !== undefined &&
    decision.changedNodes.length > 0
  ) {
    return 'abort changed nodes';
  }
  return undefined;
}

export const holding: Invariant = { name: '10 unassigned nodes hold what they have', step: othersHold };
