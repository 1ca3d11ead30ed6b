import { CapstanError } from '../../shared/model/errors.js';
import type { HostFacts } from '../../shared/model/node-status.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Logger } from '../../shared/ports/logger.js';
import type { Stager } from './stager-client.js';

/** Soon after the start, but not in the way of it. Milliseconds. */
const firstAfterMs = 2_000;

/** Looks at the host now and then, in a child whose memory goes back to the system. */
export async function sampleFacts(
  options: {
    readonly stager: Stager;
    /** The directories that must not run out of space. */
    readonly paths: readonly string[];
    readonly everyMs: number;
    readonly clock: Clock;
    readonly log: Logger;
    readonly onFacts: (facts: HostFacts) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  const { stager, paths, everyMs, clock, log, onFacts } = options;
  let pauseMs = firstAfterMs;
  while (!signal.aborted) {
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    pauseMs = everyMs;
    try {
      onFacts((await stager.facts({ paths }, { signal })).facts);
    } catch (error) {
      if (CapstanError.from(error).code !== 'cancelled') log.warn('facts.failed', { error });
    }
  }
}
