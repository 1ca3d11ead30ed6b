import { expect } from 'chai';
import fc from 'fast-check';
import { environmentFile } from '../../../agent/io/services/systemd/environment-file.js';

/** An EnvironmentFile as systemd.exec(5) says it is read, for assignments whose value is quoted throughout or plain. */
function readEnvironment(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  let at = 0;
  const line = (): string => {
    const end = text.indexOf('\n', at);
    const found = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    return found;
  };
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    if (equals < 0) break;
    const name = text.slice(at, equals);
    if (/^\s*[#;]/.test(name)) {
      line();
      continue;
    }
    at = equals + 1;
    let value = '';
    if (text[at] === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') {
        const character = text.charAt(at);
        const next = text.charAt(at + 1);
        if (character !== '\\') value += character;
        else if ('"\\`$'.includes(next)) value += next;
        else if (next !== '\n') value += character + next;
        at += character === '\\' ? 2 : 1;
      }
      at += 1;
      expect(line(), 'nothing comes after the quotes').to.equal('');
    } else value = line().trim();
    values[name] = value;
  }
  return values;
}

describe('a file of values for systemd', () => {
  it('gives back every value as it was', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
    const value = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      fc.string({ unit: fc.constantFrom('"', '\\', '$', '`', "'", '\n', ' ', '#', ';', '=', '%', 'ä', 'n') }),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), (values) => {
        expect(readEnvironment(environmentFile(values))).to.deep.equal({ ...values });
      }),
    );
  });

  it('refuses what no process can be given', () => {
    expect(() => environmentFile({ KEY: 'a\0b' })).to.throw('KEY');
  });
});
