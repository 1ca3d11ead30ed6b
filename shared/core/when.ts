import { parseDuration } from './duration.js';

const point = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Beyond this nobody means it, and soon after it there are no dates. */
const farthestMs = 3653 * 86_400_000;

/** What `parseWhen` takes, for error messages. */
export const whenRule =
  'a duration such as 2h, or a time such as 2026-01-31T12:00:00Z, no more than ten years from now';

/**
 * A time to come: how long from now (`2h`), or when (`2026-01-31T12:00:00Z`; a day alone begins in UTC). No time of a
 * zone that is not said, and none beyond ten years.
 * @returns milliseconds since the epoch, undefined if it is none of these
 */
export function parseWhen(text: string, now: number): number | undefined {
  const inMs = parseDuration(text);
  const date = point.test(text) ? Date.parse(text) : Number.NaN;
  const at = inMs === undefined ? date : now + inMs;
  return at <= now + farthestMs ? at : undefined; // not of NaN either
}
