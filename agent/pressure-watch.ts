import type { Pressure } from '../shared/model/node-status.js';
import type { Clock } from '../shared/ports/clock.js';
import { type Signal, waitFor } from './wake.js';

export interface PressureWatchOptions {
  /** An application has come to an end of what it was told to do. */
  readonly settled: Signal;
  readonly read: () => Promise<Pressure | undefined>;
  readonly onPressure: (pressure: Pressure) => void;
  readonly clock: Clock;
}

/** When to look after that, each time after the one before: the kernel speaks of 10 seconds. Milliseconds. */
const looks = [15_000, 45_000, 240_000];

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/**
 * Looks at the host's pressure once a release is live, so that nodes that have it can be compared with those that have
 * not before the facts are next sampled. A few reads of the kernel's files, and nothing in between.
 */
export async function watchPressure(options: PressureWatchOptions, signal: AbortSignal): Promise<void> {
  const { settled, read, onPressure, clock } = options;
  let at = looks.length;
  while (!signal.aborted) {
    const seen = { settled: false };
    const event = settled.next().then(() => {
      seen.settled = true;
    });
    await waitFor(event, looks[at], clock, signal);
    if (seen.settled) {
      at = 0;
      continue;
    }
    at += 1;
    const pressure = isAborted(signal) ? undefined : await read();
    if (pressure !== undefined) onPressure(pressure);
  }
}
