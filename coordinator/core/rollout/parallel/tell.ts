import { valuesOf } from '../../collections/hash-map.js';
import { valuesInOrder } from '../../collections/int-map.js';
import { allocate, amend, type Draft, nodeOf, put } from '../draft.js';
import type { SlotName } from './slots.js';

/** From now on the nodes of a group are to take requests, or none; `tell` tells them. */
export function setGroup(draft: Draft, slot: SlotName, standby: boolean): void {
  for (const node of [...valuesOf(draft.nodes)]) {
    if (node.slot === slot && node.standby !== standby) put(draft, { ...node, standby });
  }
}

/** A generation for both groups: no node gets two answers in it. */
export function newSwitch(draft: Draft): void {
  const { slots } = draft.header;
  if (slots !== undefined) amend(draft, { slots: { ...slots, generation: allocate(draft) } });
}

/**
 * Tells every node whose group is to take requests, or none, and that does not know: those of a switch in the
 * generation of it; those that were under way then, later.
 */
export function tell(draft: Draft): void {
  const { slots, id } = draft.header;
  if (slots === undefined) return;
  let later: number | undefined;
  for (const name of [...valuesInOrder(draft.index.toTell)]) {
    const node = nodeOf(draft, name);
    if (node === undefined) continue;
    let { generation } = slots;
    if (node.generation >= generation) {
      later ??= allocate(draft);
      generation = later;
    }
    const standby = node.standby === true;
    put(draft, {
      ...node,
      generation,
      intent: 'activate',
      told: standby ? 'out' : 'in',
      ready: standby && node.ready === true,
      lease: undefined,
    });
    draft.effects.push({ kind: 'traffic', node: name, generation, standby, rollout: id });
  }
}
