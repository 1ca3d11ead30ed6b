/** Something that is due at a time, unless it was cancelled before. */
export interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Lets go of whatever waits for it elsewhere, when it will never be run. */
  readonly dispose: (() => void) | undefined;
  cancelled: boolean;
}

/**
 * Virtual time, in milliseconds. It passes only from one timer to the next, and everything that follows from a timer
 * happens before the next one: promises are as good as instant.
 */
export class Time {
  now = 0;
  #order = 0;
  /** A binary heap: the earliest first; of those at the same time, the one that was set first. */
  readonly #heap: Timer[] = [];

  after(ms: number, run: () => void, dispose?: () => void): Timer {
    const timer = { at: this.now + Math.max(0, ms), order: ++this.#order, run, dispose, cancelled: false };
    this.#push(timer);
    return timer;
  }

  /** Runs the next timer and all that follows from it; false if none is due up to then. */
  async advance(until: number): Promise<boolean> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled) continue;
      this.now = next.at;
      next.run();
      await drained();
      return true;
    }
    this.now = until;
    return false;
  }

  /** Nothing more will happen. */
  close(): void {
    for (const { dispose, cancelled } of this.#heap.splice(0)) if (!cancelled) dispose?.();
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, timer)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      const other = heap[below + 1];
      if (child !== undefined && other !== undefined && isBefore(other, child)) {
        below += 1;
        child = other;
      }
      if (child === undefined || isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Promises that are resolved have been heard of by all who wait for them. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
