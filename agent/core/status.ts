import type { Digest } from '../../shared/model/ids.js';
import { messageLimits } from '../../shared/model/messages.js';
import type { AppStatus, HealthVerdict, NodePhase, ReleaseId } from '../../shared/model/node-status.js';
import { opinionOf } from './opinion.js';
import { type AppRecord, type Observed, releaseIn, type Work } from './record.js';
import { traitsOf } from './steps.js';

/** What only the running agent knows. */
export interface LiveFacts {
  readonly health: HealthVerdict;
  /** Why it waits, or what is wrong with what serves; '' if nothing. */
  readonly note: string;
  readonly fetched: AppStatus['fetched'];
  readonly drift?: AppStatus['drift'] | undefined;
  /** How often the service has ended by itself since it was started. */
  readonly exits?: number;
}

/** The level that a node reports about an application. */
export function statusOf(record: AppRecord, observed: Observed, live: LiveFacts): AppStatus {
  const { work, settled } = record;
  return {
    app: record.app,
    generation: work?.assignment.generation ?? settled?.generation ?? 0,
    phase: phaseOf(record),
    health: live.health,
    ready: opinionOf(record, observed, { verdict: live.health, complaint: '' }).kind === 'ready',
    current: idOf(observed, observed.current),
    previous: idOf(observed, observed.previous),
    staged: stagedDigests(observed),
    failure: work === undefined ? settled?.failure : work.failure,
    note: [
      turning(work),
      recovered(record, live),
      standing(record, observed),
      record.interrupted,
      work?.doubt ?? '',
      live.note,
    ]
      .filter((part) => part !== '')
      .join('; '),
    fetched: live.fetched,
    fetchedFrom: record.fetchedFrom ?? [],
    ...((work ?? settled)?.pastReturn === true ? { pastReturn: true } : {}),
    ...(record.standby === true ? { standby: true } : {}),
    ...(live.drift === undefined ? {} : { drift: live.drift }),
    ...(live.exits === undefined || live.exits === 0 ? {} : { restarts: live.exits }),
  };
}

/** What a node that could neither go on nor turn back has now; '' for all others. */
function standing({ work, inconsistent }: AppRecord, observed: Observed): string {
  if (work !== undefined || inconsistent === undefined) return '';
  const live = releaseIn(observed, observed.current);
  const what = live === undefined ? 'no release is in place' : `${live.release.version} is in place`;
  const runs = observed.serving === undefined ? 'no service runs' : 'a service runs';
  const service = live?.spec.service.kind === 'none' ? '' : `, ${runs}`;
  return `${what}${service}; it stays out of load until another deployment ends well`;
}

/** A verdict is for good, though what failed it may have gone away since; '' if it did not. */
function recovered({ work, settled }: AppRecord, { health }: LiveFacts): string {
  const step = work === undefined && settled?.phase === 'failed' ? settled.failure?.step : undefined;
  return health === 'healthy' && (step === 'start' || step === 'check')
    ? 'by now what serves is healthy'
    : '';
}

const turning = (work: Work | undefined): string => (work?.direction === 'back' ? 'turning back' : '');

/** The newest first as many as a report may name. */
function stagedDigests({ releases }: Observed): readonly Digest[] {
  const newestFirst = [...releases].sort((a, b) => b.order - a.order);
  return [...new Set(newestFirst.map(({ release }) => release.digest))].slice(0, messageLimits.staged);
}

/** `staged` is the end of an assignment to stage; on the way to an activation the phase stays `staging` until it goes on. */
function phaseOf({ work, settled }: AppRecord): NodePhase {
  if (work === undefined) return settled?.phase ?? 'idle';
  // Of a plan that has come to its end, until it is settled: what was done last.
  const step = work.plan[work.at] ?? work.plan.at(-1);
  if (step === undefined) return 'staging';
  return traitsOf(step).phase;
}

const idOf = (observed: Observed, dir: string | undefined): ReleaseId | undefined =>
  releaseIn(observed, dir)?.release;
