import { CapstanError } from '../../model/errors.js';
import { type ObjectKey, objectPath } from '../object-key.js';

/** How long a claim holds: longer than any publishing takes. */
const claimMs = 24 * 3_600_000;
/** Of all publishers together. */
const maxClaims = 500_000;

/**
 * What publishers under way refer to. A publisher claims the objects of its release *before* it looks which of them are there
 * already; whoever removes objects asks here, object by object. So none is removed between a publisher's look and its
 * registration, however the two are interleaved, and neither waits for the other but for one removal that has begun.
 */
export class Claims {
  readonly #now: () => number;
  /** Until when, by path; renewed claims move to the end, so that those that end first come first. */
  readonly #until = new Map<string, number>();
  readonly #removals = new Map<string, Promise<unknown>>();

  /** @param now milliseconds, never going back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Resolves once it is certain that what is there stays.
   * @throws CapstanError `unavailable` if far too much is claimed
   */
  async claim(keys: readonly ObjectKey[]): Promise<void> {
    this.#forgetEnded();
    const paths = keys.map(objectPath);
    if (this.#until.size + paths.length > maxClaims) {
      throw new CapstanError('unavailable', 'too many objects are being published at once', {
        retryAfterMs: 10_000,
      });
    }
    for (const path of paths) {
      this.#until.delete(path);
      this.#until.set(path, this.#now() + claimMs);
    }
    await Promise.allSettled(paths.flatMap((path) => this.#removals.get(path) ?? []));
  }

  has(key: ObjectKey): boolean {
    const until = this.#until.get(objectPath(key));
    return until !== undefined && until > this.#now();
  }

  /** Removes an object unless somebody claims it. @returns whether it was removed */
  async remove(key: ObjectKey, remove: () => Promise<void>): Promise<boolean> {
    if (this.has(key)) return false;
    const path = objectPath(key);
    const removal = remove();
    this.#removals.set(path, removal);
    try {
      await removal;
      return true;
    } finally {
      this.#removals.delete(path);
    }
  }

  #forgetEnded(): void {
    const now = this.#now();
    for (const [path, until] of this.#until) {
      if (until > now) return;
      this.#until.delete(path);
    }
  }
}
