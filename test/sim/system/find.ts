import fc from 'fast-check';
import { play } from './play.js';
import { type Scenario, scenario } from './scenario.js';

export interface Found {
  readonly seed: number;
  /** The smallest scenario with which something is still wrong, and what. */
  readonly scenario: Scenario;
  readonly violation: string;
}

/** Looking for the smallest one ends after this long. Milliseconds. */
const shrinkMs = 60_000;

/**
 * Plays the scenario of one seed; if something is wrong, looks for the smallest one in which something is.
 * @param first does not
 */
export async function tryOne(seed: number, first = false): Promise<Found | undefined> {
  const property = fc.asyncProperty(scenario, async (one) => {
    const { violation } = await play(one);
    if (violation !== undefined) throw new Error(violation);
  });
  const options = {
    ...{ seed, numRuns: 1, endOnFailure: first },
    ...{ interruptAfterTimeLimit: shrinkMs, markInterruptAsFailure: false },
  };
  const { counterexample, errorInstance } = await fc.check(property, options);
  if (counterexample === null) return undefined;
  const violation = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { seed, scenario: counterexample[0], violation };
}
