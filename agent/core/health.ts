import { formatDuration } from '../../shared/core/duration.js';
import type { HealthVerdict } from '../../shared/model/node-status.js';
import type { ProbeTiming } from '../../shared/model/release-spec.js';

/** The verdict of one probe, and how many results in a row speak against it. */
export interface ProbeState {
  readonly verdict: HealthVerdict;
  readonly against: number;
  /** What the last failed try said; '' after a success. */
  readonly complaint: string;
  /** It has succeeded since the service was started. */
  readonly proven: boolean;
}

export const unknownProbe: ProbeState = { verdict: 'unknown', against: 0, complaint: '', proven: false };

/** What holds of a probe before its first result, if this was the verdict when it was last looked. */
export const rememberedProbe = (verdict: HealthVerdict): ProbeState => ({
  ...unknownProbe,
  verdict,
  proven: verdict !== 'unknown',
});

/** The service was started anew by itself. With a start period, the probe's verdict was about the run before. */
export const restartedProbe = (state: ProbeState, { startPeriodMs = 0 }: ProbeTiming): ProbeState =>
  startPeriodMs === 0 ? state : unknownProbe;

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly complaint: string };

/**
 * `rise` successes in a row turn anything healthy, `fall` failures in a row turn anything unhealthy. Failures within
 * the start period do not count before the first success.
 * @param sinceStartMs how long ago the service was started
 */
export function foldProbe(
  state: ProbeState,
  result: ProbeResult,
  timing: ProbeTiming,
  sinceStartMs: number,
): ProbeState {
  const towards: HealthVerdict = result.ok ? 'healthy' : 'unhealthy';
  const complaint = result.ok ? '' : result.complaint;
  const proven = state.proven || result.ok;
  if (!proven && sinceStartMs < (timing.startPeriodMs ?? 0)) return { ...state, complaint };
  if (state.verdict === towards) return { verdict: towards, against: 0, complaint, proven };
  // From `unknown` successes and failures are counted apart: positive for the one, negative for the other.
  const sign = result.ok ? 1 : -1;
  const count = Math.sign(state.against) === sign ? state.against + sign : sign;
  const needed = result.ok ? timing.rise : timing.fall;
  if (Math.abs(count) >= needed) return { verdict: towards, against: 0, complaint, proven };
  return { verdict: state.verdict, against: count, complaint, proven };
}

/** All probes together: the worst one speaks. Without probes, a thing that runs is healthy. */
export function overall(probes: readonly ProbeState[]): HealthVerdict {
  if (probes.some((probe) => probe.verdict === 'unhealthy')) return 'unhealthy';
  return probes.every((probe) => probe.verdict === 'healthy') ? 'healthy' : 'unknown';
}

/** How a service may exit before a check gives it up, without waiting for the deadline. */
const maxExitsInCheck = 3;

export interface CheckFacts {
  /** All times in milliseconds on one monotonic clock. */
  readonly startedAt: number;
  readonly now: number;
  /** Since when it has been healthy without a break; undefined if it is not now. */
  readonly healthySince: number | undefined;
  /** Exits of the service since `startedAt`. */
  readonly exits: number;
  /** How the last one went ("exit code 1"). */
  readonly lastExit: string;
  /** It does not run, and nobody will start it again by himself. */
  readonly over: boolean;
  /** What the probes complain of; '' if nothing. */
  readonly complaint: string;
}

export type CheckVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly untilMs: number };

/** Judges the check of an activation; `waiting` says when to judge again if nothing happens before. */
export function judgeCheck(
  facts: CheckFacts,
  policy: { readonly minHealthyTimeMs: number; readonly deadlineMs: number },
): CheckVerdict {
  const { startedAt, now, healthySince, exits, lastExit, over, complaint } = facts;
  if (over) return { kind: 'failed', reason: `the service does not run any more: ${lastExit}` };
  if (exits >= maxExitsInCheck) {
    return { kind: 'failed', reason: `the service exited ${exits} times (last: ${lastExit})` };
  }
  const goodAt = healthySince === undefined ? Infinity : healthySince + policy.minHealthyTimeMs;
  if (now >= goodAt) return { kind: 'passed' };
  const deadline = startedAt + policy.deadlineMs;
  if (now < deadline) return { kind: 'waiting', untilMs: Math.min(goodAt, deadline) };
  const within = `within ${formatDuration(policy.deadlineMs)}`;
  if (healthySince !== undefined) {
    const needed = formatDuration(policy.minHealthyTimeMs);
    return { kind: 'failed', reason: `it was not healthy for ${needed} without a break ${within}` };
  }
  const because = complaint === '' ? (exits > 0 ? `: ${lastExit}` : '') : `: ${complaint}`;
  return { kind: 'failed', reason: `it was not healthy ${within}${because}` };
}
