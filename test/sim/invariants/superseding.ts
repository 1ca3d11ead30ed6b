import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { releaseId } from '../fixtures.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, over } from './invariant.js';

function oneAtATime(world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  const { header } = decision.state;
  const supersedes =
    event.kind === 'operator' && event.action === 'supersede' && before !== undefined && !over(before);
  if (supersedes && header.status !== 'superseded') return `superseded, but it is ${header.status}`;
  if (supersedes && assignsOf(transition).length > 0) return 'a superseded rollout assigned a node';
  if (event.kind !== 'plan') return undefined;
  const early = [...valuesOf(decision.state.nodes)].find(
    ({ name, phase }) => phase === 'healthy' && isUnderWay(world, name),
  );
  if (early !== undefined) return `${early.name} counts as healthy though it is still being changed`;
  if (over(decision.state) || header.from === undefined) return undefined;
  if (header.cause === 'stage') return undefined; // leaves what is under way alone
  // Nothing goes back past a database step that cannot be reversed: such nodes go on to the new release in their turn.
  if (header.pastReturn !== undefined) return undefined;
  const { from, to } = header;
  const wanted = new Set([releaseId(from).digest, releaseId(to).digest]);
  for (const agent of world.agents.values()) {
    const { assigned } = agent.planNode();
    if (assigned?.state !== 'open' || assigned.intent !== 'activate') continue;
    const third = !wanted.has(assigned.digest);
    const same = releaseId(from).digest === releaseId(to).digest;
    if (third && !same && !assignsOf(transition).some(({ node }) => node === agent.name)) {
      return `${agent.name} is left on its way to a third release`;
    }
  }
  return undefined;
}

function isUnderWay(world: World, name: NodeName): boolean {
  const assigned = world.agents.get(name)?.planNode().assigned;
  return assigned?.state === 'open' && assigned.intent === 'activate';
}

export const superseding: Invariant = {
  name: '4 a superseded rollout stops, and what is unfinished goes to no third release and counts as unfinished',
  step: oneAtATime,
};
