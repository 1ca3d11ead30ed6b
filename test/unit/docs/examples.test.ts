import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';
import { parseBuildDescription } from '../../../shared/spec/build.js';
import { parseNodeConf } from '../../../shared/spec/node-conf.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';

const parsers: Readonly<Record<string, (text: string, file: string) => unknown>> = {
  Application: parseApplicationSpecs,
  Release: parseReleaseSpec,
  Node: parseNodeConf,
  Build: parseBuildDescription,
};

/** What an example leaves out, from the outermost to the innermost, and how its first line is indented without it. */
const around = [
  'apiVersion: capstan/v1\nkind: Application\nmetadata: { name: web }\n',
  'spec:\n  environments:\n',
  '    - name: production\n      selector: env=production\n',
  '      strategy:\n',
];
const depths: Readonly<Record<number, number>> = { 4: 2, 6: 3, 8: 4 };

/** Keys and digests, which the guides abbreviate, at full length. */
const written = (text: string): string =>
  text
    .replaceAll(/ed25519:(\w+)…=/g, (_, key: string) => `ed25519:${Buffer.alloc(32, key).toString('base64')}`)
    .replaceAll(/sha256: \w+…/g, `sha256: ${'9f86d081'.repeat(8)}`);

/** A part of a spec as a whole one. */
function whole(text: string): string {
  if (/^apiVersion: /m.test(text)) return text;
  if (text.startsWith('spec:')) return around.slice(0, 1).join('') + text;
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  const depth = depths[indent];
  return depth === undefined
    ? `apiVersion: capstan/v1\nkind: Release\n${text}`
    : around.slice(0, depth).join('') + text;
}

describe('the examples in the guides', () => {
  const folder = join(packageRoot(), 'docs');
  for (const file of ['../README.md', ...readdirSync(folder).filter((name) => name.endsWith('.md'))]) {
    const blocks = readFileSync(join(folder, file), 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm);
    const examples = [...blocks].map(([, text = '']) => text).filter((text) => !/^contexts:/m.test(text));
    if (examples.length === 0) continue;
    it(`of ${file} are what Capstan takes`, () => {
      for (const example of examples) {
        const text = whole(written(example));
        const parse = parsers[/^kind: (\w+)/m.exec(text)?.[1] ?? ''];
        expect(() => parse?.(text, file), example).not.to.throw();
        expect(parse, example).not.to.equal(undefined);
      }
    });
  }
});
