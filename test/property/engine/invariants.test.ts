import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { engineRegressions } from '../../sim/engine-stage.js';
import { afterCrash } from '../../sim/invariants/repeats.js';
import { invariants } from '../../sim/invariants.js';
import { play } from '../../sim/run.js';
import { type Scenario, scenario } from '../../sim/scenario.js';

describe('rollout engine, over generated fleets and disasters', () => {
  for (const { what, judges, numRuns } of [
    {
      what: 'holds what it promises',
      judges: invariants.filter((each) => each !== afterCrash),
      numRuns: 1500,
    },
    // Every decision is made twice, which takes thirty times as long; `npm run sim` plays thousands.
    { what: afterCrash.name, judges: [afterCrash], numRuns: 150 },
  ]) {
    it(what, function () {
      this.timeout(120_000);
      fc.assert(
        fc.property(scenario, (one) => {
          play(one, judges);
        }),
        { numRuns },
      );
    });
  }

  for (const file of readdirSync(engineRegressions)) {
    it(`is right where it once went wrong: ${basename(file, '.json').replaceAll('-', ' ')}`, () => {
      play(JSON.parse(readFileSync(new URL(file, engineRegressions), 'utf8')) as Scenario, invariants);
    });
  }
});
