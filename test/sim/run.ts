import type { NodeName } from '../../shared/model/ids.js';
import { stepOf } from './invariants/database.js';
import { assignsOf, type Invariant, type Memory } from './invariants/invariant.js';
import { perform } from './perform.js';
import type { Scenario } from './scenario.js';
import { type Transition, World } from './world.js';

/** Plays a scenario to its end and throws at the first event after which an invariant does not hold. */
export function play(scenario: Scenario, invariants: readonly Invariant[]): World {
  let memory = newMemory();
  const check = (world: World, transition: Transition): void => {
    if (transition.event.kind === 'plan') memory = newMemory(memory, inherited(world, transition));
    for (const { name, step } of invariants) {
      const wrong = step(world, transition, memory);
      if (wrong !== undefined)
        throw new Error(`${name}: ${wrong} (after ${JSON.stringify(transition.event)})`);
    }
    remember(memory, transition);
  };
  const world = new World(scenario, check);
  for (const operation of scenario.operations) {
    const wasBack = goesBack(world);
    perform(world, operation);
    if (scenario.atRollback !== undefined && goesBack(world) && !wasBack)
      perform(world, { kind: scenario.atRollback });
  }
  const settled = world.settle();
  for (const { name, end } of invariants) {
    const wrong = end?.(world, settled, memory);
    if (wrong !== undefined) throw new Error(`${name}: ${wrong} (at the end)`);
  }
  return world;
}

const goesBack = ({ state }: World): boolean => state.header.status === 'rollingBack';

/** What was given outlives the rollout that gave it. */
const newMemory = (
  { given, generations }: Pick<Memory, 'given' | 'generations'> = fresh(),
  sentForward: ReadonlySet<NodeName> = new Set(),
): Memory => ({
  given,
  generations,
  activated: new Set(),
  sentForward: new Set(sentForward),
  bakes: new Map(),
});

/**
 * Who runs the database step of the release already, told by a superseded rollout, goes on with it, and so goes forward as
 * if this one had said so. Once it has said that the step is done, it may be called back like any other.
 */
function inherited({ agents }: World, transition: Transition): ReadonlySet<NodeName> {
  const { to, cause } = transition.decision.state.header;
  const names = new Set<NodeName>();
  if (cause === 'stage') return names;
  for (const agent of agents.values()) if (stepOf(agent) === to.release.digest) names.add(agent.name);
  for (const { node, target } of assignsOf(transition)) if (target === 'from') names.delete(node);
  return names;
}

const fresh = (): Pick<Memory, 'given' | 'generations'> => ({ given: new Map(), generations: new Set() });

function remember(memory: Memory, { decision }: Transition): void {
  for (const effect of decision.effects) {
    if (effect.kind !== 'assign') continue;
    memory.given.set(effect.node, { generation: effect.generation, activate: effect.intent === 'activate' });
    if (effect.intent === 'activate') memory.activated.add(effect.node);
    if (effect.intent === 'activate' && effect.target === 'to') memory.sentForward.add(effect.node);
  }
}
