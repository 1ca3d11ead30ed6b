import { getKey } from '../../../coordinator/core/collections/hash-map.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, type Memory, share } from './invariant.js';

type Standing = 'available' | 'unavailable' | 'none';

/** Counted from what was heard of the nodes, not from the engine's counters. */
function floorHolds(world: World, transition: Transition, memory: Memory): string | undefined {
  const { decision } = transition;
  const assigns = assignsOf(transition).filter(({ intent }) => intent === 'activate');
  if (assigns.length === 0) return undefined;
  const standings = new Map<NodeName, Standing>();
  for (const { name } of world.agents.values())
    standings.set(name, standingOf(world, transition, memory, name));
  for (const { node } of assigns) {
    const all = [...standings.values()];
    const base = all.filter((standing) => standing !== 'none').length;
    const unavailable = all.filter((standing) => standing === 'unavailable').length;
    const limit = Math.max(1, share(decision.state.header.strategy.maxUnavailable, base, Math.floor));
    if (standings.get(node) === 'available' && unavailable + 1 > limit) {
      return `${node} was taken while ${unavailable} of ${base} nodes were unavailable, and ${limit} may be`;
    }
    if (world.agents.get(node)?.liveness !== 'lost') standings.set(node, 'unavailable');
  }
  return undefined;
}

/** As it was before the decision assigned anything. Nodes that are written off, or never had a release, do not count. */
function standingOf(
  world: World,
  { before, decision }: Transition,
  memory: Memory,
  name: NodeName,
): Standing {
  const agent = world.agents.get(name);
  const row = getKey(decision.state.nodes, name);
  if (agent === undefined || row === undefined || agent.liveness === 'lost') return 'none';
  if (['excused', 'skipped', 'lost'].includes(row.phase)) return 'none';
  const status = world.heard.get(name);
  const given = memory.given.get(name);
  const underWay = given?.activate === true && !hasEnded(given.generation, status);
  const attempted =
    given?.activate === true && (before === undefined ? underWay : memory.activated.has(name));
  if (!row.deployed && !attempted) return 'none';
  const serving = status?.ready === true && status.health !== 'unhealthy' && status.current !== undefined;
  return serving && !underWay && agent.liveness === 'connected' ? 'available' : 'unavailable';
}

/** The node has said that an activation given earlier is over. */
function hasEnded(generation: number, status: ReturnType<World['heard']['get']>): boolean {
  if (status === undefined || status.generation < generation) return false;
  if (status.generation > generation) return true;
  return (
    ['failed', 'turnedBack', 'inconsistent', 'removed'].includes(status.phase) ||
    (status.phase === 'healthy' && status.ready)
  );
}

export const floor: Invariant = {
  name: '1 unavailable nodes never exceed maxUnavailable through the rollout, pending ones counted',
  step: floorHolds,
};
