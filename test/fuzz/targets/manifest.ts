import fc from 'fast-check';
import { emptyHex } from '../../../shared/release/digest.js';
import { encodeManifest, type Manifest, parseManifest } from '../../../shared/release/manifest.js';
import { mutated } from '../mutate.js';
import { hold, orRefused } from '../refusals.js';
import type { Target } from '../target.js';
import { oddPath } from './odd-paths.js';

const hex = 'ab'.repeat(32);
const numbers = [0, 1, -1, 1.5, 4096, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e308];

const target = fc.oneof(
  oddPath,
  fc
    .array(fc.constantFrom('..', '.', 'a', 'b', 'c', 'l'), { minLength: 1, maxLength: 6 })
    .map((to) => to.join('/')),
);
const row: fc.Arbitrary<readonly unknown[]> = fc.oneof(
  oddPath.map((path) => ['d', path]),
  fc
    .tuple(
      oddPath,
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('0644', '0755') },
        fc.constantFrom('4755', '2755', '0777', '', 'x'),
      ),
      fc.oneof({ weight: 8, arbitrary: fc.nat(10_000) }, fc.constantFrom<unknown>(...numbers, '1', null)),
    )
    .map(([path, mode, size]) => ['f', path, mode, size, size === 0 ? emptyHex : hex]),
  fc.tuple(oddPath, target).map(([path, to]) => ['l', path, to]),
  fc.constantFrom<readonly unknown[]>(
    ['b', 'sda', 8, 0],
    ['p', 'pipe'],
    ['h', 'a', 'b'],
    [],
    ['d'],
    [[], {}],
  ),
);

const bytesOf = (path: unknown): Buffer => Buffer.from(String(path));
/** In the order of their paths, each once, and with the folders that they lie in, so that many are taken. */
function tidied(rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const byPath = new Map<string, readonly unknown[]>();
  for (const each of rows) {
    const path = String(each[1]);
    const names = path.split('/').slice(0, -1);
    for (const depth of names.keys()) {
      const folder = names.slice(0, depth + 1).join('/');
      if (!byPath.has(folder)) byPath.set(folder, ['d', folder]);
    }
    if (!byPath.has(path)) byPath.set(path, each);
  }
  return [...byPath.values()].toSorted((a, b) => Buffer.compare(bytesOf(a[1]), bytesOf(b[1])));
}

const manifest = fc
  .tuple(fc.array(row, { maxLength: 30 }), fc.boolean())
  .map(([rows, isTidied]) =>
    Buffer.from(
      [['capstan-manifest', 1], ...(isTidied ? tidied(rows) : rows)]
        .map((each) => `${JSON.stringify(each)}\n`)
        .join(''),
    ),
  );

const words = [
  '["d","',
  '["l","',
  '..',
  '/',
  '\\u0000',
  '[',
  ']',
  '"',
  '\n',
  '{',
  '0755',
  '1e3',
  '-0',
  '\u{1f409}',
  '\ud800',
];

export const manifestTarget: Target = {
  name: 'manifest',
  inputs: fc.oneof(manifest, mutated(manifest, words)),
  read(input) {
    const found = orRefused(['corrupt', 'invalid'], () => parseManifest(input));
    if (found === undefined) return false;
    hold('it is written as it was read', encodeManifest(found.entries).equals(input));
    checkTree(found);
    return true;
  },
};

/** The same promises once more, and in another way than the reader keeps them. */
function checkTree({ entries, contentSize, fileCount }: Manifest): void {
  const kinds = new Map<string, string>();
  let last = Buffer.alloc(0);
  let size = 0;
  for (const entry of entries) {
    const { path } = entry;
    const names = path.split('/');
    hold(
      `${path} lies in the tree`,
      names.every((name) => !['', '.', '..'].includes(name)),
    );
    hold(
      'a name fits a file system',
      names.every((name) => Buffer.byteLength(name) <= 255),
    );
    hold('a path is text', !path.includes('\0') && Buffer.from(path).toString() === path);
    hold('paths grow', Buffer.compare(last, Buffer.from(path)) < 0);
    const parent = names.slice(0, -1).join('/');
    hold(`${parent} is a folder`, parent === '' || kinds.get(parent) === 'dir');
    last = Buffer.from(path);
    kinds.set(path, entry.kind);
    if (entry.kind === 'file') size += entry.size;
    if (entry.kind === 'link') hold('a link is relative', !entry.target.startsWith('/'));
  }
  hold('sizes add up', size === contentSize);
  hold('files are counted', entries.filter(({ kind }) => kind === 'file').length === fileCount);
}
