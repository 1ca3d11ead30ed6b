import type { Sample } from '../support/load-balancer.js';

/**
 * The most backends that were surely out of service at one instant. Between two rounds of checks a backend is
 * surely out if both rounds found it out; a single bad answer in a round may be a moment older than the good
 * answer of another backend in the same round.
 */
export function mostOut(samples: readonly Sample[], names: readonly string[]): number {
  let most = 0;
  for (let index = 1; index < samples.length; index += 1) {
    const [before, after] = [samples[index - 1], samples[index]];
    const out = names.filter((name) => !before?.serving.has(name) && !after?.serving.has(name));
    most = Math.max(most, out.length);
  }
  return most;
}

/** Rounds of checks, counted from 0: the first that found one of `names` out, and the first of no return to it. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/** From when until when anybody of a group was out of service; undefined if nobody ever was. */
export function outageOf(samples: readonly Sample[], names: readonly string[]): Outage | undefined {
  const isOut = (sample: Sample): boolean => names.some((name) => !sample.serving.has(name));
  const from = samples.findIndex(isOut);
  if (from === -1) return undefined;
  return { from, until: samples.findLastIndex(isOut) + 1 };
}

/** The longest time between two rounds: whoever samples every 50 ms must show that it did. Milliseconds. */
export function longestGapMs(samples: readonly Sample[]): number {
  return samples.reduce((longest, sample, index) => {
    const before = samples[index - 1];
    return before === undefined ? longest : Math.max(longest, sample.atMs - before.atMs);
  }, 0);
}
