import type { Draft } from '../draft.js';
import { amend, nodeOf, put, record } from '../draft.js';
import { slotFields, slotOf } from '../parallel/plan.js';
import { activeSlot } from '../parallel/slots.js';
import { newNode } from '../planning/new-node.js';
import type { PlanNode } from '../types/plan.js';
import { waveOfJoining } from '../waves.js';
import { noteLiveness } from './presence.js';

/**
 * A node that came to the environment after the plan was frozen: it is in no wave and changes no budget (hawkbit#1548,
 * #1529), and gets what the join policy says.
 */
export function noteJoin(draft: Draft, joining: PlanNode): void {
  const known = nodeOf(draft, joining.name);
  if (known !== undefined) {
    noteLiveness(draft, known, joining.liveness);
    return;
  }
  const { header } = draft;
  const ordinal = header.nextJoin;
  amend(draft, { nextJoin: ordinal + 1 });
  const slot = header.slots && slotOf(header.slots, joining);
  const fields =
    slot === undefined
      ? {}
      : slotFields(joining, slot, header.slots !== undefined && activeSlot(header.slots) !== slot);
  const node = { ...newNode(header, joining, -1, ordinal), ...fields };
  const target = targetOf(draft, joining);
  const version = target === undefined ? undefined : (target === 'to' ? header.to : header.from)?.release;
  if (target === undefined || version === undefined) {
    const note =
      header.join === 'hold'
        ? 'its environment lets new nodes hold'
        : header.slots !== undefined && slot === undefined
          ? `its label ${header.slots.label} puts it into neither group`
          : 'nothing is proven yet';
    put(draft, { ...node, phase: 'skipped', note, since: draft.now });
    record(draft, 'node.joined', `node ${node.name} has joined and holds: ${note}`, { node: node.name });
    return;
  }
  const there = node.serving && node.busy === undefined && joining.current?.digest === version.digest;
  const phase = there ? 'healthy' : 'pending';
  put(draft, { ...node, target, only: undefined, phase, since: draft.now });
  record(draft, 'node.joined', `node ${node.name} has joined and gets ${version.version}`, {
    node: node.name,
  });
}

function targetOf({ header }: Draft, node: PlanNode): 'to' | 'from' | undefined {
  if (header.join === 'hold') return undefined;
  const from = header.from === undefined ? undefined : 'from';
  // What is being staged is not to run anywhere yet: a node that joins has to run what the others do.
  if (header.lane === 'back' || header.cause === 'stage') return from;
  if (header.slots !== undefined) {
    const slot = slotOf(header.slots, node);
    return slot === 'fresh' ? 'to' : slot === 'old' ? from : undefined;
  }
  if (header.join === 'target') return 'to';
  const wave = waveOfJoining(header.strategy, header.waves, node);
  return wave?.status === 'passed' ? 'to' : from;
}
