import { expect } from 'chai';
import { nearest, suggestion } from '../../../shared/core/nearest.js';

describe('nearest', () => {
  it('finds slips of the keyboard, other spellings, and nothing far away', () => {
    const known = ['selector', 'strategy', 'maxUnavailable'];
    expect(nearest('selectr', known)).to.equal('selector');
    expect(nearest('startegy', known)).to.equal('strategy');
    expect(nearest('max-unavailable', known)).to.equal('maxUnavailable');
    expect(nearest('color', known)).to.equal(undefined);
  });

  it('falls back on what is known', () => {
    expect(suggestion('x', ['aaa', 'bbb'])).to.equal('known here: aaa, bbb');
  });
});
