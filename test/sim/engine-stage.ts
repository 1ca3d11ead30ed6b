import fc from 'fast-check';
import { invariants } from './invariants.js';
import { play } from './run.js';
import { scenario } from './scenario.js';

/**
 * The engine by itself, many times faster than a whole site: every decision is judged, and made once more by a
 * coordinator that has just been started.
 * @returns false if an invariant did not hold
 */
export function tryEngine(seed: number, runs: number, say: (line: string) => void): boolean {
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
  const result = fc.check(property, { seed, numRuns: runs });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.failed) {
    const { errorInstance } = result;
    say(fc.defaultReportMessage(result) ?? '');
    say(errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance));
    say(`failed after ${result.numRuns} runs: npm run sim -- --stage engine --runs ${runs} --seed ${seed}`);
    return false;
  }
  for (const { name } of invariants) say(`held  ${name}`);
  say(
    `engine: ${runs} runs, ${events} events, seed ${seed}: every invariant held after every event; ${Math.round(runs / seconds)} runs/s`,
  );
  return true;
}
