import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { CapstanError } from '../../../shared/model/errors.js';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';
import { parseBuildDescription } from '../../../shared/spec/build.js';
import { parseNodeConf } from '../../../shared/spec/node-conf.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { good } from '../../unit/spec/good-application.js';
import { mutated } from '../mutate.js';
import { hold, orRefused } from '../refusals.js';
import type { Target } from '../target.js';

const readers: Readonly<Record<string, (text: string, file: string) => unknown>> = {
  Application: parseApplicationSpecs,
  Release: parseReleaseSpec,
  Node: parseNodeConf,
  Build: parseBuildDescription,
};

/** The examples of the guides that are whole. */
function examples(): readonly string[] {
  const docs = join(packageRoot(), 'docs');
  const texts = readdirSync(docs)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(join(docs, name), 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm)])
    .map(([, text = '']) => text);
  return [good, ...texts.filter((text) => /^kind: (?:Application|Release|Node|Build)$/m.test(text))];
}

const texts = examples();
const trees = texts.map((text) => parse(text) as unknown);

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    'x',
    '10%',
    '10m',
    '999999999999d',
    '..',
    '/etc/passwd',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    { a: 1 },
    ['x', 'x'],
    '${X}',
    'a\0b',
    'env=a',
    'x'.repeat(5000),
    'LD_PRELOAD',
  ),
);
/** Where in the tree, and what is done there; counted anew at each level. */
const edit = fc.record({
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }),
  what: fc.constantFrom('replace', 'remove', 'rename', 'nest', 'double'),
  value: odd,
  name: fc.constantFrom(
    'x',
    '__proto__',
    'constructor',
    'kind',
    'name',
    'env',
    'config',
    'run',
    'LD_PRELOAD',
    '',
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function edited(node: unknown, { path, what, value, name }: Edit, depth = 0): unknown {
  if (typeof node !== 'object' || node === null) return value;
  const entries: [string, unknown][] = Object.entries(node);
  const at = entries.length === 0 ? -1 : (path[depth] ?? 0) % entries.length;
  const [key = '', child] = entries[at] ?? [];
  const isEnd = depth === path.length - 1 || typeof child !== 'object' || child === null;
  const put = (list: readonly (readonly [string, unknown])[]): unknown =>
    Array.isArray(node) ? list.map(([, item]) => item) : Object.fromEntries(list);
  if (!isEnd) return put(entries.with(at, [key, edited(child, { path, what, value, name }, depth + 1)]));
  if (at < 0) return put([[name, value]]);
  switch (what) {
    case 'replace':
      return put(entries.with(at, [key, value]));
    case 'remove':
      return put(entries.toSpliced(at, 1));
    case 'rename':
      return put(entries.with(at, [name, child]));
    case 'nest':
      return put(entries.with(at, [key, { [name]: child }]));
    case 'double':
      return put([...entries, [`${key}2`, child]]);
  }
}

const tree = fc
  .tuple(fc.constantFrom(...trees), fc.array(edit, { maxLength: 4 }))
  .map(([from, edits]) =>
    Buffer.from(stringify(edits.reduce<unknown>((to, each) => edited(to, each), from))),
  );
const text = fc.constantFrom(...texts).map((each) => Buffer.from(each));
const words = [
  ...[
    '- ',
    '? ',
    ': ',
    '[',
    '{',
    '}',
    ']',
    '"',
    "'",
    '|\n',
    '>\n',
    '#',
    '&a ',
    '*a',
    '!!binary ',
    '!!set ',
    '<<: ',
    '\t',
  ],
  ...[
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '\ufeff',
    '\0',
    '\xff',
    '\r',
    '\u2028',
    'kind: Release',
    'null',
    '~',
    '0x1F',
    '1_000',
  ],
];

export const specTarget: Target = {
  name: 'spec',
  inputs: fc.oneof(tree, mutated(text, words), mutated(tree, words)),
  read(input) {
    const source = input.toString();
    const kinds = Object.keys(readers).filter((kind) => source.includes(kind));
    const taken = kinds.filter((kind) => takes(readers[kind] ?? parseReleaseSpec, source));
    hold('it is of one kind', taken.length <= 1);
    return taken.length > 0;
  },
};

function takes(read: (text: string, file: string) => unknown, source: string): boolean {
  const value = orRefused(
    ['invalid'],
    () => read(source, 'x.yml'),
    (refusal) => checkPlace(refusal, source),
  );
  if (value === undefined) return false;
  hold('it says the same again', isDeepStrictEqual(read(source, 'x.yml'), value));
  const size = JSON.stringify(value).length;
  hold(`it is not blown up to ${size}`, size <= 100_000 + 200 * source.length);
  return true;
}

function checkPlace({ location, message }: CapstanError, source: string): void {
  const lines = source.split('\n');
  hold('the file is named', location?.file === 'x.yml');
  const { line = 1, column = 1 } = location ?? {};
  hold(`line ${line} is in the file`, line >= 1 && line <= lines.length + 1);
  hold(`column ${column} is in the line`, column >= 1);
  hold('it is one line', !/[\r\n]/.test(message));
}
