import { sameFacts } from '../../shared/core/attributes.js';
import type { AppName, NodeName } from '../../shared/model/ids.js';
import type { AppStatus, NodePhase, NodeStatus } from '../../shared/model/node-status.js';
import { getKey } from '../core/collections/hash-map.js';
import type { AssignmentRecord, NodeRecord } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import { noteLeft } from './commands/removal/application.js';
import { keepDatabase } from './database.js';
import { takeMembership } from './nodes.js';
import { notePoison } from './poison.js';
import { feed } from './rollouts/carry-out.js';
import { driftSentence, inconsistentSentence, pastReturnSentence } from './views/problems.js';
import { activeRollout } from './world.js';

export interface ReportInput {
  readonly node: NodeName;
  readonly session: string;
  readonly sequence: number;
  readonly status: NodeStatus;
}

/** How an assignment ended, by the phase that ended it; absent: it has not. */
const ends: Partial<Record<NodePhase, 'done' | 'failed'>> = {
  healthy: 'done',
  removed: 'done',
  failed: 'failed',
  turnedBack: 'failed',
  inconsistent: 'failed',
};

/** Takes a node's status: the level it reports becomes the events that the engine wants to know of. */
export function takeReport(batch: Batch, { node, session, sequence, status: told }: ReportInput): void {
  const entry = batch.world.nodes.get(node);
  if (entry === undefined || entry.record.decommissioned) return;
  // A repeated report, or one that was overtaken.
  if (entry.session === session && sequence <= entry.sequence) return;
  const before = entry.record.status;
  // An agent that was just started has not looked at its host yet, which is the same as before.
  const status = { ...told, facts: told.facts ?? before?.facts };
  const first = entry.session !== session;
  entry.session = session;
  entry.sequence = sequence;
  // Progress is not stored as rows, verdicts are (hawkbit#661).
  const persist = JSON.stringify(verdictsOf(before)) !== JSON.stringify(verdictsOf(status));
  const phaseSince = phasesSince(entry.record, status, batch.now);
  batch.putNode({ ...entry.record, status, phaseSince, lastSeenAt: batch.now }, persist);
  if (JSON.stringify(before?.facts) !== JSON.stringify(status.facts)) entry.factsAt = batch.up;
  // The pressure is looked at more often than all else.
  if (before?.facts?.uptimeSeconds !== status.facts?.uptimeSeconds) entry.sampledAt = batch.now;
  if (!sameFacts(before?.facts, status.facts)) takeMembership(batch, node);
  for (const { app } of before?.apps ?? []) {
    if (!status.apps.some((told) => told.app === app)) batch.look(node, app);
  }
  for (const app of status.apps) {
    const old = before?.apps.find((known) => known.app === app.app);
    if (first || old === undefined || JSON.stringify(old) !== JSON.stringify(app))
      takeApp(batch, node, app, old);
  }
}

/** A node that tells of another assignment has begun anew, whatever its phase. */
function phasesSince(
  { status: before, phaseSince: known = {} }: NodeRecord,
  { apps }: NodeStatus,
  now: number,
): Readonly<Partial<Record<AppName, number>>> {
  const since: Partial<Record<AppName, number>> = {};
  for (const { app, phase, generation } of apps) {
    const old = before?.apps.find((one) => one.app === app);
    const at = old?.phase === phase && old.generation === generation ? known[app] : now;
    if (at !== undefined) since[app] = at;
  }
  return since;
}

function takeApp(batch: Batch, node: NodeName, status: AppStatus, old: AppStatus | undefined): void {
  const { world } = batch;
  const given = world.assignments.get(node)?.get(status.app);
  batch.look(node, status.app);
  if (given !== undefined) {
    keepDatabase(batch, given, status);
    settle(batch, given, status, old);
    if (status.pastReturn === true && old?.pastReturn !== true) recordPastReturn(batch, given, status);
    batch.shareOut(world.assignments.get(node)?.get(status.app) ?? given);
  }
  if (isHealthChange(old, status)) recordHealth(batch, node, status, given?.env ?? '');
  recordDrift(batch, node, status, old, given?.env ?? '');
  if (given === undefined) return;
  const rollout = activeRollout(world, given.app, given.env);
  if (rollout !== undefined && getKey(rollout.state.nodes, node) !== undefined) {
    feed(batch, rollout, { kind: 'nodeReported', node, status });
  }
}

function settle(batch: Batch, given: AssignmentRecord, status: AppStatus, old: AppStatus | undefined): void {
  if (given.generation !== status.generation) return;
  if (given.state !== 'open') {
    // Found out later: of an end that was good, or told to nobody.
    if (status.phase === 'inconsistent' && old?.phase !== 'inconsistent') recordFailure(batch, given, status);
    return;
  }
  const state = given.intent === 'stage' && status.phase === 'staged' ? 'done' : ends[status.phase];
  if (state === undefined) return;
  if (given.intent === 'remove' && state === 'done') {
    batch.removeAssignment(given.node, given.app);
    noteLeft(batch, given);
    return;
  }
  const isLive = state === 'done' && given.intent === 'activate';
  const liveConfigRevision = isLive ? given.configRevision : given.liveConfigRevision;
  batch.putAssignment({ ...given, state, liveConfigRevision });
  if (state !== 'failed') return;
  recordFailure(batch, given, status);
  notePoison(batch, given, status);
}

function recordFailure(batch: Batch, { node, app, env }: AssignmentRecord, status: AppStatus): void {
  // Within a rollout the engine says so.
  if (activeRollout(batch.world, app, env) !== undefined) return;
  const loud = inconsistentSentence(node, status);
  if (loud !== undefined) {
    batch.event('node.inconsistent', loud, { app, env, node });
  } else if (status.failure !== undefined) {
    const { step, reason } = status.failure;
    const message = `${node} ${status.phase === 'turnedBack' ? 'turned back' : status.phase} at ${step}: ${reason}`;
    batch.event('node.failed', message, { app, env, node });
  }
}

function recordPastReturn(batch: Batch, given: AssignmentRecord, status: AppStatus): void {
  const { node, app, env, rollout } = given;
  const message = pastReturnSentence(node, status, given.version) ?? '';
  batch.event('node.pastReturn', message, { app, env, node, ...(rollout === undefined ? {} : { rollout }) });
}

/** Files that were changed by hand: said when it is found, when it is another or more of them, and when it is over. */
function recordDrift(
  batch: Batch,
  node: NodeName,
  status: AppStatus,
  old: AppStatus | undefined,
  env: string,
): void {
  if (JSON.stringify(old?.drift) === JSON.stringify(status.drift)) return;
  const { app, current } = status;
  const mended =
    current?.digest === old?.current?.digest
      ? `${app} on ${node} is what was released again`
      : `${app} on ${node}: the release whose files had drifted no longer serves`;
  batch.event('node.drift', driftSentence(node, status) ?? mended, { app, env, node });
}

/** Phases in which the node itself stops and starts what serves: bad health says nothing then. */
const changing: ReadonlySet<NodePhase> = new Set([
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
]);

/** True if what serves became healthy or unhealthy by itself; while a release is being changed that is the rollout's matter. */
export function isHealthChange(old: AppStatus | undefined, { health, phase }: AppStatus): boolean {
  if (old === undefined || old.health === health || health === 'unknown' || old.health === 'unknown')
    return false;
  return !changing.has(phase) && !changing.has(old.phase);
}

function recordHealth(batch: Batch, node: NodeName, { app, health, note }: AppStatus, env: string): void {
  const cause = note === '' ? '' : `: ${note}`;
  batch.event('node.health', `${app} on ${node} became ${health}${cause}`, { app, env, node });
}

function verdictsOf(status: NodeStatus | undefined): unknown {
  if (status === undefined) return undefined;
  const apps = status.apps.map((app) => ({ ...app, fetched: undefined }));
  const { facts, ...rest } = status;
  return { ...rest, apps, facts: facts === undefined ? undefined : { ...facts, ...fleeting } };
}

/** Facts that change all the time are not worth a row. */
const fleeting = { memoryAvailable: 0, diskFree: 0, load1: 0, uptimeSeconds: 0, pressure: undefined };
