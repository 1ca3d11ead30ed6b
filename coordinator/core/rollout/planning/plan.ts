import type { Generation, NodeName } from '../../../../shared/model/ids.js';
import { emptyHashMap } from '../../collections/hash-map.js';
import type { FetchRoom } from '../../fetch-shares.js';
import { advance } from '../advance.js';
import { sendBack } from '../assign.js';
import { progressOf } from '../counts.js';
import { hasBegun, leaseFor, stepUnderWay } from '../database.js';
import { noteClosure } from '../decide.js';
import { amend, closeDraft, type Draft, emptyIndex, nodeOf, openDraft, put, record } from '../draft.js';
import { listed, plural, silentSentence, versionOf } from '../explain/sentences.js';
import { finish } from '../finish.js';
import { addOldGroup, freshNodes, isTaken, slotFields } from '../parallel/plan.js';
import type { Decision } from '../types/effects.js';
import type { RolloutNode } from '../types/node.js';
import type { DatabaseStep, PlanNode, PlanRequest } from '../types/plan.js';
import type { RolloutHeader, RolloutState } from '../types/rollout.js';
import type { Millis } from '../types/time.js';
import { dealWaves, type PlannedWave } from '../waves.js';
import { keeps, newNode, runs, strays } from './new-node.js';

/** Ordinals below are kept for nodes that join, so that these are found before any wave that is still to come. */
const firstPlanned = 2 ** 20;

/**
 * Freezes a plan and takes the first decisions. If nothing is to be done (every node runs `to` already, or there
 * is none), the decision assigns nothing and ends with `finish succeeded` (nomad PR 3496, hawkbit PR 466).
 */
export function planRollout(
  request: PlanRequest,
  now: Millis,
  nextGeneration: Generation,
  room?: FetchRoom,
): Decision {
  const planned = dealWaves(request.strategy, request.cause, freshNodes(request));
  const draft = openDraft(initialState(request, planned, now), now, nextGeneration, room);
  addOldGroup(draft, request, addNodes(draft, request, planned));
  if (request.slots === undefined ? isConverged(draft) : isTaken(request)) {
    const { size } = draft.nodes;
    const version = versionOf(draft.header, 'to');
    const does = request.cause === 'stage' ? `has ${version} on disk` : `runs ${version}`;
    const reason = size === 0 ? 'no node is selected' : `every one of the ${plural(size, 'node')} ${does}`;
    const isProven = request.cause !== 'stage' && request.database === undefined;
    finish(draft, 'succeeded', `nothing to do: ${reason}`, isProven);
    return closeDraft(draft);
  }
  record(
    draft,
    'rollout.started',
    startSentence(
      draft.header,
      draft.header.slots === undefined ? request.nodes.length : freshNodes(request).length,
    ),
  );
  tellAway(draft, request.nodes);
  noteClosure(draft, request.closed);
  for (const node of request.nodes) {
    // To stage replaces nothing: what is under way finishes by itself.
    if (
      request.cause !== 'stage' &&
      request.slots === undefined &&
      request.pastReturn === undefined &&
      // Its step is not to be run a second time: it goes on to this release with whatever values, and then to these.
      !hasBegun(draft.header, node.name) &&
      strays(node, request.to, request.from)
    )
      settleStray(draft, node.name);
  }
  amend(draft, { progressHigh: progressOf(draft.header, draft.index) });
  advance(draft);
  return closeDraft(draft);
}

function startSentence(header: RolloutHeader, nodes: number): string {
  const version = versionOf(header, 'to');
  if (header.cause === 'stage')
    return `${version} onto the disks of ${plural(nodes, 'node')} of ${header.env}; nothing is activated`;
  const goal = header.cause === 'restart' ? `restart of ${version}` : version;
  return `${goal} to ${plural(nodes, 'node')} of ${header.env} in ${plural(header.waves.length, 'wave')}`;
}

/**
 * Offline nodes do not fail everyone, and it is said who they are (octopus#1197). One that is only silent may be back in a
 * moment, as the whole fleet is after the coordinator's start: it is skipped when it is lost.
 */
function tellAway(draft: Draft, nodes: readonly PlanNode[]): void {
  const silent = nodes.filter(({ liveness }) => liveness === 'silent').map(({ name }) => name);
  if (silent.length > 0) record(draft, 'rollout.awaits', silentSentence(silent));
  const away = nodes.filter(({ liveness }) => liveness === 'lost').map(({ name }) => name);
  if (away.length === 0) return;
  const [is, they] =
    away.length === 1 ? ['is', 'it catches up when it is'] : ['are', 'they catch up when they are'];
  const who = plural(away.length, 'node');
  record(draft, 'rollout.skips', `${who} ${is} offline and skipped: ${listed(away)}; ${they} back`);
}

/** True if no node of the plan is to be changed; those that are offline do not make it unfinished. */
function isConverged({ index }: Draft): boolean {
  const healthy = index.waves.every((wave) => wave.healthy + wave.staged + wave.skipped === wave.size);
  const some = index.waves.some((wave) => wave.healthy + wave.staged > 0);
  return healthy && (some || index.waves.every((wave) => wave.size === 0));
}

/** Returns the next free ordinal. */
function addNodes(draft: Draft, request: PlanRequest, planned: readonly PlannedWave[]): number {
  let ordinal = firstPlanned;
  planned.forEach(({ members }, wave) => {
    for (const node of members) {
      put(draft, plannedNode(draft.header, request, node, wave, ordinal));
      ordinal += 1;
    }
  });
  return ordinal;
}

function plannedNode(
  header: RolloutHeader,
  request: PlanRequest,
  node: PlanNode,
  wave: number,
  ordinal: number,
): RolloutNode {
  const isSlotted = request.slots !== undefined;
  const fresh = {
    ...newNode(header, node, wave, ordinal),
    ...(isSlotted ? slotFields(node, 'fresh', true) : {}),
    touched: hasBegun(header, node.name),
  };
  if (node.liveness === 'lost') return { ...fresh, phase: 'skipped', note: 'it is offline' };
  if (request.cause === 'stage')
    return runs(node, request.to) || keeps(node, request.to) ? { ...fresh, phase: 'staged' } : fresh;
  // It may be on its way to another release still, though it was told to come back to this one.
  if (fresh.busy !== undefined) return { ...fresh, lease: header.since + leaseFor(header, node.name) };
  // Not even those that run it have run its database step here.
  const isRun = runs(node, request.to, isSlotted && node.standby === true);
  if (request.cause !== 'restart' && request.database === undefined && isRun)
    return { ...fresh, phase: 'healthy' };
  return fresh;
}

function settleStray(draft: Draft, name: NodeName): void {
  const node = nodeOf(draft, name);
  if (node !== undefined) sendBack(draft, node);
}

function initialState(request: PlanRequest, planned: readonly PlannedWave[], now: Millis): RolloutState {
  const index = emptyIndex(planned.length);
  // Back, and to the same again, go fast: what they need is on the disks already.
  const required = request.strategy.stageRequire !== undefined && request.cause === 'deploy';
  const staging = required || request.cause === 'stage';
  const header: Omit<RolloutHeader, 'counts'> = {
    ...asked(request),
    status: staging ? 'staging' : 'running',
    reason: '',
    since: now,
    lane: 'forward',
    staging,
    awaitsTurn: false,
    currentWave: 0,
    waves: planned.map(({ wave }) => wave),
    hold: undefined,
    closed: undefined,
    frozenSince: undefined,
    frozenMs: 0,
    progressDue: undefined,
    progressHigh: 0,
    progressAt: now,
    nextJoin: 0,
    ...(request.database === undefined || request.cause === 'stage'
      ? {}
      : { database: { ...request.database, node: undefined, done: false, ...underWay(request) } }),
    ...(request.pastReturn === undefined ? {} : { pastReturn: request.pastReturn }),
    ...(request.slots === undefined
      ? {}
      : {
          slots: {
            ...request.slots,
            step: 'preparing',
            towards: 'fresh',
            until: undefined,
            generation: 0,
          },
        }),
  };
  const none = {
    total: 0,
    settled: 0,
    healthy: 0,
    failed: 0,
    lost: 0,
    skipped: 0,
    excused: 0,
    open: 0,
    unavailable: 0,
    maxUnavailable: 0,
    staged: 0,
    stageRequired: 0,
  };
  return { header: { ...header, counts: none }, nodes: emptyHashMap<NodeName, RolloutNode>(), index };
}

/** Who was running a database step of a superseded rollout. */
function underWay({ nodes, to }: PlanRequest): Pick<DatabaseStep, 'after' | 'begun' | 'recalled'> {
  const migrating = nodes.filter(({ assigned }) => stepUnderWay(assigned) !== undefined);
  const recalled = migrating.filter(({ assigned }) => assigned?.recalled !== undefined);
  const begun = migrating.filter(
    ({ assigned }) => assigned?.database === true && assigned.digest === to.release.digest,
  );
  return {
    after: namesOf(migrating),
    begun: namesOf(begun),
    ...(recalled.length === 0 ? {} : { recalled: namesOf(recalled) }),
  };
}

const namesOf = (nodes: readonly PlanNode[]): readonly NodeName[] => nodes.map(({ name }) => name);

function asked(
  request: PlanRequest,
): Omit<PlanRequest, 'nodes' | 'database' | 'pastReturn' | 'slots' | 'closed'> {
  const { id, app, env, cause, strategy, join, to, from, requestedBy, requestedReason, startedAt } = request;
  return { id, app, env, cause, strategy, join, to, from, requestedBy, requestedReason, startedAt };
}
