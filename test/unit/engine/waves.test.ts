import { expect } from 'chai';
import { atLeast, atMost, budgetOf } from '../../../coordinator/core/rollout/amounts.js';
import { dealWaves } from '../../../coordinator/core/rollout/waves.js';
import type { Strategy } from '../../../shared/model/application.js';
import { plainStrategy } from '../../sim/fixtures.js';
import { planNode, wave } from './harness.js';

const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'];
const dealt = (waves: Strategy['waves'], of: readonly string[] = names): string[] =>
  dealWaves(
    { ...plainStrategy, waves },
    'deploy',
    of.map((name) => planNode(name)),
  ).map((planned) => `${planned.wave.name}: ${planned.members.map(({ name }) => name).join(' ')}`);

describe('waves', () => {
  it('takes a canary from each zone, but never all of a zone with more than one node', () => {
    expect(dealt([wave('pilot', { members: { kind: 'canary', perZone: 2 } })])).to.deep.equal([
      'pilot: a1 a2 b1 c1',
      'rest: a3 b2',
    ]);
  });

  it('leaves one node out of the canaries where each zone has a single one', () => {
    const pilot = wave('pilot', { members: { kind: 'canary', perZone: 1 } });
    expect(dealt([pilot], ['a1', 'b1', 'c1'])).to.deep.equal(['pilot: a1 b1', 'rest: c1']);
    expect(dealt([pilot], ['a1'])).to.deep.equal(['pilot: a1']);
  });

  it('prefers canaries that are connected and serve', () => {
    const planned = dealWaves(
      { ...plainStrategy, waves: [wave('pilot', { members: { kind: 'canary', perZone: 1 } })] },
      'deploy',
      [planNode('a1', { liveness: 'lost' }), planNode('a2', { serving: false }), planNode('a3')],
    );
    expect(planned[0]?.members.map(({ name }) => name)).to.deep.equal(['a3']);
  });

  it('spreads counted canaries over the zones', () => {
    const members = { kind: 'canaryTotal' as const, amount: { kind: 'percent' as const, percent: 50 } };
    expect(dealt([wave('pilot', { members })])[0]).to.equal('pilot: a1 b1 c1');
  });

  it('goes by zone, in sub-waves', () => {
    expect(dealt([wave('zones', { members: { kind: 'byZone' } })])).to.deep.equal([
      'zones/a: a1 a2 a3',
      'zones/b: b1 b2',
      'zones/c: c1',
    ]);
  });

  it('gives each node to the first wave that takes it', () => {
    const selector = { requirements: [{ kind: 'in' as const, key: 'zone', values: ['a'] }], text: 'zone=a' };
    expect(
      dealt([
        wave('two', { members: { kind: 'amount', amount: { kind: 'count', count: 2 } } }),
        wave('a', { members: { kind: 'selector', selector } }),
        wave('others'),
      ]),
    ).to.deep.equal(['two: a1 a2', 'a: a3', 'others: b1 b2 c1']);
  });

  it('rounds down what may break, up what must hold, and moves at least one', () => {
    const percent = (value: number) => ({ kind: 'percent' as const, percent: value });
    expect(atMost(percent(20), 9)).to.equal(1);
    expect(atMost(percent(1), 9)).to.equal(1);
    expect(atLeast(percent(50), 9)).to.equal(5);
    expect(atLeast(percent(100), 0)).to.equal(0);
    expect(budgetOf(percent(10), 9)).to.equal(0);
    expect(budgetOf({ kind: 'count', count: 0 }, 9)).to.equal(0);
  });
});
