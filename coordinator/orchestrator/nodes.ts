import { CapstanError } from '../../shared/model/errors.js';
import type { NodeName } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Liveness } from '../../shared/model/liveness.js';
import { getKey, valuesOf } from '../core/collections/hash-map.js';
import { requireIdentity } from '../core/enrolment/identities.js';
import { type LivenessDecision, livenessOf } from '../core/liveness.js';
import { decommissioned } from '../core/membership.js';
import type { NodeCaller } from '../ports/fleet.js';
import type { PeerNode } from '../ports/peers.js';
import type { Batch } from './batch.js';
import { noteLeft } from './commands/removal/application.js';
import { feed } from './rollouts/carry-out.js';
import { takenElsewhere } from './rollouts/planning.js';
import { environmentOf, placeNode } from './tending/members.js';
import { activeRollout, envKey, type NodeEntry, planNodeOf, type World } from './world.js';

/** Nodes with the same value are near each other. */
const zoneLabel = 'zone';

/** True if the node is known as it arrives: then nothing needs to be written. */
export function isKnown(world: World, caller: NodeCaller, instance: string): boolean {
  const record = world.nodes.get(caller.name)?.record;
  return (
    record !== undefined &&
    !record.decommissioned &&
    record.instance === instance &&
    sameLabels(record.labels, { ...caller.labels, ...record.operatorLabels })
  );
}

/** A node polls for the first time, or from another installation, or with other labels. */
export function takeArrival(batch: Batch, caller: NodeCaller, instance: string): void {
  const { name, address } = caller;
  const entry = batch.world.nodes.get(name);
  const known = entry?.record;
  // Its certificate was looked at before, but what was decided meanwhile counts.
  if (caller.identity !== undefined) {
    requireIdentity(name, caller.identity, batch.world.identities.get(name));
  } else if (entry !== undefined && known?.decommissioned === true && known.instance === instance) {
    entry.refusedAt = batch.now;
    throw decommissioned(name);
  }
  const isNew = known === undefined || known.decommissioned;
  const operatorLabels = isNew ? {} : known.operatorLabels;
  const labels = { ...caller.labels, ...operatorLabels };
  batch.putNode({
    name,
    labels,
    operatorLabels,
    instance,
    address,
    status: isNew ? undefined : known.status,
    decommissioned: false,
    firstSeenAt: isNew ? batch.now : known.firstSeenAt,
    lastSeenAt: batch.now,
  });
  if (isNew) batch.event('node.joined', `${name} joined from ${address}`, { node: name, actor: name });
  else if (!sameLabels(known.labels, labels)) {
    batch.event('node.labelled', `${name} came back with the labels ${labelText(labels)}`, {
      node: name,
      actor: name,
    });
  }
  takeMembership(batch, name);
}

/** What selectors go by has changed of the node, or it has gone: it may belong elsewhere. */
export function takeMembership(batch: Batch, name: NodeName): void {
  const entry = batch.world.nodes.get(name);
  if (entry === undefined) return;
  for (const app of batch.world.applications.keys()) {
    const before = placeNode(batch.world, app, entry);
    if (before !== undefined) batch.lookIn(envKey(app, before), name);
  }
  enterEnvironments(batch, entry);
}

/** The node's environments, one for each application that selects it: they may want something of it. */
function enterEnvironments(batch: Batch, entry: NodeEntry): void {
  const { world } = batch;
  const { name } = entry.record;
  for (const app of world.applications.keys()) {
    const env = environmentOf(world, app, name);
    if (env === undefined) continue;
    const rollout = activeRollout(world, app, env);
    if (rollout === undefined) batch.lookIn(envKey(app, env), name);
    else if (
      getKey(rollout.state.nodes, name) === undefined &&
      takenElsewhere(world, app, env)(name) === undefined
    ) {
      feed(batch, rollout, { kind: 'nodeJoined', node: planNodeOf(world, entry, app) });
    }
  }
}

export function takeLiveness(batch: Batch, node: NodeName, liveness: Liveness): void {
  const entry = batch.world.nodes.get(node);
  if (entry === undefined || entry.record.decommissioned) return;
  batch.touchedNodes.add(node);
  if (liveness !== 'connected') batch.putNode({ ...entry.record, lastSeenAt: batch.now });
  if (liveness === 'lost')
    batch.event('node.lost', `${node} was not heard of for too long: it is lost`, { node });
  // Before any rollout hears of it: what the node fetches is not there to be given away.
  for (const given of batch.world.assignments.get(node)?.values() ?? []) batch.shareOut(given);
  for (const rollout of [...batch.world.rollouts.values()]) {
    if (getKey(rollout.state.nodes, node) === undefined) continue;
    feed(batch, rollout, { kind: 'nodeLiveness', node, liveness });
  }
  if (liveness === 'connected') enterEnvironments(batch, entry);
  else for (const app of batch.world.applications.keys()) batch.look(node, app);
}

/** While the coordinator suspects itself, rollouts stand still. */
export function takeSuspicion(
  batch: Batch,
  suspicion: Exclude<LivenessDecision['suspicion'], undefined>,
): void {
  const frozen = suspicion === 'began';
  batch.event(frozen ? 'fleet.suspect' : 'fleet.trusted', suspicionText[suspicion]);
  for (const rollout of [...batch.world.rollouts.values()]) feed(batch, rollout, { kind: 'freeze', frozen });
}

const suspicionText = {
  began: 'a large share of the fleet went silent at once: rollouts are frozen, nobody is declared lost',
  nodesAreBack: 'most of the fleet is back: rollouts go on',
  givenUp: 'those that went silent at once have not come back: they count as lost, and rollouts go on',
} as const;

/**
 * Tells the rollouts what became of their nodes and of the suspicion while nobody could: after a start, and after a
 * commit that failed and took with it what was said. That a node has come may have been lost with it as well.
 */
export function resync(batch: Batch): void {
  const { liveness, applications } = batch.world;
  for (const app of applications.keys()) batch.moved.add(app);
  for (const rollout of [...batch.world.rollouts.values()]) {
    feed(batch, rollout, { kind: 'freeze', frozen: liveness.suspectSince !== undefined });
    for (const { name } of [...valuesOf(rollout.state.nodes)]) {
      feed(batch, rollout, { kind: 'nodeLiveness', node: name, liveness: livenessOf(liveness, name) });
    }
  }
  for (const [name, entry] of batch.world.nodes) {
    if (!entry.record.decommissioned && livenessOf(liveness, name) === 'connected')
      enterEnvironments(batch, entry);
  }
}

/** A node as the choice of peers sees it. */
export function peerNodeOf(world: World, name: NodeName): PeerNode | undefined {
  const record = world.nodes.get(name)?.record;
  if (record === undefined || record.decommissioned) return undefined;
  return {
    connected: livenessOf(world.liveness, name) === 'connected',
    zone: record.labels[zoneLabel] ?? '',
  };
}

export function labelNode(
  batch: Batch,
  name: NodeName,
  { set, remove, by }: { readonly set: Labels; readonly remove: readonly string[]; readonly by: string },
): void {
  const { record } = requireNode(batch.world, name);
  const missing = remove.find((key) => !(key in record.labels));
  if (missing !== undefined) {
    throw new CapstanError('invalid', `Node "${name}" has no label "${missing}".`, {
      hint: `See \`capstan node show ${name}\` for those it has.`,
    });
  }
  const own = remove.find((key) => !(key in record.operatorLabels));
  if (own !== undefined) {
    throw new CapstanError('invalid', `The label "${own}" of node "${name}" comes from the node itself.`, {
      hint: `Remove it there, or give it another value here: \`capstan node label ${name} ${own}=VALUE\`.`,
    });
  }
  const gone = new Set(remove);
  const without = (labels: Labels): Labels =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => !gone.has(key)));
  const labels = { ...without(record.labels), ...set };
  if (sameLabels(labels, record.labels)) return;
  batch.putNode({ ...record, labels, operatorLabels: { ...without(record.operatorLabels), ...set } });
  batch.event('node.labelled', `${name} now has the labels ${labelText(labels)}`, { node: name, actor: by });
  takeMembership(batch, name);
}

export function decommissionNode(batch: Batch, name: NodeName, by: string, reason: string): void {
  if (forgetUnseen(batch, name, by, reason)) return;
  const { record } = requireNode(batch.world, name);
  batch.putNode({ ...record, decommissioned: true, decommissionedAt: batch.now });
  batch.removeIdentity(name);
  for (const given of [...(batch.world.assignments.get(name)?.values() ?? [])]) {
    batch.removeAssignment(name, given.app);
    noteLeft(batch, given);
  }
  takeMembership(batch, name);
  batch.event('node.decommissioned', `${name} was decommissioned`, { node: name, actor: by, reason });
  for (const rollout of [...batch.world.rollouts.values()]) {
    if (getKey(rollout.state.nodes, name) !== undefined)
      feed(batch, rollout, { kind: 'nodeDecommissioned', node: name });
  }
}

/** A server that enrolled and never polled is no node yet, but has the name. */
function forgetUnseen(batch: Batch, name: NodeName, by: string, reason: string): boolean {
  const isNode = batch.world.nodes.get(name)?.record.decommissioned === false;
  if (isNode || !batch.world.identities.has(name)) return false;
  batch.removeIdentity(name);
  const message = `${name}, which had enrolled and never polled, was decommissioned`;
  batch.event('node.decommissioned', message, { node: name, actor: by, reason });
  return true;
}

export function requireNode(world: World, name: NodeName): NodeEntry {
  const entry = world.nodes.get(name);
  if (entry === undefined || entry.record.decommissioned) {
    throw new CapstanError('notFound', `There is no node "${name}".`, {
      hint: 'See `capstan node list` for those there are.',
    });
  }
  return entry;
}

export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

const sameLabels = (a: Labels, b: Labels): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};
