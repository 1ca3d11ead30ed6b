import { CapstanError } from '../../shared/model/errors.js';
import type { Clock } from '../../shared/ports/clock.js';

/** Something to be done in the loop, and who waits for it. */
interface Job<B> {
  readonly run: (batch: B) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface LoopOptions<B> {
  readonly clock: Clock;
  readonly openBatch: () => B;
  /** Commits what the batch changed and tells who must know. */
  readonly commit: (batch: B) => Promise<void>;
  /**
   * After a commit that failed, or a defect: memory and database may differ. Resolves to false if they still do, which
   * ends the loop.
   */
  readonly recover: (error: CapstanError) => Promise<boolean>;
}

/** How long inputs are collected before they are committed together, in milliseconds. */
const groupMs = 2;
/** More jobs than this in one transaction would let the others wait too long. */
const jobsPerTurn = 5000;
/** A queue this long means that the database does not keep up; who asks is told to come back. */
const maxQueue = 50_000;

/**
 * One thing at a time: jobs that come within a few milliseconds share a transaction, and nobody hears of a change
 * before it is committed.
 */
export class Loop<B> {
  readonly #options: LoopOptions<B>;
  #queue: Job<B>[] = [];
  #turning: Promise<void> | undefined;
  #closed = false;

  constructor(options: LoopOptions<B>) {
    this.#options = options;
  }

  /**
   * Resolves to what `run` returns, once that is committed. A CapstanError that `run` throws must come before its
   * first change.
   * @throws CapstanError `unavailable` while shutting down, or when too many wait
   */
  do<T>(run: (batch: B) => T): Promise<T> {
    if (this.#closed) return Promise.reject(shuttingDown());
    if (this.#queue.length >= maxQueue) {
      const details = { hint: 'Try again in a few seconds.', retryAfterMs: 5000 };
      return Promise.reject(new CapstanError('unavailable', 'The coordinator is busy.', details));
    }
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#turning ??= this.#turn();
    });
  }

  /** Takes nothing more, and resolves when all that was taken is committed. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#turning !== undefined) await this.#turning;
  }

  async #turn(): Promise<void> {
    await this.#options.clock.sleep(groupMs, neverAborted);
    while (this.#queue.length > 0) {
      const jobs = this.#queue.slice(0, jobsPerTurn);
      this.#queue = this.#queue.slice(jobsPerTurn);
      if (!(await this.#carryOut(jobs))) this.#giveUp();
    }
    this.#turning = undefined;
  }

  /** What is in memory may never be committed: nothing more may be built on it. */
  #giveUp(): void {
    this.#closed = true;
    for (const { reject } of this.#queue) reject(shuttingDown());
    this.#queue = [];
  }

  /** False if nothing more can be carried out. */
  async #carryOut(jobs: readonly Job<B>[]): Promise<boolean> {
    const done: { readonly job: Job<B>; readonly value: unknown }[] = [];
    try {
      const batch = this.#options.openBatch();
      for (const job of jobs) {
        try {
          done.push({ job, value: job.run(batch) });
        } catch (error) {
          if (!(error instanceof CapstanError) || error.code === 'internal') throw error;
          job.reject(error);
        }
      }
      await this.#options.commit(batch);
      for (const { job, value } of done) job.resolve(value);
      return true;
    } catch (error) {
      const cause = CapstanError.from(error);
      for (const job of jobs) job.reject(cause);
      return this.#options.recover(cause);
    }
  }
}

const shuttingDown = (): CapstanError =>
  new CapstanError('unavailable', 'The coordinator is shutting down.', {
    hint: 'Try again in a few seconds.',
    retryAfterMs: 2000,
  });

const neverAborted = new AbortController().signal;
