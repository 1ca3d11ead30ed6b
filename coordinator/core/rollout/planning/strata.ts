import { type Attributed, groupOf } from '../../../../shared/core/attributes.js';
import type { GroupKeys } from '../../../../shared/model/application.js';
import type { PlanNode } from '../types/plan.js';

/** Nodes that are alike in everything that they are grouped by. */
export interface Stratum {
  /** What they are alike in, as one text: the values in the order of the keys, a line each. */
  readonly id: string;
  /** For people: `eu/a`. */
  readonly title: string;
  readonly nodes: readonly PlanNode[];
}

export const stratumOf = (node: Attributed, by: GroupKeys): string =>
  by.map((key) => groupOf(node, key)).join('\n');

/** In the order of their values. */
export function strataOf(nodes: readonly PlanNode[], by: GroupKeys): readonly Stratum[] {
  const strata = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const id = stratumOf(node, by);
    const known = strata.get(id);
    if (known === undefined) strata.set(id, [node]);
    else known.push(node);
  }
  return [...strata]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, members]) => ({ id, title: titleOf(id, by), nodes: members }));
}

const titleOf = (id: string, by: GroupKeys): string =>
  id
    .split('\n')
    .map((value, at) => (value === '' ? `(no ${by[at] ?? ''})` : value))
    .join('/');

/** A canary as large as its group would be no canary: at most the group minus one, if it has more than one. */
const mostCanaries = (group: number): number => (group > 1 ? group - 1 : group);

/** So many of each stratum, and never all of one. Where each has one node only, all together would be no canary either. */
export function canariesOfEach(nodes: readonly PlanNode[], by: GroupKeys, each: number): readonly PlanNode[] {
  const taken = strataOf(nodes, by).flatMap((stratum) =>
    bestFirst(stratum.nodes).slice(0, Math.min(each, mostCanaries(stratum.nodes.length))),
  );
  return taken.slice(0, mostCanaries(nodes.length));
}

/** Takes `count` nodes, from each stratum in turn, and never all of one that has more than one. */
export function canariesOfAll(nodes: readonly PlanNode[], by: GroupKeys, count: number): readonly PlanNode[] {
  const strata = strataOf(nodes, by).map((stratum) =>
    bestFirst(stratum.nodes).slice(0, mostCanaries(stratum.nodes.length)),
  );
  const taken: PlanNode[] = [];
  const wanted = Math.min(count, mostCanaries(nodes.length));
  for (let round = 0; taken.length < wanted && round < nodes.length; round++) {
    for (const stratum of strata) {
      const node = stratum[round];
      if (node !== undefined && taken.length < wanted) taken.push(node);
    }
  }
  return taken;
}

/** A canary that was away or ill before tells nothing: those that serve are taken first. */
function bestFirst(nodes: readonly PlanNode[]): readonly PlanNode[] {
  const rank = (node: PlanNode): number =>
    (node.liveness === 'connected' ? 0 : node.liveness === 'silent' ? 2 : 4) + (node.serving ? 0 : 1);
  return nodes
    .map((node) => ({ node, rank: rank(node) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ node }) => node);
}
