import { expect } from 'chai';
import fc from 'fast-check';
import { addressGroup } from '../../../coordinator/core/limits/address-group.js';
import { Crowd } from '../../../coordinator/core/limits/crowd.js';
import { TokenBuckets } from '../../../coordinator/core/limits/token-buckets.js';

const rate = fc.record({
  perSecond: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 100 }),
});

describe('limits, whatever happens', () => {
  it('let nobody do more than the rate times the time and a burst, in any stretch of time', () => {
    const steps = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(rate, steps, ({ perSecond, burst }, pauses) => {
        const buckets = new TokenBuckets({ perSecond, burst }, 1);
        let now = 0;
        const taken: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if (buckets.take('a', now) === 0) taken.push(now);
        }
        for (let from = 0; from < taken.length; from += 7) {
          const since = taken[from] ?? 0;
          const inAll = taken.length - from;
          expect(inAll).to.be.at.most(burst + ((now - since) * perSecond) / 1000 + 1e-6);
        }
      }),
    );
  });

  it('say a time after which it may be done, if nobody else came in between', () => {
    fc.assert(
      fc.property(rate, fc.nat({ max: 1e9 }), ({ perSecond, burst }, now) => {
        const buckets = new TokenBuckets({ perSecond, burst }, 1);
        let waitMs = 0;
        while (waitMs === 0) waitMs = buckets.take('a', now);
        expect(buckets.take('a', now + waitMs)).to.equal(0);
      }),
    );
  });

  it('keep no more buckets than they may', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 5 }), (names, max) => {
        const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, max);
        for (const name of names) {
          buckets.take(name, 0);
          expect(buckets.size).to.be.at.most(max);
        }
      }),
    );
  });

  it('a crowd is never larger than it may be, and keeps out nobody who has fewer in it than another by two', () => {
    const step = fc.record({
      group: fc.nat({ max: 4 }),
      leaves: fc.boolean(),
      which: fc.nat(),
      pause: fc.nat({ max: 50 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 120 }), (max, steps) => {
        const crowd = new Crowd<number>({ patienceMs: 100 });
        const inside = new Map<number, { readonly group: string; readonly since: number }>();
        const sizeOf = (group: string): number =>
          [...inside.values()].filter((member) => member.group === group).length;
        let now = 0;
        steps.forEach(({ group: index, leaves, which, pause }, member) => {
          now += pause;
          const leaver = [...inside.keys()].at(which % Math.max(1, inside.size));
          if (leaves && leaver !== undefined) {
            crowd.leave(leaver);
            inside.delete(leaver);
          }
          const group = `g${index}`;
          const largest = Math.max(0, ...[...inside.values()].map((one) => sizeOf(one.group)));
          const own = sizeOf(group);
          const isFull = inside.size >= max;
          const entry = crowd.enter(member, group, now, max);
          expect(entry.kind === 'in').to.equal(!isFull);
          if (entry.kind === 'full') expect(largest - own).to.be.at.most(1);
          if (entry.kind === 'instead') {
            const gone = inside.get(entry.of);
            expect(sizeOf(gone?.group ?? '')).to.equal(largest);
            expect(largest - own > 1 || now - (gone?.since ?? now) >= 100).to.equal(true);
            inside.delete(entry.of);
          }
          if (entry.kind !== 'full') inside.set(member, { group, since: now });
          expect(crowd.size).to.equal(inside.size);
          expect(crowd.size).to.be.at.most(max);
        });
      }),
    );
  });

  it('two IPv6 addresses are one exactly if their first 64 bits are', () => {
    const word = fc.constantFrom('0', '1', 'db8', 'ffff');
    const words = fc.array(word, { minLength: 8, maxLength: 8 });
    /** The longest run of zeros as `::`, as Node.js writes it. */
    const written = (parts: readonly string[]): string =>
      new URL(`http://[${parts.join(':')}]/`).hostname.slice(1, -1);
    fc.assert(
      fc.property(words, words, (a, b) => {
        const same = a.slice(0, 4).join(':') === b.slice(0, 4).join(':');
        expect(addressGroup(written(a)) === addressGroup(written(b))).to.equal(same);
      }),
    );
  });
});
