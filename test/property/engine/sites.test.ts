import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'chai';
import { tryOne } from '../../sim/system/find.js';
import { play } from '../../sim/system/play.js';
import type { Scenario } from '../../sim/system/scenario.js';
import { regressions } from '../../sim/system/stage.js';

describe('whole sites: orchestrator, agents and the network between them', () => {
  it('hold what they promise, whatever breaks, and come to rest', async function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= 60; seed++) {
      const found = await tryOne(seed);
      expect(found?.violation, `npm run sim -- --stage site --runs 1 --seed ${seed}`).to.equal(undefined);
    }
  });

  it('go the same way again, byte for byte', async () => {
    const scenario = kept('superseded-twice-to-what-it-ran');
    const [first, second] = [await play(scenario, true), await play(scenario, true)];
    expect(first.trace.length).to.be.greaterThan(50);
    expect(second.trace.join('\n')).to.equal(first.trace.join('\n'));
  });

  for (const file of readdirSync(regressions).filter((name) => name.endsWith('.json'))) {
    const name = basename(file, '.json');
    it(`are right where they once went wrong: ${name.replaceAll('-', ' ')}`, async () => {
      const { violation } = await play(kept(name));
      expect(violation).to.equal(undefined);
    });
  }
});

const kept = (name: string): Scenario =>
  JSON.parse(readFileSync(new URL(`${name}.json`, regressions), 'utf8')) as Scenario;
