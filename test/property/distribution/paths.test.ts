import { expect } from 'chai';
import * as fc from 'fast-check';
import { comparePaths, pathProblem } from '../../../shared/release/path-rules.js';

/** Whatever order and rules could get wrong: dots, slashes, and what lies on either side of the surrogates. */
const unit = fc.constantFrom(
  'a',
  'B',
  '.',
  '..',
  '/',
  '-',
  ' ',
  '\0',
  'é',
  '\ud7ff',
  '\u{10000}',
  '\u{1f409}',
  '\ue000',
  '\uffee',
);
const path = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
const name = fc
  .tuple(fc.constantFrom('x', '.', 'é'), fc.integer({ min: 1, max: 300 }))
  .map(([piece, n]) => piece.repeat(n));

describe('a path of a release', () => {
  it('comes where its bytes do', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        const byBytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(comparePaths(a, b))).to.equal(byBytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('is relative, of names that are none of the special ones, and not too long', () => {
    const long = fc.array(name, { minLength: 1, maxLength: 20 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.oneof(path, long), (text) => {
        const isLegal =
          !text.includes('\0') &&
          Buffer.byteLength(text) <= 3072 &&
          text.split('/').every((part) => !['', '.', '..'].includes(part) && Buffer.byteLength(part) <= 255);
        expect(pathProblem(text) === undefined, JSON.stringify(text)).to.equal(isLegal);
      }),
      { numRuns: 2000 },
    );
  });
});
