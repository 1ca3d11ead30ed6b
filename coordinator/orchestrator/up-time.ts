import type { Clock } from '../../shared/ports/clock.js';

/** Two looks at the clock that lie further apart than this mean that the process was stopped. Milliseconds. */
const frozenAfterMs = 5000;

/**
 * How long the database has been served: the clock that deadlines are kept in. It stands still while the process is
 * down or stopped, whoever looks first afterwards, so that time away is no node's fault. Never goes back.
 *
 * It must be looked at all the time, more often than every 5 s, or it stands still as well.
 */
export class UpTime {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #up: number;
  #lookedAt: number;

  /** @param up where it stood when it was last written down. Milliseconds */
  constructor(clock: Pick<Clock, 'monotonic'>, up: number) {
    this.#clock = clock;
    this.#up = up;
    this.#lookedAt = clock.monotonic();
  }

  /** Whole milliseconds. */
  now(): number {
    const at = this.#clock.monotonic();
    const passed = at - this.#lookedAt;
    this.#lookedAt = at;
    if (passed <= frozenAfterMs) this.#up += passed;
    return Math.round(this.#up);
  }
}
