import { expect } from 'chai';
import { chooseSlots, straysOf } from '../../../coordinator/core/rollout/parallel/choose.js';
import { planNode } from './harness.js';

/** `b1=blue g1=green x` */
const nodesOf = (text: string) =>
  text.split(' ').map((word) => {
    const [name = '', slot] = word.split('=');
    return planNode(name, { labels: slot === undefined ? {} : { slot } });
  });
const choice = (text: string, active?: string) => chooseSlots('slot', active, nodesOf(text));
const strays = (text: string, active?: string) =>
  [...straysOf('slot', active, nodesOf(text))].map(([name, why]) => `${name}: ${why}`);
const pair = 'b1=blue b2=blue g1=green g2=green';

describe('the groups of a blue/green pair', () => {
  it('are not put in question by one node with another label (operators slip)', () => {
    expect(choice(`${pair} x1=gren x2`, 'blue')).to.deep.equal({
      kind: 'slots',
      slots: { label: 'slot', fresh: 'green', old: 'blue' },
    });
    expect(strays(`${pair} x1=gren x2`, 'blue')).to.deep.equal([
      'x1: its label slot=gren is neither of the two groups, blue and green; did you mean green?',
      'x2: it has no label "slot", which puts it into a group',
    ]);
    expect(strays(`${pair} x1=canary`, 'blue')[0], 'nothing is like it').to.match(/blue and green$/);
  });

  it('are told apart by who takes requests, not by who was told to and does not yet', () => {
    const [blue, green] = [
      planNode('b1', { labels: { slot: 'blue' } }),
      planNode('g1', { labels: { slot: 'green' } }),
    ];
    const back = chooseSlots('slot', undefined, [{ ...blue, idle: true }, green]);
    expect(back).to.have.nested.include({ 'slots.old': 'green', 'slots.fresh': 'blue' });
    const alone = chooseSlots('slot', undefined, [blue, { ...green, idle: true, serving: false }]);
    expect(alone).to.have.nested.include({ 'slots.old': 'blue' });
    const soon = chooseSlots('slot', undefined, [
      { ...blue, serving: false },
      { ...green, idle: true },
    ]);
    expect(soon, 'nobody takes any yet').to.have.nested.include({ 'slots.old': 'green' });
  });

  it('may have one node where it takes the requests, and any number where there are but two', () => {
    expect(choice('b1=blue g1=green g2=green x1=gren', 'blue').kind).to.equal('slots');
    expect(choice('b1=blue g1=green').kind).to.equal('slots');
    expect(strays('b1=blue g1=green')).to.deep.equal([]);
  });

  it('are not guessed: any other choice could be the wrong one', () => {
    expect(choice(`${pair} t1=teal t2=teal`, 'blue')).to.deep.equal({
      kind: 'unfit',
      found: 'its nodes have blue (b1, b2), green (g1, g2), teal (t1, t2)',
    });
    expect(choice('b1=blue b2=blue g1=green x1=gren', 'blue').kind).to.equal('unfit');
    expect(strays('b1=blue b2=blue g1=green x1=gren', 'blue')).to.deep.equal([]);
    expect(choice('b1=blue b2=blue', 'blue')).to.include({ found: 'its nodes have blue (b1, b2)' });
    expect(choice('a b')).to.include({ found: 'none of its nodes has it' });
    const own = chooseSlots('constructor', undefined, nodesOf('a b'));
    expect(own, 'what every object has').to.include({ found: 'none of its nodes has it' });
  });
});
