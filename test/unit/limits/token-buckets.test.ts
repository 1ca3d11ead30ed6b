import { expect } from 'chai';
import { TokenBuckets } from '../../../coordinator/core/limits/token-buckets.js';

describe('a bucket of tokens', () => {
  it('lets a burst through, then says how long until the next one, and keeps its word', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 3 }, 10);
    expect([1, 2, 3].map(() => buckets.take('a', 1000))).to.deep.equal([0, 0, 0]);
    expect(buckets.take('a', 1000)).to.equal(100);
    expect(buckets.take('a', 1040)).to.equal(60);
    expect(buckets.take('a', 1100)).to.equal(0);
    expect(buckets.take('a', 1100)).to.equal(100);
  });

  it('is full again after a pause, and not more than full', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 2 }, 10);
    for (const at of [0, 0, 3_600_000, 3_600_000]) expect(buckets.take('a', at)).to.equal(0);
    expect(buckets.take('a', 3_600_000)).to.equal(100);
  });

  it('counts each for itself', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 10);
    expect(buckets.take('a', 0)).to.equal(0);
    expect(buckets.take('b', 0)).to.equal(0);
    expect(buckets.take('a', 0)).to.equal(1000);
  });

  it('forgets who was asked about longest ago when there are too many', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 2);
    for (const who of ['a', 'b', 'a', 'c']) buckets.take(who, 0);
    expect(buckets.size).to.equal(2);
    expect(buckets.take('a', 0), 'asked about after b').to.equal(1000);
    expect(buckets.take('b', 0), 'forgotten').to.equal(0);
  });
});
