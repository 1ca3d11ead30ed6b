import { valuesOf } from '../../coordinator/core/collections/hash-map.js';
import { valuesInOrder } from '../../coordinator/core/collections/int-map.js';
import type { FetchRoom } from '../../coordinator/core/fetch-shares.js';
import { decide, nextWake } from '../../coordinator/core/rollout/decide.js';
import { loadRollout } from '../../coordinator/core/rollout/load.js';
import { planRollout } from '../../coordinator/core/rollout/planning/plan.js';
import type { Decision } from '../../coordinator/core/rollout/types/effects.js';
import type { RolloutEvent } from '../../coordinator/core/rollout/types/events.js';
import type { RolloutNode } from '../../coordinator/core/rollout/types/node.js';
import type { Target } from '../../coordinator/core/rollout/types/plan.js';
import type { RolloutState } from '../../coordinator/core/rollout/types/rollout.js';
import { rolloutId } from './fixtures.js';
import type { Transition, World } from './world.js';

/** The same for the same content, whatever the order of keys and whatever was left out as undefined. */
export const digestOf = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );

function reloaded(state: RolloutState): RolloutState {
  const header = JSON.parse(JSON.stringify(state.header)) as RolloutState['header'];
  const nodes = JSON.parse(JSON.stringify([...valuesOf(state.nodes)])) as RolloutNode[];
  return loadRollout(header, nodes);
}

/** What a decision said, in a form that can be compared. */
function essence({ state, effects, changedNodes, nextGeneration, refusal }: Decision): string {
  const nodes = [...valuesOf(state.nodes)].sort((a, b) => a.ordinal - b.ordinal);
  return digestOf([
    state.header,
    nodes,
    effects,
    [...changedNodes].sort(),
    nextGeneration,
    refusal,
    indexOf(state),
    nextWake(state),
  ]);
}

/** The derived part, so that one which drifts from the nodes is found at once. */
function indexOf({ index }: RolloutState): unknown {
  const { queues, toStage, toKeep, fetching, open, absent, touched, failed, leases, ...numbers } = index;
  const sets = [...Object.values(queues), toStage, toKeep, fetching, open, absent, touched, failed];
  return [numbers, sets.map((set) => [set.size, ...valuesInOrder(set)]), leases?.at];
}

/** Decides once more on what a restarted coordinator would have loaded. */
export function equivalence({ before, event, decision, now, room }: Transition): string | undefined {
  const after = digestOf([indexOf(decision.state), nextWake(decision.state)]);
  const loaded = reloaded(decision.state);
  if (digestOf([indexOf(loaded), nextWake(loaded)]) !== after)
    return 'what is derived from the nodes differs after a load';
  if (before === undefined || event.kind === 'plan') return undefined;
  const generation = decision.nextGeneration - generationsOf(decision);
  const twin = decide(reloaded(before), event, now, generation, room);
  return essence(twin) === essence(decision)
    ? undefined
    : 'a restarted coordinator would have decided otherwise';
}

/** What a decision left of the fleet's bandwidth. */
const roomAfter = ({ effects }: Decision, { left, least }: FetchRoom): FetchRoom => ({
  left: effects.reduce(
    (rest, effect) => (effect.kind === 'assign' ? rest - effect.fetchBytesPerSecond : rest),
    left,
  ),
  least,
});

const generationsOf = ({ effects }: Decision): number =>
  effects.filter(({ kind }) => kind === 'assign').length;

export const planAgain = {
  repeat: (decision: Decision, event: RolloutEvent, now: number, room: FetchRoom): Decision =>
    decide(decision.state, event, now, decision.nextGeneration, roomAfter(decision, room)),
  plan: (world: World, to: Target): Decision =>
    planRollout(
      {
        ...world.state.header,
        id: rolloutId('again'),
        cause: 'deploy',
        to,
        from: world.proven,
        nodes: [...world.agents.values()].map((agent) => agent.planNode()),
        database: world.dueStep(to),
      },
      world.now,
      world.nextGeneration,
    ),
};
