import type { AssignmentRecord } from '../../../../coordinator/ports/state-store.js';
import type { NodeName } from '../../../../shared/model/ids.js';
import { environmentFor } from '../environments.js';
import { type Commit, keys, type Tables } from '../memory-store.js';
import { app, env } from '../releases.js';
import type { Site } from '../site.js';
import { activeIn, type Check, environmentIn, freshIn, headerOf, rowOf } from './check.js';

/** `idle`: it takes no requests because its group does not, so that it is neither missed nor missing. */
type Standing = 'available' | 'unavailable' | 'idle' | 'none';

/**
 * Counted from what nodes have said and what they were told, as committed. One commit may hold several events: a node
 * counts as out of service if it was so before and after.
 */
export const floor = (): Check => ({
  name: '1 a node that serves is taken only while few enough are out of service',
  committed: (site, commit) => {
    const fresh = freshIn(commit).filter(({ intent, env: to }) => intent === 'activate' && to === env);
    if (fresh.length === 0) return undefined;
    // Once there are two groups, the one that takes no requests may be changed at will.
    if ([...commit.after.rollouts.values()].some(({ header }) => header.slots !== undefined))
      return undefined;
    const limitOf = limits(commit, fresh);
    if (limitOf === undefined) return undefined;
    const names = [...commit.after.nodes.values()].flatMap(({ name, decommissioned }) =>
      decommissioned || environmentFor(name) !== env ? [] : [name],
    );
    const isFresh = (name: NodeName): boolean => fresh.some(({ node }) => node === name);
    const before = new Map(names.map((name) => [name, standingIn(site, commit.before, name)]));
    const after = new Map(
      names.map((name) => [
        name,
        standingIn(site, commit.after, name, isFresh(name) ? commit.before : undefined),
      ]),
    );
    const baseOf = (standings: ReadonlyMap<NodeName, Standing>): number =>
      [...standings.values()].filter((standing) => standing !== 'none').length;
    const base = Math.max(baseOf(before), baseOf(after));
    const limit = limitOf(base);
    const down = new Set(
      names.filter((name) => before.get(name) === 'unavailable' && after.get(name) === 'unavailable'),
    );
    for (const { node } of fresh) {
      if (before.get(node) !== 'available' || after.get(node) !== 'available') continue;
      if (down.size + 1 > limit)
        return `${node} was taken while ${[...down].join()} of ${base} were out of service and ${limit} may be`;
      down.add(node);
    }
    return undefined;
  },
});

function limits(
  { after }: Commit,
  fresh: readonly AssignmentRecord[],
): ((base: number) => number) | undefined {
  const strategy = headerOf(after, fresh[0]?.rollout)?.strategy ?? environmentIn(after)?.spec.strategy;
  // Between two groups, those that are changed take no requests.
  if (strategy === undefined || strategy.type === 'parallel') return undefined;
  const { maxUnavailable: amount } = strategy;
  return (base) =>
    Math.max(1, amount.kind === 'count' ? amount.count : Math.floor((base * amount.percent) / 100));
}

function standingIn(site: Site, tables: Tables, name: NodeName, told = tables): Standing {
  const status = tables.nodes.get(name)?.status?.apps.find((each) => each.app === app);
  const given = told.assignments.get(keys.assignment({ node: name, app }));
  const underWay = given?.intent === 'activate' && given.state === 'open';
  for (const { id } of activeIn(tables)) {
    const row = rowOf(tables, id, name);
    if (row !== undefined && ['excused', 'skipped', 'lost'].includes(row.phase)) return 'none';
  }
  const liveness = livenessOf(site, name);
  if (liveness === 'lost') return 'none';
  if (status?.current === undefined && !underWay) return 'none';
  const serves = status?.ready === true && status.current !== undefined && status.health !== 'unhealthy';
  const isIdle = status?.standby === true && status.health === 'healthy' && !underWay;
  if (isIdle && liveness === 'connected') return 'idle';
  return serves && !underWay && liveness === 'connected' ? 'available' : 'unavailable';
}

/** What the coordinator takes it for; it keeps that in memory only. */
function livenessOf(site: Site, name: NodeName): string {
  try {
    return site.coordinator.service?.orchestrator.inventory.node(name).liveness ?? 'silent';
  } catch {
    return 'lost';
  }
}
