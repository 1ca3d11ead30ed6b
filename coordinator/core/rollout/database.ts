import type { Generation, NodeName } from '../../../shared/model/ids.js';
import type { AppStatus, NodePhase, StepName } from '../../../shared/model/node-status.js';
import { amend, type Draft, nodeOf, record, timeOf } from './draft.js';
import { failureSentence, versionOf } from './explain/sentences.js';
import { classOf } from './roles.js';
import type { RolloutNode } from './types/node.js';
import type { DatabaseStep, GivenAssignment } from './types/plan.js';
import type { RolloutHeader, RolloutState } from './types/rollout.js';
import type { Millis } from './types/time.js';

// The database step of a release is run by one node, before any other is activated, and never again once it is done.

/** A node that fails, or is, in one of these has done the database step: it comes before them. */
const stepsAfter: ReadonlySet<StepName> = new Set([
  'drain',
  'stop',
  'swap',
  'start',
  'check',
  'rejoin',
  'turnBack',
]);
const phasesAfter: ReadonlySet<NodePhase> = new Set([
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
  'healthy',
]);

/** Of a node that was told to run it, for the generation that told it so. */
export const isPastDatabase = ({ phase, failure }: AppStatus): boolean =>
  phasesAfter.has(phase) || (failure !== undefined && stepsAfter.has(failure.step));

/** The generation for which it may be running a database step: the one given, or one before it. An agent lets none be cut short. */
export function stepUnderWay(
  given: Pick<GivenAssignment, 'generation' | 'state' | 'database' | 'recalled'> | undefined,
): Generation | undefined {
  if (given?.state !== 'open') return undefined;
  return given.database === true ? given.generation : given.recalled;
}

/** Takes from a report how far the database step is. */
export function noteDatabase(draft: Draft, node: RolloutNode, status: AppStatus): void {
  const { database, pastReturn, to } = draft.header;
  const { name } = node;
  // Of a superseded rollout of the same release, unless this one has told it something since: then it speaks of that.
  const isAsBefore = node.attempts === 0 && status.generation === node.busy;
  const hadBegun = isAsBefore && hasBegun(draft.header, name);
  // A node that waits for a retry has no intent: the generation of before may have come further meanwhile.
  const isTold = node.intent !== 'stage' && node.target === 'to' && status.generation === node.generation;
  if (!hadBegun && !isTold) return;
  if (status.pastReturn === true && pastReturn === undefined) {
    amend(draft, { pastReturn: to.release.version });
  }
  if (database === undefined || database.done || !isPastDatabase(status)) return;
  if (!hadBegun && database.node !== name) return;
  amend(draft, { database: { ...database, done: true }, progressDue: undefined });
  record(
    draft,
    'database.done',
    `node ${name} has run the database step of ${versionOf(draft.header, 'to')}`,
    {
      node: name,
    },
  );
}

/**
 * Who may be activated forwards: anybody, the one node named, or the first whose turn it is, which then runs the
 * database step. While a node may still be running the step of a superseded rollout, that is the one: it takes up the next
 * when the other has ended.
 */
export function forwardGate({
  header,
  nodes,
}: Pick<RolloutState, 'header' | 'nodes'>): 'any' | 'choose' | RolloutNode {
  const { database } = header;
  if (database === undefined) return 'any';
  const node = database.node === undefined ? undefined : nodeOf({ nodes }, database.node);
  const isGone =
    node === undefined || (node.phase === 'excused' && (database.done || node.busy === undefined));
  if (isGone) return database.done ? 'any' : (stillMigrating({ nodes }, database) ?? 'choose');
  const kind = classOf(node);
  const isWaitedFor = !database.done || kind === 'queued' || kind === 'open' || kind === 'failed';
  return isWaitedFor ? node : 'any';
}

function stillMigrating(
  state: Pick<RolloutState, 'nodes'>,
  { after = [] }: DatabaseStep,
): RolloutNode | undefined {
  return after.map((name) => nodeOf(state, name)).find((node) => node?.busy !== undefined);
}

/**
 * It may still run this very step, told by this rollout or by one since superseded: told again, it would run it a second time
 * as soon as the first has ended, before it could say so.
 */
export const isMigrating = ({ database }: Pick<RolloutHeader, 'database'>, node: RolloutNode): boolean =>
  node.busy !== undefined &&
  database?.done === false &&
  (runsStep(database, node.name) || isRecalled(database, node.name));

/** A superseded rollout has told it to run this very step. */
export const hasBegun = ({ database }: Pick<RolloutHeader, 'database'>, name: NodeName): boolean =>
  database?.begun?.includes(name) === true;

const runsStep = ({ node, begun = [] }: DatabaseStep, name: NodeName): boolean =>
  node === name || begun.includes(name);

const isRecalled = ({ recalled = [] }: DatabaseStep, name: NodeName): boolean => recalled.includes(name);

/** From now on this node, and no other, runs it. Its clock is as much longer as the step may take. */
export function appoint(draft: Draft, node: NodeName): boolean {
  const { database } = draft.header;
  if (database === undefined || database.done) return false;
  amend(draft, { database: { ...database, node }, progressDue: undefined });
  return true;
}

/** How long a node may take to get further. Milliseconds. */
export const leaseFor = (header: RolloutHeader, node: NodeName): Millis =>
  header.strategy.progressDeadlineMs +
  (header.database !== undefined && runsStep(header.database, node) ? databaseMs(header) : 0);

export const leaseUntil = (draft: Draft, node: NodeName): Millis =>
  timeOf(draft) + leaseFor(draft.header, node);

/** How much longer than ever it may take until a node settles: none does while the database step runs. */
export function databaseMs({ database }: RolloutHeader): Millis {
  if (database === undefined || database.done) return 0;
  const { node, begun = [], timeoutMs } = database;
  return node === undefined && begun.length === 0 ? 0 : timeoutMs;
}

/** The node that runs it is not to fail, whatever the budget is: nobody else can go before it. */
export function databaseBreach(draft: Draft): { readonly wave: number; readonly reason: string } | undefined {
  const { database, waves } = draft.header;
  const node = database?.node === undefined ? undefined : nodeOf(draft, database.node);
  if (node?.target !== 'to' || classOf(node) !== 'failed') return undefined;
  const wave = waves[node.wave];
  if (wave === undefined || wave.status === 'passed') return undefined;
  const first = 'it is the one that runs the database step, and all others wait for it';
  return { wave: node.wave, reason: `wave "${wave.name}" failed: ${failureSentence(node)}; ${first}` };
}

/** Why there is no way back to what ran before, if there is none. */
export function noReturn({ header, nodes }: Pick<RolloutState, 'header' | 'nodes'>): string | undefined {
  const { database, pastReturn, app } = header;
  if (pastReturn !== undefined)
    return `the database step of ${app} ${pastReturn} has begun and cannot be reversed`;
  if (database?.node === undefined || database.reversible) return undefined;
  const node = nodeOf({ nodes }, database.node);
  // It is taken back only once it is known to have ended before that.
  const isBack = node?.target === 'from';
  const isOver = node?.open === false && node.busy === undefined && node.phase !== 'lost';
  if (!database.done && (isBack || isOver)) return undefined;
  const what = `the database step of ${versionOf(header, 'to')}`;
  return database.done
    ? `${what} is done and cannot be reversed`
    : `${what} may have begun on ${database.node} and cannot be reversed`;
}
