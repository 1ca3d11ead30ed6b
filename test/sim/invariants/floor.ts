import { getKey } from '../../../coordinator/core/collections/hash-map.js';
import type { Amount } from '../../../shared/model/application.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, type Memory, share } from './invariant.js';

type Standing = 'available' | 'unavailable' | 'none';

type Standings = Map<NodeName, Standing>;

/** Counted from what was heard of the nodes, not from the engine's counters. */
function floorHolds(world: World, transition: Transition, memory: Memory): string | undefined {
  const { decision } = transition;
  const assigns = assignsOf(transition).filter(({ intent }) => intent === 'activate');
  if (assigns.length === 0) return undefined;
  const standings = standingsBefore(world, transition, memory);
  for (const { node } of assigns) {
    const { unavailable, base, limit } = countOf(standings, decision.state.header.strategy.maxUnavailable);
    if (standings.get(node) === 'available' && unavailable + 1 > limit) {
      return `${node} was taken while ${unavailable} of ${base} nodes were unavailable, and ${limit} may be`;
    }
    take(world, standings, node);
  }
  return undefined;
}

interface Count {
  readonly base: number;
  readonly unavailable: number;
  /** So many may be. */
  readonly limit: number;
}

/** @param maxUnavailable of the strategy */
export function countOf(standings: Standings, maxUnavailable: Amount): Count {
  const all = [...standings.values()];
  const base = all.filter((standing) => standing !== 'none').length;
  const unavailable = all.filter((standing) => standing === 'unavailable').length;
  return { base, unavailable, limit: Math.max(1, share(maxUnavailable, base, Math.floor)) };
}

function take(world: World, standings: Standings, node: NodeName): void {
  if (world.agents.get(node)?.liveness !== 'lost') standings.set(node, 'unavailable');
}

const standingsBefore = (world: World, transition: Transition, memory: Memory): Standings =>
  new Map(
    [...world.agents.keys()].map((name) => [name, standingOf(world, transition, memory, name)] as const),
  );

/** How all stand once they were told what was decided. */
export function standingsAfter(world: World, transition: Transition, memory: Memory): Standings {
  const standings = standingsBefore(world, transition, memory);
  for (const { node, intent } of assignsOf(transition))
    if (intent === 'activate') take(world, standings, node);
  return standings;
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
export function hasEnded(generation: number, status: ReturnType<World['heard']['get']>): boolean {
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
