import { assertNever } from '../../../shared/core/assert.js';
import { matches } from '../../../shared/core/selector.js';
import type { Strategy, WaveSpec } from '../../../shared/model/application.js';
import { zoneLabel } from '../../../shared/model/labels.js';
import type { RolloutCause } from '../../../shared/model/rollout.js';
import { atMost } from './amounts.js';
import type { PlanNode, Wave } from './types.js';

export interface PlannedWave {
  readonly wave: Wave;
  /** By name. */
  readonly members: readonly PlanNode[];
}

const zoneOf = (node: Pick<PlanNode, 'labels'>): string => node.labels[zoneLabel] ?? '';

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
    for (const { name, zone, members } of groupsOf(spec, left, sorted.length)) {
      for (const node of members) taken.add(node);
      planned.push({ wave: { ...waveOf(spec, at), name, zone }, members });
    }
    if (taken.size > 0) left = left.filter((node) => !taken.has(node));
  });
  if (left.length > 0) planned.push({ wave: plainWave(unusedName('rest', planned)), members: left });
  return planned;
}

interface Group {
  readonly name: string;
  readonly zone: string | undefined;
  readonly members: readonly PlanNode[];
}

function groupsOf(spec: WaveSpec, left: readonly PlanNode[], total: number): readonly Group[] {
  const one = (members: readonly PlanNode[]): readonly Group[] => [
    { name: spec.name, zone: undefined, members },
  ];
  const { members } = spec;
  switch (members.kind) {
    case 'canary': {
      const taken = [...byZone(left).values()].flatMap((zone) => canaries(zone, members.perZone));
      // Where each zone has one node only, all of them together would be no canary either.
      return one(inOrder(left, taken.slice(0, cappedCanaries(taken.length, left.length))));
    }
    case 'canaryTotal':
      return one(inOrder(left, spread(left, cappedCanaries(atMost(members.amount, total), left.length))));
    case 'amount':
      return one(left.slice(0, atMost(members.amount, total)));
    case 'selector':
      return one(left.filter((node) => matches(members.selector, node.labels)));
    case 'byZone':
      return [...byZone(left)].map(([zone, nodes]) => ({
        name: `${spec.name}/${zone === '' ? '(no zone)' : zone}`,
        zone,
        members: nodes,
      }));
    case 'rest':
      return one(left);
    default:
      return assertNever(members);
  }
}

/** A canary as large as its group would be no canary: at most the group minus one, if it has more than one. */
const cappedCanaries = (wanted: number, group: number): number =>
  Math.min(wanted, group > 1 ? group - 1 : group);

function canaries(group: readonly PlanNode[], wanted: number): readonly PlanNode[] {
  return bestFirst(group).slice(0, cappedCanaries(wanted, group.length));
}

/** Takes `count` nodes, from each zone in turn. */
function spread(nodes: readonly PlanNode[], count: number): readonly PlanNode[] {
  const zones = [...byZone(nodes).values()].map(bestFirst);
  const taken: PlanNode[] = [];
  for (let round = 0; taken.length < count && round < nodes.length; round++) {
    for (const zone of zones) {
      const node = zone[round];
      if (node !== undefined && taken.length < count) taken.push(node);
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

function inOrder(nodes: readonly PlanNode[], taken: readonly PlanNode[]): readonly PlanNode[] {
  const set = new Set(taken);
  return nodes.filter((node) => set.has(node));
}

function byZone(nodes: readonly PlanNode[]): ReadonlyMap<string, readonly PlanNode[]> {
  const zones = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const zone = zones.get(zoneOf(node));
    if (zone === undefined) zones.set(zoneOf(node), [node]);
    else zone.push(node);
  }
  return new Map([...zones].sort(([a], [b]) => (a < b ? -1 : 1)));
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
    zone: undefined,
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
      const members = strategy.waves[wave.spec]?.members;
      if (members === undefined) return wave.spec === -1;
      if (members.kind === 'selector') return matches(members.selector, node.labels);
      return members.kind === 'rest' || (members.kind === 'byZone' && wave.zone === zoneOf(node));
    }) ?? waves.at(-1)
  );
}
