import { type Maintenance, weekDays } from '../../shared/model/maintenance.js';

/** Whether a maintenance window is open, and until when that stays so. */
export interface Opening {
  readonly open: boolean;
  /** Milliseconds since the epoch: by then it is to be judged again. */
  readonly until: number;
  /** Nobody can say when it opens, since the time zone of its windows is not known: it does not. */
  readonly unknownZone?: string;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Every window opens at least once in so many days. */
const every = 8;

/**
 * A window opens when the clocks of its zone show its time and stays open for its length, in time that passes: local
 * hours alone would stretch in autumn and vanish in spring (zincati). Windows that touch are one.
 * @param now milliseconds since the epoch
 */
export function windowsAt(maintenance: Maintenance, now: number): Opening {
  const { timeZone } = maintenance;
  const offsetAt = offsetsOf(timeZone);
  if (offsetAt === undefined) return { open: false, until: now + dayMs, unknownZone: timeZone };
  let end: number | undefined;
  for (const span of spansOf(maintenance, offsetAt, now, { back: 0, ahead: every })) {
    if (end !== undefined && span.start > end) break;
    if (end === undefined && span.start > now) return { open: false, until: span.start };
    if (span.end > now) end = Math.max(span.end, end ?? span.end);
  }
  return end === undefined ? { open: false, until: now + dayMs } : { open: true, until: end };
}

/** When the last window closed, if none is open; undefined as well if the time zone is not known. Milliseconds since the epoch. */
export function closedSince(maintenance: Maintenance, now: number): number | undefined {
  const offsetAt = offsetsOf(maintenance.timeZone);
  if (offsetAt === undefined) return undefined;
  const past = spansOf(maintenance, offsetAt, now, { back: every, ahead: 1 }).filter(
    ({ start }) => start <= now,
  );
  const end = past.length === 0 ? undefined : Math.max(...past.map((span) => span.end));
  return end === undefined || end > now ? undefined : end;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** In the order in which they open: all that may be open now, and those that open so many days before and after. */
function spansOf(
  { windows }: Maintenance,
  offsetAt: Offset,
  now: number,
  reach: { readonly back: number; readonly ahead: number },
): readonly Span[] {
  const today = Math.floor((now + offsetAt(now)) / dayMs);
  const longest = Math.max(...windows.map(({ forMs }) => forMs));
  const first = today - Math.ceil(longest / dayMs) - 1 - reach.back;
  const spans: Span[] = [];
  for (let day = first; day <= today + reach.ahead; day++) {
    for (const { days, fromMinutes, forMs } of windows) {
      if (!days.includes(weekDayOf(day))) continue;
      const start = instantOf(day * dayMs + fromMinutes * minuteMs, offsetAt);
      spans.push({ start, end: start + forMs });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** Days are counted from 1970-01-01, a Thursday. */
const weekDayOf = (day: number): (typeof weekDays)[number] =>
  weekDays[(((day + 3) % weekDays.length) + weekDays.length) % weekDays.length] ?? 'mon';

type Offset = (at: number) => number;

/**
 * The first moment at which clocks show this local time (given as if it were UTC). One that they skip comes as much
 * later as they skip.
 */
function instantOf(local: number, offsetAt: Offset): number {
  const before = local - offsetAt(local - dayMs);
  const after = local - offsetAt(local + dayMs);
  const shows = (at: number): boolean => at + offsetAt(at) === local;
  if (shows(before)) return before;
  return shows(after) ? after : before;
}

/** How far local time is ahead of UTC, in milliseconds; undefined if there is no such time zone. */
function offsetsOf(timeZone: string): Offset | undefined {
  const format = clockOf(timeZone);
  if (format === undefined) return undefined;
  return (at) => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
    const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return local - Math.floor(at / 1000) * 1000;
  };
}

/**
 * Undefined if this Node.js does not know the time zone. A spec with such a one is refused; but it may have been taken by another
 * version of Node.js, whose database of time zones had it, and nobody may be kept from all environments by that.
 */
function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric, second: numeric },
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
