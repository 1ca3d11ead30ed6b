import { expect } from 'chai';
import fc from 'fast-check';
import { epochAfter, epochText, firstGeneration, lastEpoch } from '../../../shared/core/epoch.js';
import { ModelNode, wanted, worlds } from './model.js';

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

  it('keep a node from going back, whichever of several coordinators it hears, in whatever order and wherever it is killed', () => {
    const coordinator = fc.nat(2);
    const event = fc.oneof(
      fc.record({
        kind: fc.constant('tell' as const),
        by: coordinator,
        release: fc.nat(4),
        again: fc.nat(3),
      }),
      fc.record({ kind: fc.constant('turn' as const), kill: fc.option(fc.nat(2), { nil: undefined }) }),
      fc.constant({ kind: 'reboot' as const }),
    );
    const epochsOf = fc.uniqueArray(someEpoch, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(worlds, epochsOf, fc.array(event, { maxLength: 60 }), (world, later, script) => {
        const epochs = [0, ...later.sort((a, b) => a - b)];
        const node = new ModelNode(world);
        const given = epochs.map(firstGeneration);
        let greatest = 0;
        for (const one of script) {
          if (one.kind === 'tell') {
            // The newest that this coordinator has, or, again, one of those that it gave before.
            const newest = (given[one.by] ?? 0) + 1;
            given[one.by] = newest;
            const generation = Math.max(firstGeneration(epochs[one.by] ?? 0), newest - one.again);
            const { dir } = world[one.release % world.length] ?? { dir: '' };
            const offer = wanted(dir, generation);
            if (generation >= node.journal.highest) node.want = offer;
            else expect(node.supersedes(offer), 'it takes what is older').to.equal(false);
          } else if (one.kind === 'turn') node.turn(one.kill);
          else node.reboot();
          expect(node.journal.highest).to.be.at.least(greatest);
          greatest = node.journal.highest;
        }
        if (greatest === 0) return;
        const epochOfHighest = epochs.findLast((epoch) => firstGeneration(epoch) <= greatest) ?? 0;
        const worked = node.journal.work?.assignment.generation ?? greatest;
        expect(worked).to.be.at.least(firstGeneration(epochOfHighest));
      }),
      { numRuns: 500 },
    );
  });

  it('are called after when they began', () => {
    expect(epochText(0)).to.equal('the first epoch');
    expect(epochText(1_795_316_400)).to.equal('the epoch of 2026-11-22T03:00:00Z');
  });
});
