import { expect } from 'chai';
import { Tally } from '../../../coordinator/core/limits/tally.js';

describe('a tally of refusals', () => {
  it('tells the first at once and those that follow once a minute', () => {
    const tally = new Tally();
    expect(tally.note('calls', 'ann', 0)).to.deep.equal({ what: 'calls', who: 'ann', times: 1 });
    for (let at = 1; at <= 500; at += 1) expect(tally.note('calls', 'ann', at)).to.equal(undefined);
    expect(tally.due(59_999)).to.deep.equal([]);
    expect(tally.due(60_000)).to.deep.equal([{ what: 'calls', who: 'ann', times: 500 }]);
    expect(tally.due(60_001)).to.deep.equal([]);
    expect(tally.due(120_000), 'nothing since').to.deep.equal([]);
    expect(tally.note('calls', 'ann', 130_000)).to.deep.equal({ what: 'calls', who: 'ann', times: 1 });
  });

  it('tells of each that is refused, and of a flood of them as one', () => {
    const tally = new Tally();
    const told = Array.from({ length: 3000 }, (_, n) => tally.note('connections', `10.0.0.${n}`, 0));
    const names = told.flatMap((line) => (line === undefined ? [] : [line.who]));
    expect(names.length).to.equal(1001);
    expect(names.at(-1)).to.equal('others');
    expect(tally.due(60_000)).to.deep.equal([{ what: 'connections', who: 'others', times: 1999 }]);
  });
});
