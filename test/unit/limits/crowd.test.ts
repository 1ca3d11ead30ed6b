import { expect } from 'chai';
import { Crowd } from '../../../coordinator/core/limits/crowd.js';

describe('a crowd', () => {
  it('takes in as many as there may be', () => {
    const crowd = new Crowd<string>({ patienceMs: 1000 });
    expect(crowd.enter('a', 'x', 0, 2)).to.deep.equal({ kind: 'in' });
    expect(crowd.enter('b', 'y', 0, 2)).to.deep.equal({ kind: 'in' });
    expect(crowd.enter('c', 'z', 0, 2)).to.deep.equal({ kind: 'full' });
    expect(crowd.size).to.equal(2);
    crowd.leave('a');
    crowd.leave('a');
    expect(crowd.enter('c', 'z', 0, 2)).to.deep.equal({ kind: 'in' });
  });

  it('gives a newcomer the place of the oldest of the address that has most', () => {
    const crowd = new Crowd<string>({ patienceMs: 1000 });
    for (const member of ['b1', 'a1', 'a2', 'a3']) crowd.enter(member, member.slice(0, 1), 0, 4);
    expect(crowd.enter('b2', 'b', 0, 4)).to.deep.equal({ kind: 'instead', of: 'a1' });
    expect(crowd.enter('b3', 'b', 0, 4), 'both have two').to.deep.equal({ kind: 'full' });
    expect(crowd.enter('c1', 'c', 0, 4).kind).to.equal('instead');
  });

  it('keeps nobody out for those of the same address who only wait', () => {
    const crowd = new Crowd<string>({ patienceMs: 1000 });
    for (const member of ['a1', 'a2']) crowd.enter(member, 'a', 0, 2);
    expect(crowd.enter('a3', 'a', 999, 2)).to.deep.equal({ kind: 'full' });
    expect(crowd.enter('a3', 'a', 1000, 2)).to.deep.equal({ kind: 'instead', of: 'a1' });
  });

  it('is full for everybody when it may have nobody', () => {
    expect(new Crowd<string>({ patienceMs: 0 }).enter('a', 'x', 0, 0)).to.deep.equal({ kind: 'full' });
  });
});
