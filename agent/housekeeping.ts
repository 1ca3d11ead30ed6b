import { nextDelay } from '../shared/core/backoff.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Random } from '../shared/ports/random.js';
import type { Observed } from './core/record.js';
import type { Step } from './core/steps.js';
import type { Outcome } from './core/transitions.js';

const leastReviveMs = 1000;
const retry = { baseMs: 500, capMs: 30_000 };

/** What is not part of any work, the revival of a service and pruning: its failures fail nothing, and it is tried again later. */
export class Housekeeping {
  readonly #clock: Clock;
  readonly #random: Random;
  #reviveAfter = 0;
  #reviveDelayMs = 0;
  #pruneFailed = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  facts(): Pick<Observed, 'reviveAfter' | 'pruneFailed'> {
    return { reviveAfter: this.#reviveAfter, pruneFailed: this.#pruneFailed };
  }

  /** To be called after each step, of whatever kind. */
  note(step: Step, outcome: Outcome): void {
    this.#pruneFailed = step.action === 'prune' && outcome.kind === 'failed';
    if (step.action !== 'revive') return;
    const isDone = outcome.kind === 'done';
    this.#reviveDelayMs = isDone ? 0 : nextDelay(this.#reviveDelayMs, this.#random.next(), retry);
    this.#reviveAfter = this.#clock.monotonic() + Math.max(leastReviveMs, this.#reviveDelayMs);
  }
}
