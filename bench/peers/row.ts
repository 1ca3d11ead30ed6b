import { median } from '../support/figures.js';
import type { Spreads } from './bed.js';
import type { Spread } from './spread.js';

/** One way to spread both releases: medians. */
export interface Row {
  readonly name: string;
  readonly runs: number;
  readonly cold: Spread;
  readonly update: Spread;
}

export function rowOf(name: string, results: readonly Spreads[]): Row {
  const of = (spreads: readonly Spread[]): Spread => ({
    seconds: median(spreads.map(({ seconds }) => seconds)),
    originBytes: median(spreads.map(({ originBytes }) => originBytes)),
  });
  return {
    name,
    runs: results.length,
    cold: of(results.map(([cold]) => cold)),
    update: of(results.map(([, update]) => update)),
  };
}
