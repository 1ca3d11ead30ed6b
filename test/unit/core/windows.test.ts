import { expect } from 'chai';
import fc from 'fast-check';
import { closedSince, windowsAt } from '../../../coordinator/core/windows.js';
import { type Maintenance, type WeekDay, weekDays } from '../../../shared/model/maintenance.js';

const hour = 3_600_000;
const at = (text: string): number => Date.parse(text);

const every = (
  from: string,
  hours: number,
  timeZone = 'UTC',
  days: readonly WeekDay[] = weekDays,
): Maintenance => {
  const [hoursFrom = '', minutes = ''] = from.split(':');
  const window = { days, fromMinutes: Number(hoursFrom) * 60 + Number(minutes), forMs: hours * hour };
  return { timeZone, windows: [window] };
};

/** `open` or `closed`, and until when. */
const said = (maintenance: Maintenance, now: string): string => {
  const { open, until } = windowsAt(maintenance, at(now));
  return `${open ? 'open' : 'closed'} until ${new Date(until).toISOString().slice(0, 16)}`;
};

describe('maintenance windows', () => {
  it('open and close on their days, in UTC if nothing else is said', () => {
    const weekend = every('22:00', 4, 'UTC', ['sat']);
    expect(said(weekend, '2026-11-21T21:59:59.999Z')).to.equal('closed until 2026-11-21T22:00');
    expect(said(weekend, '2026-11-21T22:00:00Z')).to.equal('open until 2026-11-22T02:00');
    expect(said(weekend, '2026-11-22T01:59:59Z')).to.equal('open until 2026-11-22T02:00');
    expect(said(weekend, '2026-11-22T02:00:00Z')).to.equal('closed until 2026-11-28T22:00');
  });

  it('tell since when none is open', () => {
    const weekend = every('22:00', 4, 'UTC', ['sat']);
    const closed = at('2026-11-22T02:00:00Z');
    expect(closedSince(weekend, at('2026-11-21T23:00:00Z'))).to.equal(undefined);
    expect(closedSince(weekend, closed)).to.equal(closed);
    expect(closedSince(weekend, at('2026-11-28T21:59:00Z'))).to.equal(closed);
    expect(closedSince(every('22:00', 2, 'Mars/Base'), closed)).to.equal(undefined);
    const berlin = every('22:00', 2, 'Europe/Berlin');
    expect(closedSince(berlin, at('2026-07-11T05:00:00Z'))).to.equal(at('2026-07-10T22:00:00Z'));
  });

  it('mean the clocks of their zone', () => {
    expect(said(every('22:00', 2, 'Europe/Berlin'), '2026-01-10T21:30:00Z')).to.equal(
      'open until 2026-01-10T23:00',
    );
    expect(said(every('22:00', 2, 'Europe/Berlin'), '2026-07-10T21:30:00Z')).to.equal(
      'open until 2026-07-10T22:00',
    );
    expect(said(every('09:30', 1, 'Asia/Kathmandu'), '2026-07-10T00:00:00Z')).to.equal(
      'closed until 2026-07-10T03:45',
    );
    expect(said(every('23:00', 2, 'Pacific/Auckland', ['sun']), '2026-07-05T11:30:00Z')).to.equal(
      'open until 2026-07-05T13:00',
    );
  });

  it('do not vanish when clocks are set forward, nor come twice or stretch when they are set back (zincati)', () => {
    const night = every('02:30', 1, 'Europe/Berlin');
    // 02:30 is skipped on 29 March: it opens at 03:30.
    expect(said(night, '2026-03-29T00:00:00Z')).to.equal('closed until 2026-03-29T01:30');
    expect(said(night, '2026-03-29T01:30:00Z')).to.equal('open until 2026-03-29T02:30');
    // 02:30 comes twice on 25 October: it opens the first time.
    expect(said(night, '2026-10-25T00:30:00Z')).to.equal('open until 2026-10-25T01:30');
    expect(said(night, '2026-10-25T01:30:00Z')).to.equal('closed until 2026-10-26T01:30');
    // Over the change its length stays what it is.
    expect(said(every('22:00', 8, 'Europe/Berlin'), '2026-10-24T23:00:00Z')).to.equal(
      'open until 2026-10-25T04:00',
    );
    expect(said(every('22:00', 8, 'Europe/Berlin'), '2026-03-28T23:00:00Z')).to.equal(
      'open until 2026-03-29T05:00',
    );
  });

  it('that touch or overlap are one', () => {
    const windows = [
      ...every('20:00', 4).windows,
      ...every('00:00', 3).windows,
      ...every('02:00', 2).windows,
    ];
    expect(said({ timeZone: 'UTC', windows }, '2026-11-21T20:00:00Z')).to.equal(
      'open until 2026-11-22T04:00',
    );
  });

  it('may be longer than a day, and never close', () => {
    expect(said(every('18:00', 62, 'UTC', ['fri']), '2026-11-23T07:00:00Z')).to.equal(
      'open until 2026-11-23T08:00',
    );
    const { open, until } = windowsAt(every('00:00', 24), at('2026-11-23T07:00:00Z'));
    expect(open).to.equal(true);
    expect(until).to.be.above(at('2026-11-30T00:00:00Z'));
  });

  it('are, to the day, open as long as they say, in every zone', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    );
    const from = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        zone,
        from,
        fc.integer({ min: 1, max: 1200 }),
        fc.integer({ min: 0, max: 730 }),
        (timeZone, start, minutes, day) => {
          const windows = [{ days: weekDays, fromMinutes: start, forMs: minutes * 60_000 }];
          const now = at('2026-01-01T12:00:00Z') + day * 24 * hour;
          const first = windowsAt({ timeZone, windows }, now);
          const opens = first.open ? windowsAt({ timeZone, windows }, first.until).until : first.until;
          expect(windowsAt({ timeZone, windows }, opens)).to.deep.equal({
            open: true,
            until: opens + minutes * 60_000,
          });
          expect(windowsAt({ timeZone, windows }, opens - 1).open).to.equal(false);
          expect(opens - now).to.be.at.most(50 * hour);
        },
      ),
      { numRuns: 200 },
    );
  });
});
