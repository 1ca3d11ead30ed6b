import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import { Tally } from '../../core/limits/tally.js';

/** What somebody was refused, or cut off for. */
type Refusal =
  | 'connections' // more than a port, or one caller, may have
  | 'introduction' // it did not say in time who it is
  | 'calls' // too often, or too many at once
  | 'strangers' // too many calls from an address that shows neither token nor certificate
  | 'request' // begun, and not sent to its end in time
  | 'reader' // does not take what it asked for
  | 'descriptors'; // the process has none left

const lookEveryMs = 5000;

/** Tells the log who runs into limits: the first time at once, then once a minute how often since. */
export class Refusals {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #logger: Logger;
  readonly #tally = new Tally();
  readonly #timer: NodeJS.Timeout;

  constructor({ clock, logger }: { readonly clock: Pick<Clock, 'monotonic'>; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
    this.#timer = setInterval(() => {
      for (const refused of this.#tally.due(clock.monotonic())) logger.warn('limited', { ...refused });
    }, lookEveryMs).unref();
  }

  note(what: Refusal, who: string): void {
    const refused = this.#tally.note(what, who, this.#clock.monotonic());
    if (refused !== undefined) this.#logger.warn('limited', { ...refused });
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
