import type { Millis } from './time.js';

/** What holds something up. */
export interface Constraint {
  readonly sentence: string;
  readonly since: Millis | undefined;
  /** False if nothing does, and the sentence says so. */
  readonly holds: boolean;
}

/** An answer to `why`. */
export interface Explanation {
  /** One sentence: the exact constraint that holds it up, or that nothing does. */
  readonly answer: string;
  readonly details: readonly string[];
  readonly since: Millis | undefined;
  /** False if nothing holds it up. */
  readonly holds: boolean;
  readonly hint: string;
  readonly logTail: string;
}
