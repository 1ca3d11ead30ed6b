import { expect } from 'chai';
import { parseWhen } from '../../../shared/core/when.js';
import type { CapstanError } from '../../../shared/model/errors.js';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';

const spec = (maintenance: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: env=production
      maintenance: ${maintenance}
`;
const read = (maintenance: string) =>
  parseApplicationSpecs(spec(maintenance), 'web.yml')[0]?.environments[0]?.maintenance;

function faultOf(maintenance: string): string {
  try {
    read(maintenance);
  } catch (thrown) {
    const { message, location } = thrown as CapstanError;
    return `${location?.line}: ${message}`;
  }
  return 'none';
}

describe('the maintenance windows of an environment', () => {
  it('have days, a start and a length, in UTC if nothing else is said', () => {
    expect(
      read('{ windows: [{ days: [sat, sun], from: "22:30", for: 4h }, { from: 09:00, for: 90m }] }'),
    ).to.deep.equal({
      timeZone: 'UTC',
      windows: [
        { days: ['sat', 'sun'], fromMinutes: 1350, forMs: 14_400_000 },
        { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], fromMinutes: 540, forMs: 5_400_000 },
      ],
    });
    expect(read('{ timeZone: Europe/Berlin, windows: [{ from: "0:05", for: 7d }] }')?.timeZone).to.equal(
      'Europe/Berlin',
    );
  });

  it('are refused with the place of what is wrong', () => {
    expect(faultOf('{ windows: [] }')).to.match(/^8: .*windows must have at least 1 entry/);
    expect(faultOf('{ windows: [{ from: "24:00", for: 1h }] }')).to.contain('"24:00" is not a time of day');
    expect(faultOf('{ windows: [{ from: 1320, for: 1h }] }')).to.contain(
      'must be a time of day such as "22:00"',
    );
    expect(faultOf('{ windows: [{ from: "22:00", for: 8d }] }')).to.contain('at most 7d');
    expect(faultOf('{ windows: [{ from: "22:00" }] }')).to.contain('for is missing');
    expect(faultOf('{ windows: [{ from: "22:00", until: "23:00" }] }')).to.contain('unknown key "until"');
    expect(faultOf('{ windows: [{ days: [monday], from: "22:00", for: 1h }] }')).to.contain(
      'one of mon, tue',
    );
    expect(faultOf('{ windows: [{ days: [sat, sun, sat], from: "22:00", for: 1h }] }')).to.contain(
      'sat is named twice',
    );
    expect(faultOf('{ timeZone: Berlin, windows: [{ from: "22:00", for: 1h }] }')).to.contain(
      'there is no time zone "Berlin"; write it like Europe/Berlin',
    );
  });
});

describe('a time to come', () => {
  it('is a duration from now, or a time whose zone is said', () => {
    const now = Date.parse('2026-11-20T12:00:00Z');
    expect(parseWhen('2h', now)).to.equal(now + 7_200_000);
    expect(parseWhen('2026-11-20T14:00:00Z', now)).to.equal(now + 7_200_000);
    expect(parseWhen('2026-11-20T15:00+01:00', now)).to.equal(now + 7_200_000);
    expect(parseWhen('2026-11-21', now)).to.equal(now + 43_200_000);
    expect(parseWhen('3650d', now)).to.equal(now + 3650 * 86_400_000);
    const tooFar = ['100000000d', '3700d', '9999-12-31'];
    for (const text of ['2026-11-20T14:00:00', 'tomorrow', '14:00', '2026-13-45', '', ...tooFar])
      expect(parseWhen(text, now), text).to.equal(undefined);
  });
});
