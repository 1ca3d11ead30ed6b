import { labelOf } from '../../../../shared/model/labels.js';
import { type Draft, put } from '../draft.js';
import { newNode, runs } from '../planning/new-node.js';
import type { RolloutNode } from '../types/node.js';
import type { PlanNode, PlanRequest } from '../types/plan.js';
import type { SlotName } from './slots.js';

type Groups = NonNullable<PlanRequest['slots']>;

/** Undefined: the node is in neither group, and has no part in the rollout. */
export function slotOf(
  { label, fresh, old }: Groups,
  { labels }: Pick<PlanNode, 'labels'>,
): SlotName | undefined {
  const value = labelOf(labels, label);
  if (value === undefined) return undefined;
  return value === fresh ? 'fresh' : value === old ? 'old' : undefined;
}

/** Those that get the release. */
export const freshNodes = ({ slots, nodes }: PlanRequest): readonly PlanNode[] =>
  slots === undefined ? nodes : nodes.filter((node) => slotOf(slots, node) === 'fresh');

/** What a node's group makes of its part in a rollout. */
export function slotFields(
  node: PlanNode,
  slot: SlotName,
  standby: boolean,
): Pick<RolloutNode, 'slot' | 'standby' | 'told' | 'ready'> {
  const told = node.standby === true ? 'out' : 'in';
  return { slot, standby, told, ready: told === 'in' && node.serving };
}

/** The group that takes the requests keeps what it has: its nodes are in no wave, and wait for the switch. */
export function addOldGroup(draft: Draft, { slots, nodes }: PlanRequest, firstOrdinal: number): void {
  if (slots === undefined) return;
  let ordinal = firstOrdinal;
  for (const node of nodes) {
    if (slotOf(slots, node) !== 'old') continue;
    put(draft, oldNode(draft, node, ordinal));
    ordinal += 1;
  }
}

function oldNode({ header }: Draft, node: PlanNode, ordinal: number): RolloutNode {
  return {
    ...newNode(header, node, -1, ordinal),
    ...slotFields(node, 'old', false),
    phase: 'healthy',
    only: 'traffic',
    target: 'from',
  };
}

/** The same release again is a no-op: the group that takes the requests runs it. */
export function isTaken({ slots, nodes, to, database }: PlanRequest): boolean {
  if (slots === undefined || database !== undefined) return false;
  const active = nodes.filter((node) => slotOf(slots, node) === 'old' && node.liveness !== 'lost');
  return active.length > 0 && active.every((node) => runs(node, to));
}
