import { type AppStatus, nodePhases, type StepFailure } from '../../../../shared/model/node-status.js';
import type { RolloutNodePhase } from '../../../../shared/model/rollout.js';
import { leaseFor, noteDatabase } from '../database.js';
import { amend, type Draft, put, record, timeOf } from '../draft.js';
import { failureSentence, versionOf } from '../explain/sentences.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutHeader } from '../types/rollout.js';
import { isServing } from './serving.js';
import { hasFetched, withTimings } from './timings.js';

/** The agent judges its own health deadline; the engine waits a little longer than that for its verdict. */
const leaseGraceMs = 30_000;

const terminal: ReadonlySet<AppStatus['phase']> = new Set([
  'healthy',
  'failed',
  'turnedBack',
  'inconsistent',
  'removed',
]);

/** A report is a level: it says how things are, so a lost, late or repeated one does no harm. */
export function noteReport(draft: Draft, node: RolloutNode, status: AppStatus): void {
  noteDatabase(draft, node, status);
  const before =
    node.phase === 'lost' ? { ...node, phase: node.beneath ?? 'pending', beneath: undefined } : node;
  const seen = withLevel(draft.header, before, status);
  const judged = phaseAfter(draft, seen, status);
  const after = judged.phase === before.phase ? judged : { ...judged, since: draft.now };
  const seenAt = hasFetched(before, after) ? { ...after, began: draft.now } : after;
  const next: RolloutNode =
    node.phase === 'lost' && !isFailed(after.phase)
      ? { ...seenAt, phase: 'lost', beneath: after.phase, lease: undefined, since: node.since }
      : seenAt;
  if (sameNode(node, next)) return;
  learn(draft, before, seenAt);
  put(draft, next);
  if (!isFailed(next.phase) || isFailed(node.phase)) return;
  draft.shaken.add(next.wave);
  const isBack = next.phase === 'turnedBack' && next.target === 'from';
  if (isBack)
    record(draft, 'node.returned', `node ${next.name} runs ${versionOf(draft.header, 'from')} again`, {
      node: next.name,
    });
  else record(draft, failureEvent(next), failureSentence(next), { node: next.name });
}

function learn(draft: Draft, before: RolloutNode, after: RolloutNode): void {
  const { took, strategy } = draft.header;
  const learnt = withTimings(took, before, after, strategy.health.minHealthyTimeMs);
  if (learnt !== undefined && learnt !== took) amend(draft, { took: learnt });
}

/** What nobody can go on from without a person has a name of its own. */
const failureEvent = ({ phase }: RolloutNode): string =>
  phase === 'inconsistent' ? 'node.inconsistent' : 'node.failed';

const isFailed = (phase: RolloutNodePhase): boolean =>
  phase === 'failed' || phase === 'turnedBack' || phase === 'inconsistent';

function withLevel(header: RolloutHeader, node: RolloutNode, status: AppStatus): RolloutNode {
  const { digest } = header.to.release;
  const overtaken =
    node.busy !== undefined &&
    (status.generation > node.busy || (status.generation === node.busy && terminal.has(status.phase)));
  return {
    ...node,
    serving: isServing(status),
    deployed: node.deployed || status.current !== undefined,
    health: status.health,
    current: sameRelease(node.current, status.current) ? node.current : status.current,
    onDisk: status.staged.includes(digest) || status.current?.digest === digest,
    note: status.note,
    ...(isPastReturn(node, status) ? { pastReturn: true } : {}),
    busy: overtaken ? undefined : node.busy,
    lease: overtaken && !node.open ? undefined : node.lease,
    ...(node.slot === undefined ? {} : { ready: takesRequests(node, status) }),
  };
}

/** That it does counts only if it says so of what it was told last: an older word may be of before it was told to stop. */
const takesRequests = ({ told, generation }: RolloutNode, status: AppStatus): boolean =>
  status.ready && (told === 'out' || status.generation >= generation);

const isPastReturn = (node: RolloutNode, status: AppStatus): boolean =>
  status.pastReturn === true && node.intent !== 'stage' && status.generation === node.generation;

function phaseAfter(draft: Draft, node: RolloutNode, status: AppStatus): RolloutNode {
  // Without an intent it waits for a new generation: what is said of the old one was judged already.
  if (node.intent === undefined || status.generation !== node.generation) return node;
  if (node.phase === 'excused' || node.phase === 'skipped') return node;
  if (node.only === 'traffic')
    return { ...node, phase: status.phase === 'draining' ? 'draining' : 'healthy' };
  return node.intent === 'stage' ? stagePhase(draft, node, status) : activationPhase(draft, node, status);
}

function stagePhase(draft: Draft, node: RolloutNode, status: AppStatus): RolloutNode {
  const seen = withBytes(node, status);
  switch (status.phase) {
    case 'staging':
      return node.phase === 'staging' ? fetching(draft, node, seen) : seen;
    case 'staged':
      return { ...seen, phase: 'staged', onDisk: true, failure: undefined, lease: undefined };
    case 'failed':
    case 'turnedBack':
    case 'inconsistent':
      return {
        ...seen,
        phase: 'failed',
        lease: undefined,
        failure: kept(node.failure, failureOf(status, 'fetch')),
      };
    default:
      return seen;
  }
}

/** More bytes than ever renew its lease, up to what there can be to fetch: so it cannot be renewed for ever. */
function fetching(draft: Draft, before: RolloutNode, seen: RolloutNode): RolloutNode {
  const { contentSize, packSize } = draft.header.to.release;
  if (seen.bytesDone <= before.bytesDone || before.bytesDone > contentSize + packSize) return seen;
  draft.fetched = true;
  return { ...seen, lease: timeOf(draft) + draft.header.strategy.progressDeadlineMs };
}

function activationPhase(draft: Draft, node: RolloutNode, status: AppStatus): RolloutNode {
  switch (status.phase) {
    case 'idle':
      return node;
    case 'staging':
    case 'staged':
    case 'draining':
    case 'stopping':
    case 'switching':
    case 'starting':
    case 'checking':
      return node.open ? underWay(draft, node, status, status.phase) : node;
    case 'healthy':
      return healthyPhase(draft, node, status);
    case 'failed':
    case 'turnedBack':
    case 'inconsistent':
    case 'removed':
      return settled(node, failedPhase(node, status.phase), failureOf(status, 'check'));
  }
}

/** A rollback that turned back runs what it was to leave: that is a failure, whatever the node calls it. */
function failedPhase(
  node: RolloutNode,
  phase: 'failed' | 'turnedBack' | 'inconsistent' | 'removed',
): RolloutNodePhase {
  if (phase === 'inconsistent') return phase;
  return phase === 'turnedBack' && node.target === 'to' ? 'turnedBack' : 'failed';
}

/** The node says it has been healthy for its minimum time. It counts if it also serves what it was told to. */
function healthyPhase(draft: Draft, node: RolloutNode, status: AppStatus): RolloutNode {
  const { header } = draft;
  const target = node.target === 'to' ? header.to : (header.from ?? header.to);
  if (status.current?.digest !== target.release.digest) return node;
  if (isServing(status)) {
    if (node.target === 'to') return settled(node, 'healthy', undefined);
    return settled(node, node.touched ? 'turnedBack' : 'healthy', node.failure);
  }
  if (node.open) return underWay(draft, node, status, 'checking');
  return node.phase === 'healthy' && status.health === 'unhealthy' && !hasPassed(header, node)
    ? settled(node, 'failed', {
        step: 'check',
        reason: 'it became unhealthy after it had been healthy',
        logTail: status.failure?.logTail ?? '',
      })
    : node;
}

/** Nodes that joined, and those of a wave that has passed, are not judged any more. */
const hasPassed = (header: RolloutHeader, node: RolloutNode): boolean =>
  node.target === 'from' || header.waves[node.wave]?.status === 'passed' || node.wave < 0;

function settled(node: RolloutNode, phase: RolloutNodePhase, failure: StepFailure | undefined): RolloutNode {
  return {
    ...node,
    phase,
    open: false,
    busy: undefined,
    lease: undefined,
    failure: kept(node.failure, failure),
    ...(phase === 'healthy' && node.told === 'joining' ? { told: 'in' } : {}),
  };
}

/** The old value if the new one says the same, so that nothing is taken for a change that is none. */
function kept(old: StepFailure | undefined, next: StepFailure | undefined): StepFailure | undefined {
  return old?.step === next?.step && old?.reason === next?.reason && old?.logTail === next?.logTail
    ? old
    : next;
}

type WorkingPhase = 'staging' | 'staged' | 'draining' | 'stopping' | 'switching' | 'starting' | 'checking';

/** A lease is renewed only by going further than ever for this generation, so it cannot be renewed for ever. */
function underWay(draft: Draft, node: RolloutNode, status: AppStatus, phase: WorkingPhase): RolloutNode {
  const seen = withBytes(node, status);
  // What it has on disk is looked at once more before it is activated: that is no way back.
  const isLookedAt = phase === 'staging' && node.phase === 'staged' && seen.onDisk;
  const shown = isLookedAt ? 'staged' : phase;
  const reached = nodePhases.indexOf(phase);
  if (reached <= node.furthest && seen.bytesDone <= node.bytesDone) return { ...seen, phase: shown };
  const { health } = draft.header.strategy;
  const leaseMs = phase === 'checking' ? health.deadlineMs + leaseGraceMs : leaseFor(draft.header, node.name);
  const furthest = Math.max(reached, node.furthest);
  return { ...seen, phase: shown, furthest, lease: timeOf(draft) + leaseMs };
}

function withBytes(node: RolloutNode, status: AppStatus): RolloutNode {
  if (status.fetched === undefined) return node;
  const { bytesDone, bytesTotal } = status.fetched;
  return { ...node, bytesDone: Math.max(node.bytesDone, bytesDone), bytesTotal };
}

function failureOf(status: AppStatus, step: StepFailure['step']): StepFailure {
  return (
    status.failure ?? { step, reason: status.note === '' ? 'no reason given' : status.note, logTail: '' }
  );
}

const sameRelease = (a: RolloutNode['current'], b: RolloutNode['current']): boolean =>
  a?.digest === b?.digest && a?.version === b?.version;

function sameNode(a: RolloutNode, b: RolloutNode): boolean {
  if (a === b) return true;
  const keys = Object.keys(b) as (keyof RolloutNode)[];
  return keys.every((key) => a[key] === b[key]);
}
