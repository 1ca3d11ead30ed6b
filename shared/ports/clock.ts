/** Time, injected everywhere. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when somebody sets the clock. For records. */
  now(): number;
  /** Milliseconds since some fixed instant; never goes back. For deadlines and durations. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
