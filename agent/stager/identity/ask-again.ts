import { nextDelay } from '../../../shared/core/backoff.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';

/** Enough for a coordinator that all servers of a rack come to at once; who gave a wrong address hears so in some seconds. */
const tries = 4;
const pause = { baseMs: 500, capMs: 5000 };

/**
 * Asks again a few times where nobody has answered, or the coordinator has too much to do. For what uses nothing up when it
 * is asked twice.
 * @throws CapstanError that of the last time, or one that says no
 */
export async function askAgain<Answer>(
  ask: () => Promise<Answer>,
  { clock, random }: { readonly clock: Pick<Clock, 'sleep'>; readonly random: Pick<Random, 'next'> },
): Promise<Answer> {
  const { signal } = new AbortController(); // it is waited for to the end
  let delayMs = 0;
  for (let left = tries; ; left -= 1) {
    try {
      return await ask();
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      if ((error.code !== 'unreachable' && error.code !== 'unavailable') || left === 1) throw error;
      delayMs = nextDelay(delayMs, random.next(), pause);
      await clock.sleep(Math.max(delayMs, error.retryAfterMs ?? 0), signal);
    }
  }
}
