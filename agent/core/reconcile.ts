import type { Assignment } from '../../shared/model/desired-state.js';
import {
  activationPlan,
  hasLeft,
  hookStep,
  isCommitted,
  rejoinPlan,
  removalPlan,
  stagePlan,
  trafficPlan,
} from './plan.js';
import {
  type AppRecord,
  type Observed,
  releaseIn,
  type StagedRelease,
  type Verdict,
  type Work,
} from './record.js';
import { removable } from './retention.js';
import { type Step, traitsOf } from './steps.js';

/** What the node is wanted to do about one application. */
export interface Wanted {
  readonly assignment: Assignment;
  /** The name of the release's directory. */
  readonly dir: string;
}

export interface ReconcileInput {
  readonly record: AppRecord;
  /** undefined: unassigned; the node holds what it has. */
  readonly wanted: Wanted | undefined;
  readonly observed: Observed;
  /** Milliseconds, monotonic. */
  readonly now: number;
  /** How many releases to keep. */
  readonly keep: number;
}

export interface Reconciled {
  /** As far as it goes without touching the node. It must be on disk before the step is begun. */
  readonly record: AppRecord;
  /** undefined: nothing to do until something changes. */
  readonly step: Step | undefined;
  /** With no step: look again at this time. Milliseconds, monotonic. */
  readonly again: number | undefined;
}

/** The next step from what is to what is wanted. */
export function reconcile(input: ReconcileInput): Reconciled {
  const { observed, now } = input;
  // What has come to its end is settled first, so that something newer need not wait for another occasion.
  const ended = advance(input.record, observed);
  const record = advance(adopt({ ...input, record: ended }), observed);
  const { work } = record;
  const committed = work !== undefined && isCommitted(work.plan, work.at, work.begun);
  const dead = committed && !hasStarted(work) ? undefined : deadService(record, observed);
  if (dead !== undefined && now >= observed.reviveAfter)
    return { record, step: revive(dead), again: undefined };
  const step = work?.plan[work.at];
  if (step !== undefined) return { record, step, again: undefined };
  const again = dead === undefined ? undefined : observed.reviveAfter;
  return { record, step: collect({ ...input, record }), again };
}

/**
 * True if the assignment is newer and may be taken now: there is no work, or the work is short of its point of no
 * return, or it only watches a release prove itself, from where another activation can go on. (Waiting for
 * that deadline would keep a bad release alive; to stage something is no reason to stop watching, nor to turn back no
 * further.)
 */
export function supersedes(record: AppRecord, { assignment }: Wanted): boolean {
  if (assignment.generation <= record.highest) return false;
  const { work } = record;
  if (work === undefined) return true;
  const step = work.plan[work.at];
  // Attempts: an end of the agent has cut it short.
  const begun = work.begun || work.attempts > 0;
  if (begun && step !== undefined && traitsOf(step).holds === true) return false;
  if (work.direction === 'back' && assignment.intent === 'stage') return false;
  if (!isCommitted(work.plan, work.at, work.begun)) return true;
  return assignment.intent !== 'stage' && step?.action === 'check';
}

function adopt({ record, wanted, observed }: ReconcileInput): AppRecord {
  if (wanted === undefined || !supersedes(record, wanted)) return record;
  const { assignment, dir } = wanted;
  const proven = releaseIn(observed, record.lastGood)?.dir ?? observed.current;
  const live = releaseIn(observed, observed.current);
  const before = wasStandby(record);
  const standby = isStandby(record, assignment, dir === observed.current);
  const base: Work = {
    assignment,
    dir,
    from: proven,
    previousBefore: observed.previous,
    direction: 'forward',
    provisional: false,
    plan: [],
    at: 0,
    begun: false,
    attempts: 0,
    drained:
      assignment.activation.drain &&
      assignment.intent === 'activate' &&
      (live === undefined || record.work?.drained === true),
    failure: undefined,
    standby: before,
  };
  const work = planned(base, observed, false);
  // To stage something does not put a node back into load by itself, as to activate something does.
  const plan = assignment.intent === 'stage' ? [...loadPlan(record, standby, live), ...work.plan] : work.plan;
  return { ...record, highest: assignment.generation, interrupted: '', standby, work: { ...work, plan } };
}

/** The steps into load, or out of it, of a node that is only to stage something. */
function loadPlan(record: AppRecord, standby: boolean, live: StagedRelease | undefined): readonly Step[] {
  if (standby !== wasStandby(record)) return trafficPlan(record.app, live, standby);
  const left = record.work !== undefined && hasLeft(record.work);
  return left ? rejoinPlan(record.app, standby ? undefined : live) : [];
}

/** Out of load for sure: what was to take it out has come to its end. */
const wasStandby = ({ standby, work }: AppRecord): boolean =>
  standby === true && (work === undefined || work.standby === true);

/** Out of load at once; into it at once only if what is to take requests serves already, else when it has proved itself. */
const isStandby = (record: AppRecord, { intent, standby }: Assignment, same: boolean): boolean =>
  standby === true || (intent === 'activate' && record.standby === true && !same);

/** @param fresh this very work has just staged the release */
function planned(work: Work, observed: Observed, fresh: boolean): Work {
  const { assignment, dir, from, previousBefore } = work;
  const live = releaseIn(observed, observed.current);
  if (assignment.intent === 'remove') {
    return { ...work, plan: removalPlan(assignment.app, live, assignment.activation.drain) };
  }
  const target = releaseIn(observed, dir);
  if (target === undefined) return { ...work, plan: stagePlan(assignment, dir), provisional: true };
  if (assignment.intent === 'stage') return { ...work, plan: [], provisional: false };
  const serving = observed.serving !== undefined;
  const standby = work.standby === true;
  const plan = activationPlan({ assignment, target, live, from, previousBefore, serving, fresh, standby });
  return { ...work, plan, provisional: false };
}

/** When a plan has come to its end: the rest of it, now that the release's spec is known, or the verdict. */
function advance(record: AppRecord, observed: Observed): AppRecord {
  const { work } = record;
  if (work === undefined || work.at < work.plan.length) return record;
  if (!work.provisional) return settle(record, work, endOf(work));
  const target = releaseIn(observed, work.dir);
  const next = planned({ ...work, at: 0, begun: false, attempts: 0 }, observed, true);
  const afterStage = target === undefined ? [] : hookStep(target, 'afterStage', observed.current);
  const replanned = {
    ...record,
    work: { ...next, plan: next.provisional ? next.plan : [...afterStage, ...next.plan] },
  };
  return advance(replanned, observed);
}

function endOf(work: Work): Verdict {
  if (work.direction === 'back') {
    const switched = work.plan.some((step) => step.action === 'swap');
    return work.from === undefined || !switched ? 'failed' : 'turnedBack';
  }
  const ends = { stage: 'staged', activate: 'healthy', remove: 'removed' } as const;
  return ends[work.assignment.intent];
}

/**
 * Ends the work. A verdict is for good: neither a restart nor the same desired state tries again. A node that could not
 * turn back is inconsistent until an activation ends well, whatever else is tried meanwhile.
 */
export function settle({ inconsistent, ...record }: AppRecord, work: Work, verdict: Verdict): AppRecord {
  const { assignment, failure } = work;
  const stays = inconsistent !== undefined && verdict === 'failed' && assignment.intent === 'activate';
  const phase = stays ? 'inconsistent' : verdict;
  const isOver = phase === 'healthy' || phase === 'turnedBack' || phase === 'removed';
  const why = phase === 'inconsistent' ? (inconsistent ?? failure?.reason) : inconsistent;
  const before = stays ? `; before that, ${inconsistent}` : '';
  return {
    ...record,
    ...(isOver || why === undefined ? {} : { inconsistent: why }),
    work: undefined,
    interrupted: '',
    settled: {
      generation: assignment.generation,
      phase,
      failure: failure && { ...failure, reason: `${failure.reason}${before}` },
      ...(work.pastReturn === true ? { pastReturn: true } : {}),
    },
    lastGood: phase === 'healthy' ? work.dir : phase === 'removed' ? undefined : record.lastGood,
  };
}

/** The release that is live and whose service nobody keeps running: after a reboot, or when its keeper died. */
export function deadService(record: AppRecord, observed: Observed): string | undefined {
  const live = releaseIn(observed, observed.current);
  if (live === undefined || live.spec.service.kind === 'none') return undefined;
  return observed.serving === undefined && record.settled?.phase !== 'removed' ? live.dir : undefined;
}

/** From then on the service is to run, also if the host went down and came up in the middle of the check. */
const hasStarted = ({ plan, at }: Work): boolean =>
  plan.slice(0, at).some(({ action }) => action === 'start');

const revive = (dir: string): Step => ({ action: 'revive', dir });

function collect({ record, wanted, observed, keep }: ReconcileInput): Step | undefined {
  if (record.work !== undefined || observed.pruneFailed) return undefined;
  const removed = record.settled?.phase === 'removed';
  const names = removed
    ? []
    : [observed.current, observed.previous, record.lastGood, record.lastFailed, wanted?.dir];
  const needed = new Set(names.filter((name) => name !== undefined));
  const dirs = removable(observed.releases, needed, removed ? 0 : keep);
  return dirs.length === 0 ? undefined : { action: 'prune', dirs };
}
