import type { Random } from '../../../shared/ports/random.js';

/**
 * Chance that is the same for the same seed. Each part of a site has dice of its own, so that what happens in one does
 * not change the luck of the others, and a shorter scenario is still much like the one it was made of.
 */
export class Dice implements Random {
  #state: number;

  constructor(seed: number, whose: string) {
    let state = seed | 0;
    for (let at = 0; at < whose.length; at++)
      state = Math.imul(state ^ whose.charCodeAt(at), 0x9e3779b1) + 0x7f4a7c15;
    this.#state = state;
  }

  /** A counter that is stirred well: small, fast, and good enough to make trouble with. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.below(256).toString(16).padStart(2, '0')).join('');
  }

  /** A whole number from 0 on. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  chance(share: number): boolean {
    return share > 0 && this.next() < share;
  }
}
