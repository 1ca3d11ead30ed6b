import type { Clock } from '../../../shared/ports/clock.js';
import type { VerifyResult } from '../../stager/protocol.js';

/** For so long what a staging found out about the live release counts as what it is like now. Milliseconds. */
const newsMs = 60_000;

/** What the last staging found out about the live release: for the activation that follows, and used once. */
export class LiveVerdict {
  readonly #clock: Clock;
  #news: { readonly dir: string; readonly result: VerifyResult; readonly untilMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(dir: string, result: VerifyResult): void {
    this.#news = { dir, result, untilMs: this.#clock.monotonic() + newsMs };
  }

  /** Undefined: nothing is known of this release that is still news. */
  take(dir: string): VerifyResult | undefined {
    const news = this.#news;
    this.#news = undefined;
    return news?.dir === dir && this.#clock.monotonic() < news.untilMs ? news.result : undefined;
  }

  forget(): void {
    this.#news = undefined;
  }
}
