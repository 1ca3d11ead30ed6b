/** How often somebody may do something. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a pause; at least 1. */
  readonly burst: number;
}

interface Bucket {
  readonly tokens: number;
  /** Milliseconds. */
  readonly at: number;
}

/** Counts who does something too often: a bucket for each, which fills at the rate and is drawn from each time. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #max: number;
  /** Who was asked about longest ago comes first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param max so many buckets are kept; who is forgotten begins with a full one, as anybody new */
  constructor(rate: Rate, max: number) {
    this.#rate = rate;
    this.#max = max;
  }

  /** How many are kept. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * @param now milliseconds of a clock that never goes back
   * @returns 0 if it may be done now; otherwise how long until it may. Milliseconds
   */
  take(subject: string, now: number): number {
    const { perSecond, burst } = this.#rate;
    const { tokens: left, at } = this.#buckets.get(subject) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, left + ((now - at) * perSecond) / 1000);
    const isTaken = tokens > 1 - 1e-9; // sums of fractions are never exact
    this.#buckets.delete(subject); // so that it comes last
    this.#buckets.set(subject, { tokens: isTaken ? tokens - 1 : tokens, at: now });
    this.#forget();
    return isTaken ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
  }

  #forget(): void {
    for (const subject of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#max) return;
      this.#buckets.delete(subject);
    }
  }
}
