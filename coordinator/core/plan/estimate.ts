import type { RolloutTimings } from '../rollout/types/rollout.js';
import type { Millis } from '../rollout/types/time.js';

export interface Estimate {
  /** Until a node has the release on its disk, and from there until it can be judged. */
  readonly fetchMs: Millis;
  readonly changeMs: Millis;
  /** How many nodes that was seen on; 0: nowhere, it is a guess. */
  readonly nodes: number;
}

/** Of a fleet that has never been seen to deploy. */
const guess = { fetchMs: 30_000, changeMs: 30_000 };
/** Nothing takes less: what took less was over before a report could tell when it began. */
const leastMs = 100;

/**
 * How long nodes take, by what earlier rollouts of the environment saw.
 * @param took newest first; as many are looked at as there are
 */
export function estimate(took: readonly (RolloutTimings | undefined)[]): Estimate {
  const mean = (kind: keyof RolloutTimings): { readonly nodes: number; readonly ms: Millis | undefined } => {
    const seen = took.flatMap((timings) => timings?.[kind] ?? []);
    const nodes = seen.reduce((sum, timing) => sum + timing.nodes, 0);
    const ms = seen.reduce((sum, timing) => sum + timing.ms, 0);
    return { nodes, ms: nodes === 0 ? undefined : Math.max(leastMs, Math.round(ms / nodes)) };
  };
  const [fetch, change] = [mean('fetch'), mean('change')];
  return {
    fetchMs: fetch.ms ?? guess.fetchMs,
    changeMs: change.ms ?? guess.changeMs,
    nodes: change.nodes,
  };
}
