import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Give up after this long. Milliseconds. */
  readonly timeoutMs?: number;
  /** Pause between two probes. Milliseconds. */
  readonly everyMs?: number;
  /** What is waited for, to be named in the error. */
  readonly what?: string;
}

/**
 * Waits for a condition instead of for a time: resolves with the probe's value as soon as the probe neither
 * throws nor gives `undefined` or `false`.
 * @throws Error after `timeoutMs`, with what the probe last gave or threw
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const { timeoutMs = 10_000, everyMs = 20, what = 'the condition' } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await attempt(probe);
    if ('value' in outcome) return outcome.value;
    if (performance.now() >= deadline) {
      throw new Error(`waited ${String(timeoutMs)} ms for ${what}; last: ${outcome.last}`, {
        cause: outcome.thrown,
      });
    }
    await delay(everyMs);
  }
}

type Outcome<T> =
  | { readonly value: Exclude<T, undefined | false> }
  | { readonly last: string; readonly thrown?: unknown };

async function attempt<T>(probe: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await probe();
    if (value === undefined || value === false) return { last: String(value) };
    return { value: value as Exclude<T, undefined | false> };
  } catch (thrown) {
    return { last: thrown instanceof Error ? thrown.message : String(thrown), thrown };
  }
}
