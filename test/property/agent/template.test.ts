import { expect } from 'chai';
import fc from 'fast-check';
import { fillTemplate, namesIn, parseTemplate } from '../../../agent/core/template.js';

const open = '$' + '{';
const escape = (text: string): string => text.replaceAll(open, () => `$${open}`);

/** Text in which dollars and braces are everywhere. */
const text = fc
  .array(
    fc.oneof(fc.constantFrom('$', '{', '}', open, `$${open}`, `${open}A}`, '\n', 'é', '😀'), fc.string()),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));
const name = fc.constantFrom('A', 'B_2', '_c', 'LONG_NAME', '__proto__', 'constructor');
/** A dollar just before a value would make a literal of it; it can be part of the value. */
const literal = text.filter((each) => !each.endsWith('$'));
const places = fc.array(fc.tuple(literal, name), { maxLength: 8 });

describe('templates', () => {
  it('write any text, once what would be a value is marked as none', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(fillTemplate(parseTemplate(escape(each)), {}, 1_000_000)).to.equal(each);
      }),
    );
  });

  it('have any values put in their places, and look at nothing twice', () => {
    fc.assert(
      fc.property(places, text, fc.dictionary(name, text), text, (all, end, given, other) => {
        const values = { ...given };
        for (const [, each] of all) if (!Object.hasOwn(values, each)) define(values, each, other);
        const template = parseTemplate(
          all.map(([before, each]) => `${escape(before)}${open}${each}}`).join('') + escape(end),
        );
        const wanted = all.map(([before, each]) => before + String(values[each])).join('') + end;
        expect(fillTemplate(template, values, 1_000_000)).to.equal(wanted);
        expect([...namesIn(template)].sort()).to.deep.equal([...new Set(all.map(([, each]) => each))].sort());
      }),
    );
  });

  it('are never longer than they may be', () => {
    fc.assert(
      fc.property(text, text, fc.nat(40), (before, value, most) => {
        const template = parseTemplate(`${escape(before.replace(/\$+$/, ''))}${open}A}`);
        const length = before.replace(/\$+$/, '').length + value.length;
        const fill = (): string => fillTemplate(template, { A: value }, most);
        if (length > most) expect(fill).to.throw(/characters long/);
        else expect(fill()).to.have.length(length);
      }),
    );
  });

  it('that hold a "${" without a name are refused with its line, and those without a value too', () => {
    for (const slip of ['{}', '{A', '{A-B}', '{1}', '{ A }']) {
      expect(() => parseTemplate(`a\nb\n  $${slip}\n`), slip)
        .to.throw(/not closed or holds no name/)
        .and.has.nested.property('location.line', 3);
    }
    for (const absent of ['A', 'toString', '__proto__']) {
      expect(() => fillTemplate(parseTemplate(`${open}${absent}}`), {}, 10)).to.throw(
        `no value for ${open}${absent}}`,
      );
    }
  });
});

/** Also a name that means something else in an object literal. */
function define(values: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true });
}
