import type { Clock } from '../../../shared/ports/clock.js';
import type { Dice } from './dice.js';
import type { Time, Timer } from './time.js';

/** Where a process is to end: before or after so many more writes. */
export interface Fuse {
  readonly writes: number;
  readonly after: boolean;
}

const epochMs = Date.UTC(2026, 0, 1);

/**
 * A program that runs, as far as time and the outside are concerned: it can be stopped for a while and killed at any
 * moment, between a write and the answer to it as well. Killed, it hears of nothing any more, so that it does nothing.
 */
export class Process {
  readonly clock: Clock;
  readonly dice: Dice;
  alive = true;
  readonly #time: Time;
  readonly #onDeath: () => void;
  #fuse: Fuse | undefined;
  #stopped = false;
  #held: (() => void)[] = [];

  /**
   * @param skewMs how far its clock is from the true time
   * @param onDeath called when a fuse has burnt down
   */
  constructor(time: Time, dice: Dice, skewMs: number, onDeath: () => void) {
    this.#time = time;
    this.dice = dice;
    this.#onDeath = onDeath;
    const bootedAt = time.now - dice.below(1_000_000);
    this.clock = {
      now: () => epochMs + skewMs + Math.round(time.now),
      monotonic: () => time.now - bootedAt,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** Runs it then, or when the process goes on if it is stopped; never once it is dead. */
  after(ms: number, run: () => void, dispose?: () => void): Timer {
    return this.#time.after(
      ms,
      () => {
        if (!this.alive) dispose?.();
        else if (this.#stopped) this.#held.push(run);
        else run();
      },
      dispose,
    );
  }

  /** Something is done to what outlives the process. It takes a while, and the process may end on either side of it. */
  write<T>(effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.after(this.dice.between(0.1, 4), () => {
        const burnt = this.#burn();
        if (burnt?.after === false) {
          this.#die();
          return;
        }
        const answer = answerOf(effect, resolve, reject);
        if (burnt?.after === true) this.#die();
        else this.after(this.dice.between(0.1, 2), answer);
      });
    });
  }

  /** Something takes a while; it changes nothing outside. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  set fuse(fuse: Fuse) {
    this.#fuse = fuse;
  }

  stop(): void {
    this.#stopped = true;
  }

  goOn(): void {
    this.#stopped = false;
    for (const run of this.#held.splice(0)) this.after(0, run);
  }

  kill(): void {
    this.alive = false;
    this.#held = [];
  }

  #burn(): Fuse | undefined {
    const fuse = this.#fuse;
    if (fuse === undefined) return undefined;
    this.#fuse = fuse.writes > 0 ? { ...fuse, writes: fuse.writes - 1 } : undefined;
    return fuse.writes > 0 ? undefined : fuse;
  }

  #die(): void {
    this.kill();
    this.#onDeath();
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        timer.cancelled = true;
        reject(reasonOf(signal));
      };
      const forget = (): void => {
        signal.removeEventListener('abort', abort);
      };
      const timer = this.after(
        ms,
        () => {
          forget();
          resolve();
        },
        forget,
      );
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  }
}

function answerOf<T>(
  effect: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const value = effect();
    return () => {
      resolve(value);
    };
  } catch (error) {
    return () => {
      reject(error);
    };
  }
}

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
