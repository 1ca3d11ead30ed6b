import { setTimeout as sleep } from 'node:timers/promises';
import { nextDelay } from '../core/backoff.js';
import { CapstanError } from '../model/errors.js';

interface RetryOptions {
  /** How often it is tried in all. */
  readonly attempts: number;
  readonly baseMs?: number;
  readonly capMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onWait?: (error: CapstanError, waitMs: number) => void;
}

/** Tries again, after a growing and jittered wait, as long as the failure is one of reaching the other side. */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  { attempts, baseMs = 250, capMs = 10_000, signal, onWait }: RetryOptions,
): Promise<T> {
  let waitMs = baseMs;
  for (let left = attempts - 1; ; left--) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      if (left <= 0 || (error.code !== 'unreachable' && error.code !== 'unavailable')) throw error;
      waitMs = nextDelay(waitMs, Math.random(), { baseMs, capMs });
      onWait?.(error, waitMs);
      await pause(waitMs, signal);
    }
  }
}

/** Waits; rejects with `cancelled` when the signal says so. */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new CapstanError('cancelled', 'cancelled', { cause });
  }
}
