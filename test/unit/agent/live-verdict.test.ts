import { expect } from 'chai';
import { LiveVerdict } from '../../../agent/io/releases/live-verdict.js';
import { systemClock } from '../../../shared/io/clock.js';

describe('what a staging found out about the live release', () => {
  let now = 0;
  const clock = { ...systemClock, monotonic: () => now };
  const result = { kind: 'result', job: 'verify', differences: [], total: 0, filesChecked: 3 } as const;
  let verdict: LiveVerdict;
  beforeEach(() => {
    verdict = new LiveVerdict(clock);
    verdict.keep('1-a', result);
  });

  it('is taken once', () => {
    expect(verdict.take('1-a')).to.equal(result);
    expect(verdict.take('1-a')).to.equal(undefined);
  });

  it('says nothing of another release', () => {
    expect(verdict.take('2-b')).to.equal(undefined);
  });

  it('is news for a minute, and not beyond the next staging', () => {
    now += 59_999;
    expect(verdict.take('1-a')).to.equal(result);
    verdict.keep('1-a', result);
    now += 60_000;
    expect(verdict.take('1-a')).to.equal(undefined);
    verdict.keep('1-a', result);
    verdict.forget();
    expect(verdict.take('1-a')).to.equal(undefined);
  });
});
