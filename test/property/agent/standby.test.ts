import { expect } from 'chai';
import fc from 'fast-check';
import { opinionOf } from '../../../agent/core/opinion.js';
import { ModelNode, wanted, worlds } from './model.js';

const well = { verdict: 'healthy', complaint: '' } as const;

const want = fc.record({
  release: fc.nat({ max: 4 }),
  intent: fc.constantFrom('activate' as const, 'activate' as const, 'stage' as const),
  standby: fc.boolean(),
  /** How many turns it is left, and where the agent is killed in each. */
  turns: fc.array(fc.constantFrom(undefined, undefined, undefined, 0, 1, 2), { maxLength: 14 }),
});

describe('a node of a blue/green pair, killed anywhere', function () {
  this.timeout(60_000);
  it('never takes requests while it is told to take none, and takes them in the end if it is told to', () => {
    fc.assert(
      fc.property(worlds, fc.array(want, { minLength: 1, maxLength: 6 }), (world, wants) => {
        const node = new ModelNode(world);
        const judge = (): void => {
          const { highest, work, settled } = node.journal;
          const told = node.want?.assignment;
          if (told?.generation !== highest) return; // it has not taken it up yet
          const { kind } = opinionOf(node.journal, node.observe(), well);
          if (told.standby === true) expect(kind).to.not.equal('ready');
          const isUp = work === undefined && settled?.phase === 'healthy';
          if (isUp) expect(kind, 'its word in the end').to.equal(told.standby === true ? 'drain' : 'ready');
        };
        wants.forEach(({ release, intent, standby, turns }, at) => {
          const { dir } = world[release % world.length] ?? { dir: 'r0' };
          node.want = wanted(dir, at + 1, { intent, ...(standby ? { standby } : {}) });
          for (const killAt of turns) {
            node.turn(killAt);
            judge();
          }
        });
        for (let turn = 0; turn < 100 && node.turn(undefined); turn++) judge();
        judge();
      }),
      { numRuns: 500 },
    );
  });
});
