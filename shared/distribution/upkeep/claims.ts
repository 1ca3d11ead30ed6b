import { CapstanError } from '../../model/errors.js';
import { type ObjectKey, objectPath } from '../object-key.js';

/** How long a claim holds whose publisher is never heard of again: longer than any publishing takes. */
const claimMs = 24 * 3_600_000;
/** Of all publishers together. */
const maxClaimed = 500_000;
/** Of one of them: nobody can claim so much that the others cannot publish. */
const maxClaimedByOne = 100_000;

interface Holder {
  readonly by: string;
  until: number;
  readonly paths: Set<string>;
}

/**
 * What publishers under way refer to. A publisher claims the objects of its release *before* it looks which of them are there
 * already; whoever removes objects asks here, object by object. So none is removed between a publisher's look and its
 * registration, however the two are interleaved, and neither waits for the other but for one removal that has begun.
 */
export class Claims {
  readonly #now: () => number;
  /** By the release that is being published, those heard of last at the end. */
  readonly #holders = new Map<string, Holder>();
  readonly #removals = new Map<string, Promise<unknown>>();
  readonly #settled = new Set<string>();
  #collecting = false;

  /** @param now milliseconds, never going back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Resolves once it is certain that what is there stays.
   * @param holder the release that needs the objects: `app@version`
   * @param by who publishes it
   * @throws CapstanError `unavailable` if far too much is claimed
   */
  async claim(holder: string, by: string, keys: readonly ObjectKey[]): Promise<void> {
    for (const [name, { until }] of this.#holders) {
      if (until > this.#now()) break;
      this.#holders.delete(name);
    }
    const paths = keys.map(objectPath);
    const held = this.#holders.get(holder) ?? { by, until: 0, paths: new Set() };
    const holders = [...this.#holders.values()];
    const own = holders.filter((other) => other.by === held.by);
    if (sizeOf(holders) + paths.length > maxClaimed || sizeOf(own) + paths.length > maxClaimedByOne) {
      throw new CapstanError('unavailable', 'too many objects are being published at once', {
        retryAfterMs: 10_000,
      });
    }
    for (const path of paths) held.paths.add(path);
    held.until = this.#now() + claimMs;
    this.#settled.delete(holder);
    this.#holders.delete(holder);
    this.#holders.set(holder, held);
    await Promise.allSettled(paths.flatMap((path) => this.#removals.get(path) ?? []));
  }

  /** The release is registered, so that who collects from now on finds it there. */
  settle(holder: string): void {
    if (this.#collecting) this.#settled.add(holder);
    else this.#holders.delete(holder);
  }

  has(key: ObjectKey): boolean {
    const path = objectPath(key);
    const now = this.#now();
    for (const { until, paths } of this.#holders.values()) if (until > now && paths.has(path)) return true;
    return false;
  }

  /** What is settled meanwhile stays claimed until this ends: it began with the releases of an earlier moment. */
  async whileCollecting<T>(collect: () => Promise<T>): Promise<T> {
    this.#collecting = true;
    try {
      return await collect();
    } finally {
      this.#collecting = false;
      for (const holder of this.#settled) this.#holders.delete(holder);
      this.#settled.clear();
    }
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
}

const sizeOf = (holders: readonly Holder[]): number =>
  holders.reduce((sum, { paths }) => sum + paths.size, 0);
