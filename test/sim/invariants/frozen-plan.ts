import { getKey, valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { digestOf } from '../twins.js';
import type { Transition, World } from '../world.js';
import { type Invariant, over } from './invariant.js';

function planIsFrozen(_world: World, { before, decision, event }: Transition): string | undefined {
  if (before === undefined) return undefined;
  const { header, nodes } = decision.state;
  if (
    before.header.strategy !== header.strategy &&
    digestOf(before.header.strategy) !== digestOf(header.strategy)
  ) {
    return 'the strategy changed';
  }
  if (before.header.waves.map(({ name }) => name).join() !== header.waves.map(({ name }) => name).join())
    return 'the waves changed';
  if (event.kind === 'nodeDecommissioned' && !over(before) && getKey(nodes, event.node) !== undefined)
    return `${event.node} was decommissioned and is still in the plan`;
  for (const was of valuesOf(before.nodes)) {
    const is = getKey(nodes, was.name);
    if (is === undefined && (event.kind !== 'nodeDecommissioned' || event.node !== was.name))
      return `${was.name} vanished`;
    if (is !== undefined && (is.wave !== was.wave || is.ordinal !== was.ordinal))
      return `${was.name} changed its wave`;
  }
  for (const is of valuesOf(nodes)) {
    if (getKey(before.nodes, is.name) === undefined && (is.wave !== -1 || event.kind !== 'nodeJoined'))
      return `${is.name} slipped into a wave`;
  }
  return undefined;
}

export const frozenPlan: Invariant = { name: '5 the plan is frozen', step: planIsFrozen };
