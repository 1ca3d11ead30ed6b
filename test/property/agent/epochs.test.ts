import { expect } from 'chai';
import fc from 'fast-check';
import { epochAfter, epochText, firstGeneration, lastEpoch } from '../../../shared/core/epoch.js';

const someEpoch = fc.integer({ min: 1_735_689_601, max: lastEpoch });

describe('epochs', () => {
  it('have generations that are exact, and above all of those before', () => {
    fc.assert(
      fc.property(someEpoch, someEpoch, fc.nat(2 ** 22 - 1), fc.nat(2 ** 22 - 1), (a, b, m, n) => {
        fc.pre(a !== b);
        const [first, second] = [firstGeneration(a) + m, firstGeneration(b) + n];
        expect(Number.isSafeInteger(first) && Number.isSafeInteger(second)).to.equal(true);
        expect(first < second).to.equal(a < b);
        expect(first).to.be.greaterThan(firstGeneration(0) + 2 ** 21);
      }),
    );
  });

  it('come after the one before and after all that the clock can know of', () => {
    fc.assert(
      fc.property(fc.nat(lastEpoch), fc.nat(lastEpoch), (before, second) => {
        const epoch = epochAfter(before, second * 1000 + 999);
        expect(epoch).to.be.greaterThan(before);
        expect(epoch).to.be.at.least(second);
        expect(firstGeneration(epoch)).to.be.greaterThan(firstGeneration(0));
      }),
    );
  });

  it('are called after when they began', () => {
    expect(epochText(0)).to.equal('the first epoch');
    expect(epochText(1_795_316_400)).to.equal('the epoch of 2026-11-22T03:00:00Z');
  });
});
