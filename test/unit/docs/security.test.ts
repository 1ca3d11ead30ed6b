import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';

describe('the attempts in docs/security.md', () => {
  it('are all made by tests', () => {
    const [, tables = ''] = readFileSync(join(packageRoot(), 'docs/security.md'), 'utf8').split(
      '## What was tried',
    );
    const names = [...tables.matchAll(/^\| (?!attempt |---)([^|]+) \|/gm)].map(([, name = '']) => name);
    expect(names.length).to.be.greaterThan(50);
    const folder = join(packageRoot(), 'test/integration/attacks');
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    // The other way round is told by the tests themselves.
    const missing = names.filter(
      (name) => !sources.some((source) => source.includes(name.replace(/ ?…$/, ''))),
    );
    expect(missing).to.deep.equal([]);
  });
});
