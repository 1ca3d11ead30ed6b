import { expect } from 'chai';
import fc from 'fast-check';
import {
  addSpan,
  holdsSpan,
  parseSpans,
  type Span,
  type Spans,
  spanBytes,
} from '../../../shared/core/spans.js';

const span: fc.Arbitrary<Span> = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 12 }))
  .map(([from, length]) => [from, from + length]);

const bytesIn = (list: readonly Span[]): Set<number> =>
  new Set(list.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at)));

describe('sets of bytes', () => {
  it('hold what was added, in any order, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), span, (added, asked) => {
        const spans = added.reduce<Spans>(addSpan, []);
        const bytes = bytesIn(added);
        expect(bytesIn(spans)).to.deep.equal(bytes);
        expect(spanBytes(spans)).to.equal(bytes.size);
        expect(parseSpans(JSON.parse(JSON.stringify(spans)), 100, 100), 'canonical').to.deep.equal(spans);
        fc.pre(asked[1] > asked[0]);
        expect(holdsSpan(spans, asked)).to.equal([...bytesIn([asked])].every((byte) => bytes.has(byte)));
      }),
    );
  });

  it('are refused where they are none', () => {
    const bad: readonly unknown[] = [
      undefined,
      null,
      {},
      'no',
      [1, 2],
      [[1]],
      [[1, 2, 3]],
      [[2, 1]],
      [[1, 1]],
      [[-1, 2]],
      [[0.5, 2]],
      [['0', 2]],
      [[0, 101]],
      [[0, Number.MAX_SAFE_INTEGER + 1]],
      [
        [5, 9],
        [1, 2],
      ],
      [
        [1, 5],
        [5, 9],
      ],
      Array.from({ length: 11 }, (_, at) => [at * 3, at * 3 + 1]),
    ];
    for (const value of bad) expect(parseSpans(value, 100, 10), JSON.stringify(value)).to.equal(undefined);
    expect(parseSpans([[0, 100]], 100, 10)).to.deep.equal([[0, 100]]);
  });
});
