import type { Clock } from '../../../shared/ports/clock.js';

/** Holds back whoever reads faster than is allowed; several readers share what there is. */
export interface BandwidthLimit {
  /** Counts bytes that have come. To be waited for before more are read; undefined: go on at once. */
  take(bytes: number): Promise<void> | undefined;
}

/** So much may come at once after a pause. Milliseconds of the rate. */
const burstMs = 200;
/** Timers are no finer. */
const leastWaitMs = 5;

/** @param bytesPerSecond 0: no limit */
export function bandwidthLimit(bytesPerSecond: number, clock: Clock, signal: AbortSignal): BandwidthLimit {
  if (bytesPerSecond <= 0) return { take: () => undefined };
  // Until when what has come would have taken at the rate allowed: a bucket of tokens, seen from the side of time.
  let paidUntil = clock.monotonic() - burstMs;
  return {
    take(bytes) {
      const now = clock.monotonic();
      paidUntil = Math.max(paidUntil, now - burstMs) + (bytes / bytesPerSecond) * 1000;
      const waitMs = paidUntil - now;
      return waitMs < leastWaitMs ? undefined : clock.sleep(waitMs, signal);
    },
  };
}
