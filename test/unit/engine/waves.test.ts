import { expect } from 'chai';
import { atLeast, atMost, budgetOf } from '../../../coordinator/core/rollout/amounts.js';
import type { PlanNode } from '../../../coordinator/core/rollout/types/plan.js';
import { dealWaves } from '../../../coordinator/core/rollout/waves.js';
import type { Strategy } from '../../../shared/model/application.js';
import { hostFacts, plainStrategy } from '../../sim/fixtures.js';
import { planNode, wave } from './harness.js';

const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'];
const dealt = (waves: Strategy['waves'], of: readonly string[] = names): string[] =>
  dealtNodes(
    waves,
    of.map((name) => planNode(name)),
  );
const dealtNodes = (waves: Strategy['waves'], nodes: readonly PlanNode[]): string[] =>
  dealWaves({ ...plainStrategy, waves }, 'deploy', nodes).map(
    (planned) => `${planned.wave.name}: ${planned.members.map(({ name }) => name).join(' ')}`,
  );

const percentOf = (percent: number) => ({ kind: 'percent' as const, percent });

/** A host with so many gibibytes. */
const host = (name: string, os: string, gibibytes: number): PlanNode =>
  planNode(name, { facts: { ...hostFacts, os, memoryTotal: gibibytes * 1024 ** 3 } });

describe('waves', () => {
  it('takes a canary from each zone, but never all of a zone with more than one node (Teleport docs)', () => {
    expect(dealt([wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 2 } })])).to.deep.equal([
      'pilot: a1 a2 b1 c1',
      'rest: a3 b2',
    ]);
  });

  it('leaves one node out of the canaries where each zone has a single one', () => {
    const pilot = wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 } });
    expect(dealt([pilot], ['a1', 'b1', 'c1'])).to.deep.equal(['pilot: a1 b1', 'rest: c1']);
    expect(dealt([pilot], ['a1'])).to.deep.equal(['pilot: a1']);
  });

  it('prefers canaries that are connected and serve', () => {
    const planned = dealWaves(
      { ...plainStrategy, waves: [wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 } })] },
      'deploy',
      [planNode('a1', { liveness: 'lost' }), planNode('a2', { serving: false }), planNode('a3')],
    );
    expect(planned[0]?.members.map(({ name }) => name)).to.deep.equal(['a3']);
  });

  it('spreads counted canaries over the zones', () => {
    const members = {
      kind: 'canaryTotal' as const,
      by: ['zone'] as const,
      amount: { kind: 'percent' as const, percent: 50 },
    };
    expect(dealt([wave('pilot', { members })])[0]).to.equal('pilot: a1 b1 c1');
  });

  it('keeps one node of each zone out of counted canaries, however many are asked for', () => {
    const members = { kind: 'canaryTotal' as const, by: ['zone'] as const, amount: percentOf(100) };
    expect(dealt([wave('pilot', { members })])).to.deep.equal(['pilot: a1 a2 b1 c1', 'rest: a3 b2']);
  });

  it('takes canaries of each kind of host, by labels and facts together', () => {
    const nodes = [
      host('a1', 'Debian 12', 8),
      host('a2', 'Debian 12', 8.001),
      host('a3', 'Debian 12', 64),
      host('a4', 'Debian 12', 64),
      host('a5', 'Debian 13', 64),
      host('a6', 'Debian 13', 64),
      planNode('a7'),
      planNode('a8'),
    ];
    const byHardware = { kind: 'canary' as const, by: ['facts.os', 'facts.memory'] as const, each: 1 };
    expect(dealtNodes([wave('pilot', { members: byHardware })], nodes)).to.deep.equal([
      'pilot: a1 a3 a5 a7',
      'rest: a2 a4 a6 a8',
    ]);
  });

  it('goes by any label, one group after the other, and last of all by what a node has not', () => {
    const nodes = ['eu', 'us', 'eu', ''].map((region, at) =>
      planNode(`n${at}`, { labels: region === '' ? {} : { region } }),
    );
    const regions = wave('regions', { members: { kind: 'by', by: ['region'] } });
    expect(dealtNodes([regions], nodes)).to.deep.equal([
      'regions/(no region): n3',
      'regions/eu: n0 n2',
      'regions/us: n1',
    ]);
    const both = wave('all', { members: { kind: 'by', by: ['region', 'facts.arch'] } });
    expect(dealtNodes([both], nodes.slice(0, 1))).to.deep.equal(['all/eu/(no facts.arch): n0']);
  });

  it('plans each region on its own: canaries, shares and groups of those that the wave is for', () => {
    const within = { requirements: [{ kind: 'in' as const, key: 'zone', values: ['a'] }], text: 'zone=a' };
    const pilot = wave('a pilot', {
      within,
      members: { kind: 'canaryTotal', by: ['zone'], amount: percentOf(50) },
    });
    const first = wave('a half', { within, members: { kind: 'amount', amount: percentOf(34) } });
    expect(dealt([pilot, first, wave('a', { within }), wave('others')])).to.deep.equal([
      'a pilot: a1',
      'a half: a2',
      'a: a3',
      'others: b1 b2 c1',
    ]);
  });

  it('goes by zone, in sub-waves', () => {
    expect(dealt([wave('zones', { members: { kind: 'by', by: ['zone'] } })])).to.deep.equal([
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
        wave('a', { within: selector }),
        wave('others'),
      ]),
    ).to.deep.equal(['two: a1 a2', 'a: a3', 'others: b1 b2 c1']);
  });

  it('rounds down what may break, up what must hold, and moves at least one', () => {
    const percent = percentOf;
    expect(atMost(percent(20), 9)).to.equal(1);
    expect(atMost(percent(1), 9)).to.equal(1);
    expect(atLeast(percent(50), 9)).to.equal(5);
    expect(atLeast(percent(100), 0)).to.equal(0);
    expect(budgetOf(percent(10), 9)).to.equal(0);
    expect(budgetOf({ kind: 'count', count: 0 }, 9)).to.equal(0);
  });
});
