import { nextDelay } from '../shared/core/backoff.js';
import { renewInMs, skewSentence, type Validity } from '../shared/core/certificate-times.js';
import { CapstanError } from '../shared/model/errors.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Logger } from '../shared/ports/logger.js';
import type { Random } from '../shared/ports/random.js';

/** Of a certificate, by the coordinator's clock. */
export interface Renewable {
  readonly validity: Validity;
  /** By how much this host's clock is ahead of that. Milliseconds. */
  readonly aheadMs: number;
}

export interface RenewalOptions {
  readonly first: Renewable;
  /** Gets a new certificate and goes on with it. */
  readonly renew: () => Promise<Renewable>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Looked at again after so long at most: this host may sleep, or have its clock set. Milliseconds. */
const lookEveryMs = 600_000;
/** By up to this share of its life it is put off, so that servers that enrolled together do not all come at once. */
const spread = 1 / 12;
const retry = { baseMs: 1000, capMs: 300_000 };

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Renews the node's certificate whenever two thirds of its life, and a little more, are over, until aborted. */
export async function keepRenewed(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, log } = options;
  let { validity, aheadMs } = options.first;
  let later = random.next() * spread;
  let delayMs = 0;
  tellSkew(log, aheadMs);
  const pause = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);
  while (!signal.aborted) {
    const now = clock.now() - aheadMs;
    const dueMs = now < validity.notBefore ? 0 : renewInMs(validity, now, later);
    if (dueMs > 0) {
      await pause(Math.min(dueMs, lookEveryMs));
      continue;
    }
    try {
      ({ validity, aheadMs } = await options.renew());
      later = random.next() * spread;
      delayMs = 0;
      log.info('certificate.renewed', { until: new Date(validity.notAfter).toISOString() });
      tellSkew(log, aheadMs);
    } catch (thrown) {
      if (isAborted(signal)) return;
      const { code, message, hint } = CapstanError.from(thrown);
      const over = now >= validity.notAfter;
      log[over ? 'error' : 'warn']('certificate.notRenewed', {
        ...{ message, code },
        until: new Date(validity.notAfter).toISOString(),
        hint: over ? expiredHint : hint,
      });
      delayMs = nextDelay(delayMs, random.next(), retry);
      await pause(delayMs);
    }
  }
}

const expiredHint =
  'The certificate of this node has expired, and with it the right to renew it: `capstan-agent enrol --again` with a new token.';

function tellSkew(log: Logger, aheadMs: number): void {
  const message = skewSentence(aheadMs);
  if (message !== undefined) log.warn('clock.skewed', { message, aheadMs });
}
