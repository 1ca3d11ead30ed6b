import { expect } from 'chai';
import { matches } from '../../../shared/core/selector.js';
import { parseSelector } from '../../../shared/spec/selector.js';
import { failure } from './failure.js';

describe('parseSelector', () => {
  it('reads every form of requirement', () => {
    const { requirements } = parseSelector(
      'env=production, role!=db,zone in (a, b),tier notin (x),gpu,!canary,a==b',
    );
    expect(requirements).to.deep.equal([
      { kind: 'in', key: 'env', values: ['production'] },
      { kind: 'notIn', key: 'role', values: ['db'] },
      { kind: 'in', key: 'zone', values: ['a', 'b'] },
      { kind: 'notIn', key: 'tier', values: ['x'] },
      { kind: 'exists', key: 'gpu' },
      { kind: 'absent', key: 'canary' },
      { kind: 'in', key: 'a', values: ['b'] },
    ]);
  });

  it('keeps the text, and matches everything when it is empty', () => {
    expect(parseSelector(' zone = a ').text).to.equal(' zone = a ');
    expect(matches(parseSelector(''), { zone: 'a' })).to.equal(true);
    expect(matches(parseSelector('zone in (a,b),!canary'), { zone: 'b' })).to.equal(true);
    expect(matches(parseSelector('zone in (a,b),!canary'), { zone: 'b', canary: 'yes' })).to.equal(false);
  });

  const wrong: readonly (readonly [text: string, column: number, about: RegExp])[] = [
    ['env=', 5, /a label's value here, not the end/],
    ['=x', 1, /a label's name here, not "="/],
    ['env=a,', 7, /a label's name here, not the end/],
    ['env=a role=b', 7, /a "," here, not "role"/],
    ['zone in (a', 11, /a comma or "\)" here, not the end/],
    ['zone in (a b)', 12, /a comma or "\)" here, not "b"/],
    ['zone in a', 9, /a "\(" here, not "a"/],
    ['zone in ()', 10, /a label's value here, not "\)"/],
    ['zone within (a)', 6, /after "zone" there must be/],
    ['!', 2, /a label's name here, not the end/],
    ['a%b=c', 1, /cannot be the name of a label/],
    ['env=pröd', 5, /cannot be the value of a label/],
    [`a=${'x'.repeat(5000)}`, 1, /longer than/],
  ];
  for (const [text, column, about] of wrong) {
    it(`refuses ${text.slice(0, 30)} at column ${column}`, () => {
      const error = failure(() => parseSelector(text));
      expect(error.code).to.equal('invalid');
      expect(error.message).to.match(about);
      expect(error.location).to.deep.equal({ column });
    });
  }
});
