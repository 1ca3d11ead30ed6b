import { parseDuration } from './duration.js';

const point = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** What `parseWhen` takes, for error messages. */
export const whenRule = 'a duration such as 2h, or a time such as 2026-01-31T12:00:00Z';

/**
 * A time to come: how long from now (`2h`), or when (`2026-01-31T12:00:00Z`; a day alone begins in UTC). No time of a
 * zone that is not said.
 * @returns milliseconds since the epoch, undefined if it is none of these
 */
export function parseWhen(text: string, now: number): number | undefined {
  const inMs = parseDuration(text);
  if (inMs !== undefined) return now + inMs;
  const at = point.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
