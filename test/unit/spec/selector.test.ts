import { expect } from 'chai';
import fc from 'fast-check';
import { matches } from '../../../shared/core/selector.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { HostFacts } from '../../../shared/model/node-status.js';
import { parseSelector } from '../../../shared/spec/selector.js';
import { hostFacts } from '../../sim/fixtures.js';
import { failure } from './failure.js';

const meets = (text: string, labels: Labels, facts?: HostFacts): boolean =>
  matches(parseSelector(text), { labels, facts });

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
    expect(meets('', { zone: 'a' })).to.equal(true);
    expect(meets('zone in (a,b),!canary', { zone: 'b' })).to.equal(true);
    expect(meets('zone in (a,b),!canary', { zone: 'b', canary: 'yes' })).to.equal(false);
  });

  it('reads facts: numbers, sizes, and texts with blanks', () => {
    const { requirements } = parseSelector(
      'facts.memory >= 8GiB,facts.cpus<16,facts.os="Debian GNU/Linux 12"',
    );
    expect(requirements).to.deep.equal([
      { kind: 'compare', key: 'facts.memory', operator: '>=', value: 8 * 1024 ** 3 },
      { kind: 'compare', key: 'facts.cpus', operator: '<', value: 16 },
      { kind: 'in', key: 'facts.os', values: ['Debian GNU/Linux 12'] },
    ]);
  });

  it('goes by facts as it goes by labels', () => {
    const told: readonly (readonly [string, boolean])[] = [
      ['facts.memory>=8GiB', true],
      ['facts.memory>8GiB', false],
      ['facts.memory<=8192MiB', true],
      ['facts.memory<8GB', false],
      ['facts.memory=8GiB', true],
      ['facts.cpus in (2,04)', true],
      ['facts.cpus!=4', false],
      ['facts.arch notin (arm64)', true],
      ['facts.arch', true],
      ['!facts.arch', false],
      ['zone=a,facts.cpus>2', true],
      ['zone=b,facts.cpus>2', false],
    ];
    for (const [text, holds] of told) expect(meets(text, { zone: 'a' }, hostFacts), text).to.equal(holds);
  });

  it('takes a node that has not told its facts for none of those that have (teleport#66634)', () => {
    for (const text of ['facts.cpus>1', 'facts.cpus!=4', 'facts.arch notin (arm64)', 'facts.arch'])
      expect(meets(text, {}), text).to.equal(false);
    expect(meets('!facts.arch', {})).to.equal(true);
    expect(meets('arch!=x64', {})).to.equal(true);
  });

  it('takes no node for one with a label that every object has (found by fuzzing)', () => {
    expect(meets('constructor', {})).to.equal(false);
    expect(meets('!constructor', {})).to.equal(true);
    expect(meets('constructor=a', { constructor: 'a' })).to.equal(true);
  });

  it('quotes no more than the beginning of what it refuses (found by fuzzing)', () => {
    const long = 'x'.repeat(4000);
    for (const text of [long, `facts.${long}`, `env=${long}`, `a in (${long})`]) {
      expect(failure(() => parseSelector(text)).message.length, text.slice(0, 20)).to.be.lessThan(300);
    }
  });

  it('never takes one operator for its opposite', () => {
    const operators = fc.constantFrom(...(['<', '<=', '>', '>='] as const));
    fc.assert(
      fc.property(operators, fc.nat(8), fc.nat(8), (operator, cpus, bound) => {
        const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' }[operator];
        const facts = { ...hostFacts, cpus };
        expect(meets(`facts.cpus${operator}${bound}`, {}, facts)).to.not.equal(
          meets(`facts.cpus ${opposite} ${bound}`, {}, facts),
        );
        expect(meets(`facts.cpus${operator}${bound}`, {}, facts)).to.equal(
          operator.includes('=') && cpus === bound
            ? true
            : operator.startsWith('<')
              ? cpus < bound
              : cpus > bound,
        );
      }),
    );
  });

  const wrong: readonly (readonly [text: string, column: number, about: RegExp])[] = [
    ['env=', 5, /a value for "env" here, not the end/],
    ['=x', 1, /the name of a label or fact here, not "="/],
    ['env=a,', 7, /the name of a label or fact here, not the end/],
    ['env=a role=b', 7, /a "," here, not "role"/],
    ['zone in (a', 11, /a comma or "\)" here, not the end/],
    ['zone in (a b)', 12, /a comma or "\)" here, not "b"/],
    ['zone in a', 9, /a "\(" here, not "a"/],
    ['zone in ()', 10, /a value for "zone" here, not "\)"/],
    ['zone within (a)', 6, /after "zone" there must be/],
    ['!', 2, /the name of a label or fact here, not the end/],
    ['a%b=c', 1, /cannot be the name of a label/],
    ['env=pröd', 5, /cannot be the value of a label/],
    [`a=${'x'.repeat(5000)}`, 1, /longer than/],
    ['a=b,facts.memry>=8GiB', 5, /no fact "facts.memry"; did you mean "facts.memory"\?/],
    ['facts.diskFree>1GB', 1, /no fact "facts.diskFree"; known here: facts.arch, /],
    ['facts.memory>=8', 15, /"facts.memory" is a size, and "8" is none; write it like 8GiB/],
    ['facts.memory>=lots', 15, /is a size, and "lots" is none/],
    ['facts.cpus>many', 12, /"facts.cpus" is a number, and "many" is none/],
    [
      'rack>3',
      5,
      /"rack" is a label, and only facts that are numbers are more or less: facts.cpus and facts.memory/,
    ],
    ['facts.os>=12', 9, /"facts.os" is text/],
    ['facts.memory 8GiB', 14, /after "facts.memory" there must be =, !=, <, <=, >, >=, in, notin or a comma/],
    ['facts.os="Debian 12', 10, /the quotation that begins here does not end/],
    ['zone="a b"', 6, /cannot be the value of a label/],
    ['a=b "in" (c)', 5, /a "," here/],
    ['a "in" (c)', 3, /after "a" there must be/],
    ['facts.cpus>', 12, /a value for "facts.cpus" here, not the end/],
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
