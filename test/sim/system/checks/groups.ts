import type { AppRecord } from '../../../../agent/core/record.js';
import { environmentFor } from '../environments.js';
import { type Commit, keys, type Tables } from '../memory-store.js';
import type { SimNode } from '../node.js';
import { app, env } from '../releases.js';
import type { Site } from '../site.js';
import { activeIn, type Check, environmentIn, freshIn, headerOf } from './check.js';

/** The two groups of a blue/green pair, by the label that each node has from the start. */
type Group = string;

const groupOf = ({ labels }: SimNode): Group => labels['slot'] ?? '';

const isPair = (tables: Tables): boolean => environmentIn(tables)?.spec.strategy.type === 'parallel';

/** What Capstan makes of a node, whether its service is well or not: it has something to serve, and is to. */
const isIn = ({ standby }: AppRecord, { host }: SimNode): boolean =>
  standby !== true && host.disk.links.current !== undefined;

/**
 * Judged by what nodes wrote down themselves: one that leaves the load for the sake of its group leaves it to nodes of
 * the other one, which have been in it for the time of the overlap.
 */
export const relieved = (): Check => {
  /** Since when nodes are in load, as they wrote it. */
  const inSince = new Map<string, number>();
  return {
    name: 'a group leaves the requests only to one that has taken them for the time of the overlap',
    started: (site, { name }) => {
      if (site.time.now === 0) inSince.set(name, -Infinity);
      return undefined;
    },
    journalled: (site, node, record) => {
      const { name } = node;
      if (environmentFor(name) !== env) return undefined;
      const wasIn = inSince.has(name);
      if (isIn(record, node)) {
        if (!wasIn) inSince.set(name, site.time.now);
        return undefined;
      }
      inSince.delete(name);
      if (!wasIn || record.standby !== true || node.wasOld || node.decommissioned) return undefined;
      if (isUnwell(site, node)) return undefined;
      const others = site.nodes.filter(
        (each) => environmentFor(each.name) === env && groupOf(each) !== groupOf(node),
      );
      const longest = Math.max(
        ...others.map((each) => site.time.now - (inSince.get(each.name) ?? site.time.now)),
      );
      const isAny = others.some((each) => inSince.has(each.name));
      // A first deployment finds one group with nothing, and may find the other one ill.
      if (others.every(({ host }) => host.disk.links.current === undefined)) return undefined;
      if (!isAny) return `${name} left them to nobody`;
      const own = site.nodes.filter((each) => groupOf(each) === groupOf(node));
      // What is in trouble already can only lose by it.
      const needed = own.some((each) => isUnwell(site, each)) ? 0 : overlapOf(site, node, record);
      return longest < needed ? `${name} left them after ${Math.floor(longest)} of ${needed} ms` : undefined;
    },
  };
};

/** It is to take requests and does not, or the coordinator was told so. */
function isUnwell({ store }: Site, { name, host, decommissioned }: SimNode): boolean {
  if (decommissioned || environmentFor(name) !== env) return false;
  const known = store.tables.nodes.get(name)?.status?.apps.find((each) => each.app === app);
  const runs = known?.current !== undefined && known.standby !== true;
  return runs && (!known.ready || host.complaint !== '');
}

/** Of the rollout that told the node, as far as it is known which one did. */
function overlapOf({ store: { tables } }: Site, { name }: SimNode, { work, highest }: AppRecord): number {
  const given = tables.assignments.get(keys.assignment({ node: name, app }));
  const generation = work?.assignment.generation ?? highest;
  if (given?.generation !== generation) return 0;
  return headerOf(tables, given.rollout)?.strategy.parallel?.overlapMs ?? 0;
}

/** Groups that have a node that is told to take requests, and those that have one that is told to take none. */
interface Told {
  readonly in: ReadonlySet<Group>;
  readonly out: ReadonlySet<Group>;
}

function toldIn(site: Site, tables: Tables): Told {
  const told = { in: new Set<Group>(), out: new Set<Group>() };
  for (const { node, env: of, standby } of tables.assignments.values()) {
    const found = site.nodeNamed(node);
    if (of !== env || found === undefined || tables.nodes.get(node)?.decommissioned === true) continue;
    told[standby === true ? 'out' : 'in'].add(groupOf(found));
  }
  return told;
}

/** A switch that was begun, by what a rollout told the nodes of the group that had no requests. */
interface Switch {
  readonly rollout: string;
  readonly towards: Group;
  readonly since: number;
  readonly frozenMs: number;
}

/** Nodes that a rollout tells to take requests, and that were told to take none. */
function begunIn(site: Site, commit: Commit): Switch | undefined {
  const { before, after } = commit;
  for (const { node, env: of, rollout, intent, standby } of freshIn(commit)) {
    const was = before.assignments.get(keys.assignment({ node, app }));
    const found = site.nodeNamed(node);
    const header = headerOf(after, rollout);
    if (of !== env || found === undefined || header?.slots === undefined) continue;
    if (intent !== 'activate' || standby === true || was?.standby !== true) continue;
    const { id, frozenMs } = header;
    return { rollout: id, towards: groupOf(found), since: after.meta.upTimeMs, frozenMs };
  }
  return undefined;
}

/** Nodes that were told to take requests are told to take none: the switch is done, or undone. */
const isOver = (commit: Commit): boolean =>
  freshIn(commit).some((given) => {
    const was = commit.before.assignments.get(keys.assignment(given));
    return given.standby === true && was !== undefined && was.standby !== true;
  });

/** A node of the group that was switched to, which nobody has told anything else since. */
const leftIn = (site: Site, tables: Tables, { rollout, towards }: Switch): string | undefined =>
  site.nodes.find((node) => {
    const given = tables.assignments.get(keys.assignment({ node: node.name, app }));
    if (given?.rollout !== rollout || given.intent !== 'activate' || given.standby === true) return false;
    return groupOf(node) === towards && tables.nodes.get(node.name)?.decommissioned !== true;
  })?.name;

/** A switch and its failure take no longer than this beyond the times of the strategy. Milliseconds of up-time. */
const patienceMs = 8000;

/** Judged by what nodes are told: a switch, however it ends, ends soon and with one group. */
export const oneGroup = (): Check => {
  let begun: Switch | undefined;
  return {
    name: 'a switch ends soon, with one group that is told to take the requests, whatever comes between',
    committed: (site, commit) => {
      const { after } = commit;
      begun ??= begunIn(site, commit);
      if (begun === undefined) return undefined;
      const { rollout, since, frozenMs } = begun;
      const header = activeIn(after).find(({ id }) => id === rollout);
      // Where nobody took requests before, late-comers of the other group are told one by one.
      const hasCome = headerOf(after, rollout)?.status === 'succeeded';
      if (hasCome || isOver(commit) || toldIn(site, after).in.size < 2) begun = undefined;
      else if (header === undefined) {
        const left = leftIn(site, after, begun);
        begun = undefined;
        return left && `${rollout} has ended and leaves the requests to ${left} as well`;
      } else if (header.frozenSince === undefined) {
        const waited = after.meta.upTimeMs - since - (header.frozenMs - frozenMs);
        const { health, parallel } = header.strategy;
        if (waited > health.deadlineMs + (parallel?.overlapMs ?? 0) + patienceMs)
          return `both groups are told to take requests for ${Math.floor(waited)} ms`;
      }
      return undefined;
    },
  };
};

const currentOf = (tables: Tables, node: string): string | undefined =>
  tables.nodes.get(node)?.status?.apps.find((each) => each.app === app)?.current?.digest;

/** Of two groups, the one that takes the requests is not changed. */
export const untouched = (): Check => ({
  name: 'of two groups, the one that takes the requests is given nothing that it does not run',
  committed: (site, commit: Commit) => {
    const { before, after } = commit;
    if (!isPair(before) || !isPair(after)) return undefined;
    const told = toldIn(site, before);
    if (told.in.size !== 1 || told.out.size !== 1) return undefined;
    for (const { node, env: of, intent, digest } of freshIn(commit)) {
      if (of !== env || intent !== 'activate') continue;
      const found = site.nodeNamed(node);
      const was = before.assignments.get(keys.assignment({ node, app }));
      if (found === undefined || was === undefined || was.standby === true) continue;
      if (currentOf(after, node) === undefined || currentOf(after, node) === digest) continue;
      const own = site.nodes.filter((each) => groupOf(each) === groupOf(found) && each !== found);
      const runs = own.some(({ name }) =>
        [before, after].some((tables) => currentOf(tables, name) === digest),
      );
      const proven = [before, after].some(
        (tables) => environmentIn(tables)?.proven[0]?.release.digest === digest,
      );
      if (!runs && !proven) return `${node} takes the requests and was given ${digest.slice(-2)}`;
    }
    return undefined;
  },
});
