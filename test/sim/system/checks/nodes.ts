import { isCommitted } from '../../../../agent/core/plan.js';
import { environmentFor } from '../environments.js';
import { keys } from '../memory-store.js';
import type { SimNode } from '../node.js';
import { app } from '../releases.js';
import type { Site } from '../site.js';
import type { Check } from './check.js';

/** What was brought back from an old disk, or lies, keeps no promise for itself. */
const isSound = ({ wasOld, wasLiar, decommissioned }: SimNode): boolean =>
  !wasOld && !wasLiar && !decommissioned;

export const toldOnly = (): Check => {
  const told = new Map<string, Set<string>>();
  const of = (name: string): Set<string> => {
    const known = told.get(name) ?? new Set();
    told.set(name, known);
    return known;
  };
  return {
    name: '10 a node runs only what it was told to run, or had',
    told: (_site, { name }, { desired }) => {
      for (const { intent, release, configRevision } of desired?.assignments ?? [])
        if (intent === 'activate') of(name).add(`${release.version}-${configRevision}`);
      return undefined;
    },
    started: ({ time }, { name }, dir) => {
      if (time.now === 0) of(name).add(dir);
      return of(name).has(dir) ? undefined : `${name} runs ${dir}, which nobody told it to`;
    },
  };
};

export const verdicts = (): Check => {
  const highest = new Map<string, number>();
  const settled = new Map<string, string>();
  return {
    name: 'a node goes through each generation once, and what it is has a complete release behind it',
    journalled: (_site, node, record) => {
      const { name, host } = node;
      if (!isSound(node)) return undefined;
      const { current } = host.disk.links;
      if (current !== undefined && !host.disk.directories.some(({ dir }) => dir === current))
        return `${name} has ${current} live, which is not there`;
      if (record.highest < (highest.get(name) ?? 0))
        return `${name} went back to generation ${record.highest}`;
      highest.set(name, record.highest);
      if (record.settled === undefined) return undefined;
      const { generation, phase } = record.settled;
      const key = `${name} ${generation}`;
      const before = settled.get(key);
      settled.set(key, phase);
      return before === undefined || before === phase
        ? undefined
        : `${name} ended ${generation} as ${before}, then as ${phase}`;
    },
  };
};

export const noMoreThanTold = (): Check => ({
  name: 'a node is out of service only for what the coordinator knows to be open, or has replaced',
  journalled: ({ store }, node, { work }) => {
    if (!isSound(node) || work === undefined || !isCommitted(work.plan, work.at, work.begun))
      return undefined;
    const given = store.tables.assignments.get(keys.assignment({ node: node.name, app }));
    const { generation } = work.assignment;
    if (given === undefined || given.generation < generation)
      return `${node.name} works for ${generation}, which nobody gave it`;
    return given.generation > generation || given.state === 'open'
      ? undefined
      : `${node.name} is still at ${generation}, which counts as ${given.state}`;
  },
});

export const oneDatabase = (): Check => ({
  name: '13 no two nodes run a database step at the same time',
  databaseBegun: (site: Site, node, release) => {
    if (!isSound(node)) return undefined;
    const env = environmentFor(node.name);
    const other = site.nodes.find(
      (each) =>
        each !== node && isSound(each) && each.host.migrating !== 0 && environmentFor(each.name) === env,
    );
    return other === undefined
      ? undefined
      : `${node.name} runs the step of ${release} while ${other.name} runs that of ${other.host.migrating}`;
  },
});
