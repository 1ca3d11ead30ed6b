import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { StateStore } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { tidy } from './tidy.js';

/** How often it is looked for what nobody needs any more, and for the rest of it where there was much. Up-time. */
const everyMs = 3_600_000;
const againMs = 1000;
/** Ended rollouts kept of each environment, and how long an answer to an idempotency key is. */
const keptRollouts = 200;
const answersForMs = 24 * 3_600_000;

interface UpkeepOptions {
  readonly store: Pick<StateStore, 'prune'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** How long events and decommissioned nodes are known, in milliseconds; undefined or 0: for ever. */
  readonly keepMs: number | undefined;
  readonly inBackground: (run: (batch: Batch) => void) => void;
}

/** Keeps what grows with time from growing without end: a little at a time, beside all else. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #pruneAt = Number.NEGATIVE_INFINITY;
  #tidyAt: number | undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** @param up up-time in milliseconds */
  turn(up: number): void {
    // Who was decommissioned and still asks to be let in has done so long before.
    this.#tidyAt ??= up + everyMs;
    if (up >= this.#tidyAt) {
      this.#tidyAt = up + everyMs;
      this.#options.inBackground((batch) => {
        if (tidy(batch, this.#since(batch.now))) this.#tidyAt = up + againMs;
      });
    }
    if (up < this.#pruneAt) return;
    this.#pruneAt = up + everyMs;
    this.#prune().then(
      (isMore) => {
        if (isMore) this.#pruneAt = up + againMs;
      },
      (error: unknown) => {
        this.#options.logger.error('prune.failed', { error });
      },
    );
  }

  #prune(): Promise<boolean> {
    const { store, clock } = this.#options;
    const now = clock.now();
    return store.prune({
      ...{ rollouts: keptRollouts, answersBefore: now - answersForMs },
      ...{ eventsBefore: this.#since(now), now },
    });
  }

  #since(now: number): number | undefined {
    const { keepMs = 0 } = this.#options;
    return keepMs === 0 ? undefined : now - keepMs;
  }
}
