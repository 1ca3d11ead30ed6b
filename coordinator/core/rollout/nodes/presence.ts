import type { NodeName } from '../../../../shared/model/ids.js';
import type { Liveness } from '../../../../shared/model/liveness.js';
import { popHeap } from '../../collections/heap.js';
import { leaseUntil } from '../database.js';
import { type Draft, drop, nodeOf, put, record, timeOf, trackLease } from '../draft.js';
import { ago, failureSentence, stepOfPhase } from '../explain/sentences.js';
import { classOf } from '../roles.js';
import type { RolloutNode } from '../types/node.js';

export function noteLiveness(draft: Draft, node: RolloutNode, liveness: Liveness): void {
  if (node.liveness === liveness) return;
  if (liveness === 'connected') put(draft, back(draft, { ...node, liveness }));
  else if (liveness === 'silent') put(draft, { ...node, liveness });
  else lose(draft, { ...node, liveness });
}

/** A node that came back goes on where it was; one that was skipped catches up. */
function back(draft: Draft, node: RolloutNode): RolloutNode {
  const lease =
    node.open || node.busy !== undefined || isFetching(node) ? leaseUntil(draft, node.name) : undefined;
  if (node.phase === 'lost') {
    return { ...node, phase: node.beneath ?? 'pending', beneath: undefined, lease, since: draft.now };
  }
  if (node.phase === 'skipped' && node.wave >= 0 && draft.header.lane === 'forward') {
    record(draft, 'node.back', `node ${node.name} is back and catches up`, { node: node.name });
    return { ...node, phase: 'pending', lease, since: draft.now, note: '' };
  }
  return node;
}

const isFetching = ({ intent, phase, beneath }: RolloutNode): boolean =>
  intent === 'stage' && (phase === 'lost' ? beneath : phase) === 'staging';

/** Its slot is free from now on (hawkbit#693, octopus#517); the loss budget counts it. */
function lose(draft: Draft, node: RolloutNode): void {
  const kind = classOf(node);
  if (kind !== 'queued' && kind !== 'open' && kind !== 'healthy') {
    put(draft, { ...node, lease: undefined });
    return;
  }
  if (!node.online && node.generation === 0 && kind === 'queued' && node.target === 'to') {
    put(draft, { ...node, phase: 'skipped', lease: undefined, since: draft.now, note: 'it is offline' });
    record(draft, 'node.skipped', `node ${node.name} is offline and was skipped`, { node: node.name });
    return;
  }
  put(draft, { ...node, phase: 'lost', beneath: node.phase, lease: undefined, since: draft.now });
  record(draft, 'node.lost', `node ${node.name} is lost`, { node: node.name });
}

/** Leaving nodes are subtracted, and it is said (hawkbit PR 328: denominators move). */
export function noteDecommission(draft: Draft, node: RolloutNode): void {
  drop(draft, node);
  record(draft, 'node.left', `node ${node.name} was decommissioned and has left the rollout`, {
    node: node.name,
  });
}

/**
 * Ends the wait for every node whose lease has ended. One that is not connected loses its slot; one that is connected
 * has failed, but may still go out of service at any moment, so that it counts until it says how it ended.
 */
export function endLeases(draft: Draft): void {
  const time = timeOf(draft);
  const ended = new Map<NodeName, RolloutNode>();
  for (let { leases } = draft.index; leases !== undefined && leases.at <= time; leases = draft.index.leases) {
    const node = nodeOf(draft, leases.value);
    draft.index.leases = popHeap(leases);
    if (node?.lease === leases.at) ended.set(node.name, node);
    else trackLease(draft, node);
  }
  for (const node of [...ended.values()].sort((a, b) => a.ordinal - b.ordinal)) endLease(draft, node);
}

function endLease(draft: Draft, node: RolloutNode): void {
  if (!node.open && !isFetching(node)) {
    put(draft, { ...node, lease: undefined });
    return;
  }
  if (node.liveness !== 'connected') {
    lose(draft, node);
    return;
  }
  const { phase } = node;
  const step = phase in stepOfPhase ? stepOfPhase[phase as keyof typeof stepOfPhase] : 'check';
  const reason = `the node is connected but got no further than "${phase}" within ${ago(draft.now - node.since)}`;
  const failed: RolloutNode = {
    ...node,
    phase: 'failed',
    open: false,
    // To fetch leaves what serves alone.
    busy: node.open ? node.generation : node.busy,
    lease: undefined,
    since: draft.now,
    failure: { step, reason: node.note === '' ? reason : `${reason} (it says: ${node.note})`, logTail: '' },
  };
  put(draft, failed);
  draft.shaken.add(failed.wave);
  record(draft, 'node.failed', failureSentence(failed), { node: failed.name });
}
