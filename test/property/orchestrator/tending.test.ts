import { expect } from 'chai';
import fc from 'fast-check';
import { Tended } from './tended.js';

const kinds = [
  ...(['report', 'report', 'report', 'report', 'come', 'come', 'label', 'label', 'away', 'back'] as const),
  ...(['decommission', 'freeze', 'thaw', 'settle', 'prove', 'deploy', 'abort', 'spec', 'pass'] as const),
];
const steps = fc.array(fc.record({ kind: fc.constantFrom(...kinds), node: fc.nat(3), at: fc.nat(23) }), {
  maxLength: 60,
});

describe('nodes outside rollouts', () => {
  it('are given and hold the same whether those that changed are looked at, or all', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 3 * 1024 * 1024), (list, bandwidth) => {
        const tended = new Tended(bandwidth);
        for (const step of list) {
          tended.step(step);
          const { given, held } = tended.lookAgainAtAll();
          expect(given, 'what a whole look finds that was missed').to.deep.equal([]);
          expect(tended.held(), 'who holds what it has, and why').to.deep.equal(held);
        }
      }),
      { numRuns: 400 },
    );
  });
});
