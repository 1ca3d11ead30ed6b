import { expect } from 'chai';
import fc from 'fast-check';
import { play } from '../../sim/system/play.js';
import { scenario } from '../../sim/system/scenario.js';

describe('whole sites that go on by themselves', () => {
  it('hold what they promise, whatever breaks, and come to rest', async function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= 40; seed++) {
      const [found] = fc.sample(scenario, { seed, numRuns: 1 });
      if (found === undefined) throw new Error('there is no scenario');
      const { violation } = await play({ ...found, byItself: true });
      expect(violation, `seed ${seed}`).to.equal(undefined);
    }
  });
});
