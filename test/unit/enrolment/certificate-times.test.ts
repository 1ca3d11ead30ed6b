import { expect } from 'chai';
import { renewInMs, skewSentence, validFor } from '../../../shared/core/certificate-times.js';

const hour = 3_600_000;
const day = 24 * hour;
const now = 1_700_000_000_000;

describe('the dates of certificates', () => {
  it('begin an hour ago, so that a clock that is behind takes them, and end after a life', () => {
    expect(validFor(day, now)).to.deep.equal({ notBefore: now - hour, notAfter: now + day });
    expect(validFor(day, now + 999)).to.deep.equal({ notBefore: now - hour, notAfter: now + day });
  });

  it('have it renewed when two thirds of its life are over, and from then on at once', () => {
    const dates = validFor(day, now);
    expect(renewInMs(dates, now)).to.equal(16 * hour);
    expect(renewInMs(dates, now + 15 * hour)).to.equal(hour);
    expect(renewInMs(dates, now + 16 * hour)).to.equal(0);
    expect(renewInMs(dates, now + 30 * day)).to.equal(0);
  });

  it('are told of clocks that differ by more than a minute, and which way', () => {
    expect(skewSentence(60_000)).to.equal(undefined);
    expect(skewSentence(-59_999)).to.equal(undefined);
    expect(skewSentence(90_000)).to.equal("The clock of this host is 1m30s ahead of the coordinator's.");
    expect(skewSentence(-2 * hour)).to.equal("The clock of this host is 2h behind the coordinator's.");
  });
});
