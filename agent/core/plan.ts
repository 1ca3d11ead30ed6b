import type { Assignment } from '../../shared/model/desired-state.js';
import type { AppName } from '../../shared/model/ids.js';
import type { HookName } from '../../shared/model/release-spec.js';
import type { StagedRelease, Work } from './record.js';
import { type Step, traitsOf } from './steps.js';

export interface ActivationInput {
  readonly assignment: Assignment;
  readonly target: StagedRelease;
  /** What `current` resolves to. */
  readonly live: StagedRelease | undefined;
  /** Where a failure turns back to: what `previous` will point at. */
  readonly from: string | undefined;
  /** What `previous` points at before. */
  readonly previousBefore: string | undefined;
  /** A service of the application is being kept running. */
  readonly serving: boolean;
  /** The target was staged by this very work, a moment ago. */
  readonly fresh: boolean;
  /** The node is out of load already, by an earlier assignment. */
  readonly standby: boolean;
}

/**
 * The steps from what is live to the wanted release. A release without a service is only swapped: nothing stops, so
 * there is no gap. The same directory again is swapped to nothing new: its service is restarted if asked for, else only
 * made sure of and checked. A unit of systemd that can reload is told to when the new release is in place: nothing stops either.
 * What serves already and is only to take requests, or none, is not touched.
 */
export function activationPlan(input: ActivationInput): readonly Step[] {
  const { assignment, target, live, from, previousBefore, serving, fresh, standby } = input;
  const { app, activation } = assignment;
  const idle = assignment.standby === true;
  const same = live?.dir === target.dir;
  const starts = target.spec.service.kind !== 'none';
  // Also if it does not run just now: until then it may have been revived.
  const hasService = serving || (live !== undefined && live.spec.service.kind !== 'none');
  const stops = hasService && (activation.restart || !(same || reloads(live, target)));
  const changes = !same || stops;
  if (!changes && idle !== standby && (serving || !starts)) return trafficPlan(app, live, idle);
  const hook = (name: HookName): readonly Step[] => hookStep(target, name, from);
  const steps: Step[] = [];
  if (!fresh && !same) steps.push({ action: 'verify', dir: target.dir, mend: true });
  if (from !== undefined && from !== target.dir) steps.push({ action: 'verify', dir: from, mend: false });
  steps.push({ action: 'preflight', dir: target.dir }, ...hook('preflight'));
  if (target.spec.templates !== undefined && (changes || !serving))
    steps.push({ action: 'render', dir: target.dir });
  if (assignment.database === true && target.spec.database !== undefined)
    steps.push({ action: 'database', dir: target.dir, reversible: target.spec.database.reversible });
  if ((activation.drain || idle) && !standby && changes && live !== undefined) {
    steps.push(...hook('beforeDrain'), { action: 'drain', waitMs: live.spec.drain.waitMs });
  }
  if (stops) steps.push(...hook('beforeStop'), { action: 'stop', app }, ...hook('afterStop'));
  if (!same) {
    const previous = from === target.dir ? previousBefore : from;
    steps.push(...hook('beforeSwap'), { action: 'swap', to: target.dir, previous }, ...hook('afterSwap'));
  }
  if (starts) {
    const hooks = changes || !serving;
    if (hooks) steps.push(...hook('beforeStart'));
    steps.push({ action: 'start', dir: target.dir });
    if (hooks) steps.push(...hook('afterStart'));
  }
  steps.push(checkOf(target.dir, assignment), ...hook('afterHealthy'));
  steps.push({ action: 'rejoin', app }, ...(idle ? [] : hook('afterRejoin')));
  return steps;
}

/** Takes what serves out of load or back into it, and leaves it running. */
export function trafficPlan(app: AppName, live: StagedRelease | undefined, idle: boolean): readonly Step[] {
  if (!idle) return rejoinPlan(app, live);
  if (live === undefined) return [];
  return [...hookStep(live, 'beforeDrain', undefined), { action: 'drain', waitMs: live.spec.drain.waitMs }];
}

/** True if the unit that runs takes up the new release by itself when it is told to reload. */
function reloads(live: StagedRelease | undefined, target: StagedRelease): boolean {
  const [before, after] = [live?.spec.service, target.spec.service];
  if (before?.kind !== 'systemd' || after.kind !== 'systemd') return false;
  return after.reload === true && before.unit === after.unit;
}

/**
 * Back into load where an activation ended before it stopped anything: with the hook of what serves, for else the node
 * would stay out of whatever load balancer a hook has taken it out of.
 * @param live undefined: its hook is not to be run
 */
export const rejoinPlan = (app: AppName, live: StagedRelease | undefined): readonly Step[] => [
  { action: 'rejoin', app },
  ...(live === undefined ? [] : hookStep(live, 'afterRejoin', undefined)),
];

/** True once the node was, or may have been, taken out of load. */
export const hasLeft = ({ plan, at, begun }: Pick<Work, 'plan' | 'at' | 'begun'>): boolean =>
  plan
    .slice(0, begun ? at + 1 : at)
    .some((step) => step.action === 'drain' || (step.action === 'hook' && step.hook === 'beforeDrain'));

/**
 * The steps back, from wherever an activation stopped: every one of them does nothing where nothing is to do. The
 * failed release's own hooks are not run, for they must not be able to block the way (codedeploy#348); those of the
 * release that it goes back to are, from the swap on.
 * @param from undefined: there is nothing to go back to, so the node ends with no release at all
 * @param standby it stays out of load
 */
export function turnBackPlan(
  assignment: Assignment,
  from: StagedRelease | undefined,
  previousBefore: string | undefined,
  standby: boolean,
): readonly Step[] {
  const { app } = assignment;
  const hook = (name: HookName): readonly Step[] =>
    from === undefined ? [] : hookStep(from, name, undefined);
  const steps: Step[] = [
    { action: 'stop', app },
    ...hook('beforeSwap'),
    { action: 'swap', to: from?.dir, previous: previousBefore },
    ...hook('afterSwap'),
  ];
  if (from === undefined) return steps;
  if (from.spec.service.kind !== 'none') {
    steps.push(...hook('beforeStart'), { action: 'start', dir: from.dir }, ...hook('afterStart'));
  }
  steps.push(checkOf(from.dir, assignment), ...rejoinPlan(app, standby ? undefined : from));
  return steps;
}

export function removalPlan(app: AppName, live: StagedRelease | undefined, drain: boolean): readonly Step[] {
  const steps: Step[] = [];
  if (drain && live !== undefined) steps.push({ action: 'drain', waitMs: live.spec.drain.waitMs });
  steps.push({ action: 'stop', app }, { action: 'swap', to: undefined, previous: undefined });
  return steps;
}

/** The steps that bring a release onto the disk. */
export const stagePlan = (assignment: Assignment, dir: string): readonly Step[] => [
  { action: 'stage', dir, release: assignment.release },
];

export function hookStep(
  release: StagedRelease,
  name: HookName,
  previous: string | undefined,
): readonly Step[] {
  if (release.spec.hooks[name] === undefined) return [];
  return [{ action: 'hook', dir: release.dir, hook: name, previous }];
}

const checkOf = (dir: string, { activation }: Assignment): Step => ({
  action: 'check',
  dir,
  minHealthyTimeMs: activation.minHealthyTimeMs,
  deadlineMs: activation.healthDeadlineMs,
});

/**
 * The work is about what has served on this node and is there still: it was trusted then, and a node must be able to go
 * back to it.
 */
export const hasServed = ({ dir, from, previousBefore }: Work): boolean =>
  dir === from || dir === previousBefore;

/** True once a step that cannot just be dropped has begun. */
export const isCommitted = (plan: readonly Step[], at: number, begun: boolean): boolean =>
  plan.slice(0, begun ? at + 1 : at).some((step) => traitsOf(step).commits);
