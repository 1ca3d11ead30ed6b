import { formatDuration } from './duration.js';

/** The dates of a certificate. Milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Certificates begin so long before they are made, so that a clock which is behind takes them. Milliseconds. */
const backdateMs = 3_600_000;

/** Dates of a certificate that is made now. Certificates count whole seconds. */
export function validFor(lifeMs: number, now: number): Validity {
  const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
  return { notBefore: wholeSecond(now - backdateMs), notAfter: wholeSecond(now + lifeMs) };
}

/**
 * How long until it is to be renewed, which is when two thirds of its life are over; 0: it is due. Milliseconds.
 * @param later a share of its life that it is put off by
 */
export function renewInMs({ notBefore, notAfter }: Validity, now: number, later = 0): number {
  const made = notBefore + backdateMs;
  return Math.max(0, made + (notAfter - made) * (2 / 3 + later) - now);
}

/** More than this apart, and people should hear of it. Milliseconds. */
const tolerableSkewMs = 60_000;

/**
 * What to say of two clocks that differ; undefined if it is not worth a word.
 * @param aheadMs how far this host's clock is ahead of the coordinator's; negative: behind
 */
export function skewSentence(aheadMs: number): string | undefined {
  if (Math.abs(aheadMs) <= tolerableSkewMs) return undefined;
  const by = formatDuration(Math.round(Math.abs(aheadMs) / 1000) * 1000);
  return `The clock of this host is ${by} ${aheadMs > 0 ? 'ahead of' : 'behind'} the coordinator's.`;
}
