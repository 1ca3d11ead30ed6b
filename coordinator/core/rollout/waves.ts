import { assertNever } from '../../../shared/core/assert.js';
import { matches } from '../../../shared/core/selector.js';
import type { Strategy, WaveSpec } from '../../../shared/model/application.js';
import type { RolloutCause } from '../../../shared/model/rollout.js';
import { atMost } from './amounts.js';
import { canariesOfAll, canariesOfEach, strataOf, stratumOf } from './planning/strata.js';
import type { PlanNode, Wave } from './types/plan.js';

export interface PlannedWave {
  readonly wave: Wave;
  /** By name. */
  readonly members: readonly PlanNode[];
}

/**
 * Deals the nodes of an environment out to the waves of its strategy: each node to the first wave that takes it,
 * what is left over to a last wave of its own. A rollback is one wave: no canary, no bake, no gate (nomad#10882:
 * a rollback that crawled through the canary). So is one that only stages: it harms nobody.
 */
export function dealWaves(
  strategy: Strategy,
  cause: RolloutCause,
  nodes: readonly PlanNode[],
): PlannedWave[] {
  const sorted = [...nodes].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (cause === 'rollback' || cause === 'stage') return [{ wave: plainWave('all'), members: sorted }];
  const planned: PlannedWave[] = [];
  let left: readonly PlanNode[] = sorted;
  strategy.waves.forEach((spec, at) => {
    const taken = new Set<PlanNode>();
    for (const { name, stratum, members } of groupsOf(spec, left, sorted)) {
      for (const node of members) taken.add(node);
      planned.push({ wave: { ...waveOf(spec, at), name, stratum }, members });
    }
    if (taken.size > 0) left = left.filter((node) => !taken.has(node));
  });
  if (left.length > 0) planned.push({ wave: plainWave(unusedName('rest', planned)), members: left });
  return planned;
}

interface Group {
  readonly name: string;
  readonly stratum: string | undefined;
  readonly members: readonly PlanNode[];
}

/** @param all of the environment, of which shares are taken */
function groupsOf(spec: WaveSpec, left: readonly PlanNode[], all: readonly PlanNode[]): readonly Group[] {
  const { members, within, name } = spec;
  const free = within === undefined ? left : left.filter((node) => matches(within, node));
  const total = (): number =>
    within === undefined ? all.length : all.filter((node) => matches(within, node)).length;
  const one = (taken: readonly PlanNode[]): readonly Group[] => [
    { name, stratum: undefined, members: taken },
  ];
  switch (members.kind) {
    case 'canary':
      return one(inOrder(free, canariesOfEach(free, members.by, members.each)));
    case 'canaryTotal':
      return one(inOrder(free, canariesOfAll(free, members.by, atMost(members.amount, total()))));
    case 'amount':
      return one(free.slice(0, atMost(members.amount, total())));
    case 'by':
      return strataOf(free, members.by).map(({ id, title, nodes }) => ({
        name: `${name}/${title}`,
        stratum: id,
        members: nodes,
      }));
    case 'rest':
      return one(free);
    default:
      return assertNever(members);
  }
}

function inOrder(nodes: readonly PlanNode[], taken: readonly PlanNode[]): readonly PlanNode[] {
  const set = new Set(taken);
  return nodes.filter((node) => set.has(node));
}

function waveOf(spec: WaveSpec, at: number): Wave {
  const canary = spec.members.kind === 'canary' || spec.members.kind === 'canaryTotal';
  const { name, batch, bakeMs, gate } = spec;
  return { ...plainWave(name), canary, spec: at, batch, bakeMs, gate };
}

function plainWave(name: string): Wave {
  return {
    name,
    canary: false,
    stratum: undefined,
    spec: -1,
    batch: undefined,
    bakeMs: 0,
    gate: 'auto',
    status: 'pending',
    reason: '',
    startedAt: undefined,
    bakeUntil: undefined,
    endedAt: undefined,
  };
}

function unusedName(name: string, planned: readonly PlannedWave[]): string {
  return planned.some(({ wave }) => wave.name === name) ? unusedName(`${name}-2`, planned) : name;
}

/** The wave a node that joins would have been in; canaries and counted waves are frozen and take nobody. */
export function waveOfJoining(strategy: Strategy, waves: readonly Wave[], node: PlanNode): Wave | undefined {
  return (
    waves.find((wave) => {
      const spec = strategy.waves[wave.spec];
      if (spec === undefined) return wave.spec === -1;
      const { members, within } = spec;
      if (within !== undefined && !matches(within, node)) return false;
      return (
        members.kind === 'rest' || (members.kind === 'by' && wave.stratum === stratumOf(node, members.by))
      );
    }) ?? waves.at(-1)
  );
}
