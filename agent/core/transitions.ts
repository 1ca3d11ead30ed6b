import type { StepFailure } from '../../shared/model/node-status.js';
import { hasLeft, isCommitted, rejoinPlan, stagePlan, turnBackPlan } from './plan.js';
import { settle } from './reconcile.js';
import { type AppRecord, type Observed, releaseIn, type Work } from './record.js';
import { type Step, traitsOf } from './steps.js';

/** How an effect ended. An expected failure is a value. */
export type Outcome =
  | {
      readonly kind: 'done';
      /** What is wrong all the same with what a failure would turn back to. */
      readonly doubt?: string;
      /** What is to be activated was damaged and does not count as staged any more. */
      readonly disowned?: true;
    }
  | { readonly kind: 'failed'; readonly failure: StepFailure }
  /** It was given up because something newer is wanted, or the agent stops. */
  | { readonly kind: 'cancelled' };

/** A step of work that is interrupted this often is not begun again. */
export const maxAttempts = 3;
/** More patience on the way back, since giving up there leaves the node inconsistent. */
const maxAttemptsBack = 10;

const isOfWork = (work: Work | undefined, step: Step): work is Work => work?.plan[work.at] === step;

/** The record to be on disk before the step's effect. */
export function begin(record: AppRecord, step: Step): AppRecord {
  const { work } = record;
  if (!isOfWork(work, step)) return record;
  const drained = work.drained || step.action === 'drain';
  // Nothing is said of the release before while another one is fetched.
  const fetched = step.action === 'stage' ? { fetchedFrom: [] } : {};
  const past = step.action === 'database' && !step.reversible ? ({ pastReturn: true } as const) : {};
  const begun: Work = { ...work, ...past, begun: true, attempts: work.attempts + 1, drained };
  return { ...record, ...fetched, work: begun };
}

/** The record to be on disk after it. */
export function complete(record: AppRecord, step: Step, outcome: Outcome, observed: Observed): AppRecord {
  const { work } = record;
  if (work === undefined || !isOfWork(work, step)) return record;
  switch (outcome.kind) {
    case 'done': {
      const drained = work.drained && step.action !== 'rejoin';
      const doubt = outcome.doubt === undefined ? {} : { doubt: outcome.doubt };
      const next: Work = { ...work, ...doubt, at: work.at + 1, begun: false, attempts: 0, drained };
      const proven = step.action === 'rejoin' && work.direction === 'forward';
      const standby = proven ? work.assignment.standby === true : record.standby === true;
      if (outcome.disowned !== true) return { ...record, standby, work: next };
      const plan = stagePlan(work.assignment, work.dir);
      return { ...record, work: { ...next, plan, at: 0, provisional: true } };
    }
    case 'cancelled': {
      // What is let come to its end goes on counting as begun, though the agent ends in the middle of it.
      const least = traitsOf(step).holds === true ? 1 : 0;
      return { ...record, work: { ...work, begun: false, attempts: Math.max(least, work.attempts - 1) } };
    }
    case 'failed':
      return fail(record, work, outcome.failure, observed);
  }
}

/**
 * What a failure leads to: while the old release still serves, the verdict, once it is back in load; from stop on, the
 * way back; and on the way back, a state of its own. Where the same release failed again there is nothing to turn back
 * to, and what is there stays as it is.
 *
 * A database step that cannot be reversed does not keep the node from turning back, for the other nodes of the
 * environment run the old release with the same database: but the reason says so, and the rollout goes no further.
 */
function fail(record: AppRecord, work: Work, cause: StepFailure, observed: Observed): AppRecord {
  if (work.direction === 'back') return settle(record, inconsistentBecause(work, cause), 'inconsistent');
  const activating = work.assignment.intent === 'activate';
  const lastFailed = activating && work.dir !== work.from ? work.dir : record.lastFailed;
  const failed = { ...record, lastFailed };
  const committed = isCommitted(work.plan, work.at, work.begun);
  const failure = { ...cause, reason: reasonOf(work, cause, committed) };
  const back = {
    ...work,
    failure,
    at: 0,
    begun: false,
    attempts: 0,
    direction: 'back',
    provisional: false,
  } as const;
  if (activating && !committed && hasLeft(work)) {
    const live = record.standby === true ? undefined : releaseIn(observed, observed.current);
    const plan = rejoinPlan(work.assignment.app, live);
    return { ...failed, work: { ...back, plan } };
  }
  if (!activating || work.from === work.dir || !committed) return settle(failed, back, 'failed');
  const from = releaseIn(observed, work.from);
  if (work.from !== undefined && from === undefined) {
    const gone = {
      step: 'turnBack',
      reason: `releases/${work.from} is not there any more`,
      logTail: '',
    } as const;
    return settle(failed, inconsistentBecause(back, gone), 'inconsistent');
  }
  const plan = turnBackPlan(work.assignment, from, work.previousBefore, record.standby === true);
  return { ...failed, work: { ...back, plan } };
}

/** What a failure leaves behind that whoever reads of it must know of is part of the reason. */
function reasonOf(
  { doubt, pastReturn, assignment }: Work,
  { reason }: StepFailure,
  committed: boolean,
): string {
  const parts = [reason];
  if (pastReturn === true) {
    const { version } = assignment.release;
    parts.push(
      `the database step of ${version} has begun and cannot be reversed: what serves must do with that`,
    );
  }
  if (committed && doubt !== undefined) parts.push(`it turns back to a damaged release: ${doubt}`);
  return parts.join('; ');
}

function inconsistentBecause(work: Work, failure: StepFailure): Work {
  const first = work.failure === undefined ? '' : `${work.failure.step}: ${work.failure.reason}; `;
  const reason = `${first}turning back failed in ${failure.step}: ${failure.reason}`;
  const logTail = failure.logTail === '' ? (work.failure?.logTail ?? '') : failure.logTail;
  return { ...work, failure: { step: 'turnBack', reason, logTail } };
}

/**
 * What to make, on start, of work that an end of the agent cut short: the step is begun again, for every step
 * can be repeated, unless its hook says otherwise or it was cut short too often (codedeploy#356).
 */
export function resume(record: AppRecord, observed: Observed): AppRecord {
  const { work } = record;
  const step = work?.plan[work.at];
  if (work?.begun !== true || step === undefined) return record;
  const name = traitsOf(step).name;
  const told = { ...record, interrupted: `interrupted in ${name} by an end of the agent` };
  const most = work.direction === 'back' ? maxAttemptsBack : maxAttempts;
  const worn = step.action !== 'stage' && work.attempts >= most;
  if (worn || !isRepeatable(step, observed)) {
    const reason = worn
      ? `interrupted ${work.attempts} times by ends of the agent`
      : 'interrupted by an end of the agent, and not to be repeated';
    return fail(told, work, { step: name, reason, logTail: '' }, observed);
  }
  return { ...told, work: { ...work, begun: false } };
}

/**
 * Whether the line that a step is begun must be on disk before its effect. The one before a stop must be, since from
 * there on the node serves less; it stands for the steps up to the check as well: a host that loses power among them has
 * no service to lose, and the steps are done again. What must not be done again needs a line of its own anywhere.
 */
export function mustSync({ work }: AppRecord, step: Step, observed: Observed): boolean {
  if (work === undefined) return true;
  if (traitsOf(step).holds === true || !isRepeatable(step, observed)) return true;
  const within = step.action === 'swap' || step.action === 'start' || step.action === 'hook';
  return !(within && isCommitted(work.plan, work.at, false)) && traitsOf(step).phase !== 'staging';
}

function isRepeatable(step: Step, observed: Observed): boolean {
  if (step.action !== 'hook') return true;
  return releaseIn(observed, step.dir)?.spec.hooks[step.hook]?.idempotent !== false;
}
