import fc from 'fast-check';
import { invariants } from './invariants.js';
import { keepAs } from './keep.js';
import { play } from './run.js';
import { scenario } from './scenario.js';

/** What to look at, and how. */
export interface Look {
  /** The first one. */
  readonly seed: number;
  readonly runs: number;
  /** What is found is not made smaller. */
  readonly first: boolean;
  /** What is found is kept under this name. */
  readonly keep: string | undefined;
  readonly say: (line: string) => void;
}

/** Where scenarios of the engine are kept that once went wrong. */
export const engineRegressions = new URL('./regressions/', import.meta.url);

/**
 * The engine by itself, many times faster than a whole site: every decision is judged, and made once more by a
 * coordinator that has just been started.
 * @returns false if an invariant did not hold
 */
export async function tryEngine({ seed, runs, first, keep, say }: Look): Promise<boolean> {
  const started = process.hrtime.bigint();
  let events = 0;
  const counted = invariants.map((invariant, at) => ({
    ...invariant,
    step: (...args: Parameters<typeof invariant.step>) => {
      if (at === 0) events += 1;
      return invariant.step(...args);
    },
  }));
  const property = fc.property(scenario, (one) => {
    play(one, counted);
  });
  const result = fc.check(property, { seed, numRuns: runs, endOnFailure: first });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.failed) {
    const { errorInstance } = result;
    say(fc.defaultReportMessage(result) ?? '');
    say(errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance));
    const [found] = result.counterexample ?? [];
    if (keep !== undefined) await keepAs(new URL(`${keep}.json`, engineRegressions), found, say);
    say(`failed after ${result.numRuns} runs: npm run sim -- --stage engine --runs ${runs} --seed ${seed}`);
    return false;
  }
  for (const { name } of invariants) say(`held  ${name}`);
  say(
    `engine: ${runs} runs, ${events} events, seed ${seed}: every invariant held after every event; ${Math.round(runs / seconds)} runs/s`,
  );
  return true;
}
