import { equivalence, planAgain } from '../twins.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, type Memory, over } from './invariant.js';

function convergedIsQuiet(world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  if (
    before !== undefined &&
    over(before) &&
    (decision.effects.length > 0 || decision.changedNodes.length > 0)
  ) {
    return 'a rollout that had ended went on';
  }
  if (event.kind !== 'nodeReported' || over(decision.state)) return undefined;
  const again = planAgain.repeat(decision, event, transition.now, transition.room);
  return again.changedNodes.length + again.effects.length === 0
    ? undefined
    : `a repeated report of ${event.node} changed something (${world.now})`;
}

function replanIsEmpty(world: World): string | undefined {
  if (world.state.header.status !== 'succeeded' || world.state.header.cause === 'stage') return undefined;
  const { to } = world.state.header;
  const agents = [...world.agents.values()];
  const converged = agents.every(
    (agent) =>
      agent.current === to &&
      agent.serving &&
      agent.liveness === 'connected' &&
      agent.planNode().assigned?.state !== 'open',
  );
  if (!converged) return undefined;
  const decision = planAgain.plan(world, to);
  if (decision.effects.some(({ kind }) => kind === 'assign'))
    return 'a converged environment was assigned something';
  return decision.state.header.status === 'succeeded'
    ? undefined
    : 'planning a converged environment does not end';
}

function sameAfterCrash(_world: World, transition: Transition, memory: Memory): string | undefined {
  for (const { generation, node } of assignsOf(transition)) {
    if (memory.generations.has(generation))
      return `generation ${generation} was given twice, then to ${node}`;
    memory.generations.add(generation);
  }
  return equivalence(transition);
}

export const converged: Invariant = {
  name: '8 a converged environment yields nothing, a repeated report changes nothing',
  step: convergedIsQuiet,
  end: replanIsEmpty,
};

export const afterCrash: Invariant = {
  name: '9 after a crash the same inputs lead to the same end, no generation is given twice',
  step: sameAfterCrash,
};
