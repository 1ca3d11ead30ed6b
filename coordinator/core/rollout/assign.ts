import { firstOf } from '../collections/int-map.js';
import { atMost } from './amounts.js';
import { maxUnavailableOf } from './counts.js';
import { type Draft, nodeOf, put, timeOf } from './draft.js';
import type { QueueName } from './roles.js';
import type { RolloutNode } from './types.js';

/** Starts whatever the floor, the wave and the batch allow. */
export function startActivations(draft: Draft): void {
  for (let node = nextToActivate(draft); node !== undefined; node = nextToActivate(draft))
    activate(draft, node);
}

/** Tells connected nodes to get the release on disk, all at once: nothing that serves is touched. */
export function startStaging(draft: Draft): void {
  for (let first = firstOf(draft.index.toStage); first !== undefined; first = firstOf(draft.index.toStage)) {
    const node = nodeOf(draft, first.value);
    if (node === undefined) return;
    const generation = allocate(draft);
    put(draft, { ...node, ...afresh, generation, intent: 'stage', phase: 'staging', since: draft.now });
    pushAssign(draft, node.name, generation, 'stage', node.target);
  }
}

const afresh = { furthest: 0, bytesDone: 0, bytesTotal: 0, note: '' } as const;

function activate(draft: Draft, node: RolloutNode): void {
  const forward = node.target === 'to';
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
    lease: timeOf(draft) + draft.header.strategy.progressDeadlineMs,
    since: draft.now,
  });
  pushAssign(draft, node.name, generation, 'activate', node.target);
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
  pushAssign(draft, node.name, generation, 'activate', 'from');
}

function allocate(draft: Draft): number {
  const generation = draft.nextGeneration;
  draft.nextGeneration += 1;
  return generation;
}

function pushAssign(
  draft: Draft,
  node: RolloutNode['name'],
  generation: number,
  intent: 'stage' | 'activate',
  target: 'to' | 'from',
): void {
  const { id, strategy, cause } = draft.header;
  draft.effects.push({
    kind: 'assign',
    node,
    generation,
    intent,
    target,
    drain: strategy.type === 'rolling',
    restart: cause === 'restart' && target === 'to' && intent === 'activate',
    rollout: id,
  });
}

/** Nodes that are out of service go first, for free; then the serving ones, as far as the floor allows. */
function nextToActivate(draft: Draft): RolloutNode | undefined {
  const { header, index } = draft;
  const room = index.unavailable < maxUnavailableOf(header, index);
  const forward = header.lane === 'forward' && !header.staging;
  return (
    eligible(draft, 'fromFree') ??
    (room ? eligible(draft, 'fromServing') : undefined) ??
    (forward ? eligible(draft, 'toFree') : undefined) ??
    (forward && room ? eligible(draft, 'toServing') : undefined)
  );
}

function eligible(draft: Draft, queue: QueueName): RolloutNode | undefined {
  const first = firstOf(draft.index.queues[queue]);
  const node = first && nodeOf(draft, first.value);
  return node !== undefined && (node.target === 'from' || itsTurn(draft, node)) ? node : undefined;
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
