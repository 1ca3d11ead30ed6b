import fc from 'fast-check';
import { invariants } from '../../sim/invariants.js';
import { play } from '../../sim/run.js';
import { scenario } from '../../sim/scenario.js';

describe('rollout engine, over generated fleets and disasters', () => {
  for (const invariant of invariants) {
    it(invariant.name, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(scenario, (one) => {
          play(one, [invariant]);
        }),
        { numRuns: 500 },
      );
    });
  }
});
