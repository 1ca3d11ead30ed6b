import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';

/** The first column of the tables: names, or how they begin where there are many of a kind. */
const known = [
  ...readFileSync(join(packageRoot(), 'docs/security.md'), 'utf8').matchAll(/^\| ([^|]+) \|/gm),
].map(([, name = '']) => name);
const isKnown = (name: string): boolean =>
  known.some((row) => (row.endsWith('…') ? name.startsWith(row.slice(0, -1)) : name === row));

/**
 * An attempt at what nobody may do, as a test. Its name is a row of docs/security.md, and in the report it is followed
 * by the sentence that it was refused with.
 * @param make resolves to the refusal
 */
export function attempt(name: string, says: string | RegExp, make: () => Promise<string>): void {
  it(name, async function () {
    expect(isKnown(name), `docs/security.md has a row "${name}"`).to.equal(true);
    const said = await make();
    if (typeof says === 'string') expect(said).to.equal(says);
    else expect(said).to.match(says);
    const { test } = this;
    if (test !== undefined) test.title = `${name}: ${short(said)}`;
  });
}

const longest = 240;
const short = (said: string): string => {
  const line = said.trim().replaceAll(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};
