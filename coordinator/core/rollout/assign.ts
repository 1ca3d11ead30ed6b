import { firstOf, valuesInOrder } from '../collections/int-map.js';
import { shareOf } from '../fetch-shares.js';
import { atMost } from './amounts.js';
import { isBarred } from './closure.js';
import { maxUnavailableOf } from './counts.js';
import { appoint, forwardGate, isMigrating, leaseUntil } from './database.js';
import { allocate, type Draft, nodeOf, put, timeOf } from './draft.js';
import { type QueueName, rolesOf } from './roles.js';
import type { RolloutNode } from './types/node.js';
import type { RolloutHeader } from './types/rollout.js';

/** Starts whatever the floor, the wave and the batch allow. */
export function startActivations(draft: Draft): void {
  for (let next = nextToActivate(draft); next !== undefined; next = nextToActivate(draft))
    activate(draft, next);
}

/**
 * Tells connected nodes to get the release on disk: nothing that serves is touched, so that only the fleet's bandwidth
 * bounds how many do at once. The others wait for their turn.
 */
export function startStaging(draft: Draft): void {
  const { header, index } = draft;
  if (isBarred(header, 'stage')) return;
  for (let first = firstOf(index.toKeep); first !== undefined; first = firstOf(index.toKeep)) {
    stage(draft, nodeOf(draft, first.value), 0);
  }
  for (let first = firstOf(index.toStage); first !== undefined; first = firstOf(index.toStage)) {
    const share = takeShare(draft, index.toStage.size);
    if (share === undefined) return;
    stage(draft, nodeOf(draft, first.value), share);
  }
}

function stage(draft: Draft, node: RolloutNode | undefined, share: number): void {
  if (node === undefined) return;
  const generation = allocate(draft);
  put(draft, {
    ...node,
    ...afresh,
    generation,
    intent: 'stage',
    phase: 'staging',
    lease: timeOf(draft) + draft.header.strategy.progressDeadlineMs,
    since: draft.now,
  });
  pushAssign(draft, node, generation, 'stage', node.target, share);
}

/** Undefined if too little of the fleet's bandwidth is left for one more of `waiting` nodes. */
function takeShare(draft: Draft, waiting: number): number | undefined {
  const share = shareOf(draft.room, waiting);
  if (share === undefined) draft.crowded = true;
  else draft.room = { ...draft.room, left: draft.room.left - share };
  return share;
}

const afresh = { furthest: 0, bytesDone: 0, bytesTotal: 0, note: '' } as const;

function activate(draft: Draft, { node, share }: Startable): void {
  const forward = node.target === 'to';
  const database = forward && appoint(draft, node.name);
  const generation = allocate(draft);
  put(draft, {
    ...node,
    ...afresh,
    generation,
    intent: 'activate',
    phase: forward && node.onDisk ? 'staged' : 'staging',
    open: true,
    busy: undefined,
    touched: node.touched || forward,
    attempts: node.attempts + 1,
    lease: leaseUntil(draft, node.name),
    since: draft.now,
    began: forward && node.onDisk ? draft.now : undefined,
    ...(node.slot === undefined ? {} : { told: node.standby === true ? 'out' : 'joining', ready: false }),
  });
  pushAssign(draft, node, generation, 'activate', node.target, share, database);
}

/**
 * Of the nodes of a superseded rollout that were on their way to its release: back to the last proven one, never
 * on to a third (nomad#10098). They are out of service
 * already; one that is away finds it when it is back.
 */
export function sendBack(draft: Draft, node: RolloutNode): void {
  const generation = allocate(draft);
  const lease = timeOf(draft) + draft.header.strategy.progressDeadlineMs;
  put(draft, {
    ...node,
    busy: generation,
    attempts: node.attempts + 1,
    lease: node.liveness === 'lost' ? undefined : lease,
  });
  pushAssign(draft, node, generation, 'activate', 'from', 0);
}

function pushAssign(
  draft: Draft,
  { name, standby = false }: RolloutNode,
  generation: number,
  intent: 'stage' | 'activate',
  target: 'to' | 'from',
  fetchBytesPerSecond: number,
  database = false,
): void {
  const { id, strategy, cause } = draft.header;
  draft.effects.push({
    kind: 'assign',
    node: name,
    generation,
    intent,
    target,
    drain: strategy.type !== 'live' && !standby,
    restart: cause === 'restart' && target === 'to' && intent === 'activate',
    fetchBytesPerSecond,
    rollout: id,
    database,
    standby,
  });
}

/** A node whose turn it is, and its share of the fleet's bandwidth; 0: no limit. */
interface Startable {
  readonly node: RolloutNode;
  readonly share: number;
}

/** Nodes that are out of service go first, for free; then the serving ones, as far as the floor allows. */
function nextToActivate(draft: Draft): Startable | undefined {
  const { header, index } = draft;
  if (isBarred(header, 'from')) return undefined;
  const room = index.unavailable < maxUnavailableOf(header, index);
  const forward = header.lane === 'forward' && !header.staging && !isBarred(header, 'to');
  return (
    eligible(draft, 'fromFree') ??
    (room ? eligible(draft, 'fromServing') : undefined) ??
    (forward ? nextForward(draft, room) : undefined)
  );
}

function nextForward(draft: Draft, room: boolean): Startable | undefined {
  const gate = forwardGate(draft);
  if (gate === 'any') return eligible(draft, 'toFree') ?? (room ? eligible(draft, 'toServing') : undefined);
  const node =
    gate === 'choose'
      ? ((room ? firstOfWave(draft, 'toServing') : undefined) ?? firstOfWave(draft, 'toFree'))
      : gate;
  if (node === undefined || isMigrating(draft.header, node) || !itsTurn(draft, node)) return undefined;
  const { queue } = rolesOf(node);
  if (queue !== 'toFree' && (queue !== 'toServing' || !room)) return undefined;
  return startable(draft, node, 1);
}

/** To run the database step: better one that serves than one that is ill already, and none that is in no wave. */
function firstOfWave(draft: Draft, queue: QueueName): RolloutNode | undefined {
  for (const name of valuesInOrder(draft.index.queues[queue])) {
    const node = nodeOf(draft, name);
    if (node !== undefined && node.wave >= 0) return itsTurn(draft, node) ? node : undefined;
  }
  return undefined;
}

function eligible(draft: Draft, queue: QueueName): Startable | undefined {
  const first = firstOf(draft.index.queues[queue]);
  const node = first && nodeOf(draft, first.value);
  if (node === undefined || (node.target === 'to' && !itsTurn(draft, node))) return undefined;
  return startable(draft, node, startableAtOnce(draft, queue));
}

function startable(draft: Draft, node: RolloutNode, atOnce: number): Startable | undefined {
  const share = mustFetch(draft.header, node) ? takeShare(draft, atOnce) : 0;
  return share === undefined ? undefined : { node, share };
}

/** The way back is never made to wait for bandwidth, and mostly needs none (nomad#10882). */
function mustFetch({ cause, lane, from }: RolloutHeader, node: RolloutNode): boolean {
  if (cause === 'rollback' || lane === 'back') return false;
  return node.target === 'to' ? !node.onDisk : node.current?.digest !== from?.release.digest;
}

/** At most so many of a queue are told to fetch side by side: they share the bandwidth. */
function startableAtOnce({ header, index }: Draft, queue: QueueName): number {
  const { size } = index.queues[queue];
  if (queue === 'toFree' || queue === 'fromFree') return size;
  return Math.min(size, maxUnavailableOf(header, index) - index.unavailable);
}

/** Waves are never jumped; nodes of earlier waves that came back, and nodes that joined, catch up. */
function itsTurn({ header, index }: Draft, node: RolloutNode): boolean {
  if (node.wave < header.currentWave) return true;
  const wave = header.waves[node.wave];
  const counts = index.waves[node.wave];
  if (node.wave > header.currentWave || wave === undefined || counts === undefined) return false;
  if (wave.status === 'pending') return false;
  return wave.batch === undefined || counts.open < atMost(wave.batch, counts.size);
}
