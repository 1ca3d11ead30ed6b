import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unpackArchive } from '../../../shared/release/archive.js';
import { snapshotTree } from '../../../shared/release/tree.js';
import { paxPath, type TarEntry, tarOf } from '../../support/tar-of.js';
import { mutated } from '../mutate.js';
import { checkRefusal, hold } from '../refusals.js';
import type { Target } from '../target.js';
import { oddPath } from './odd-paths.js';

const inner = fc
  .tuple(fc.nat(1), fc.array(fc.constantFrom('a', 'b', 'c', '.', 'f1'), { minLength: 1, maxLength: 4 }))
  .map(([levels, names]) => '../'.repeat(levels) + names.join('/'));
const up = fc
  .tuple(fc.integer({ min: 1, max: 12 }), oddPath)
  .map(([levels, path]) => '../'.repeat(levels) + path);
const target = fc.oneof(
  { weight: 8, arbitrary: inner },
  oddPath,
  up,
  fc.constantFrom('/etc', '/', '.', 'a/..'),
);
const type = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom<NonNullable<TarEntry['type']>>('0', '0', '5', '2') },
  { weight: 2, arbitrary: fc.constant<TarEntry['type']>('1') },
  fc.constantFrom<NonNullable<TarEntry['type']>>('3', '4', '6', 'x'),
);
const mode = fc.oneof({ weight: 20, arbitrary: fc.constantFrom(0o644, 0o755) }, fc.nat(0o7777));
const body = fc.constantFrom('', 'hello', 'x'.repeat(600), '9 path=x\n');

const entry: fc.Arbitrary<readonly TarEntry[]> = fc
  .record({ path: oddPath, isPax: fc.nat(9), type, mode, target, body })
  .map(({ path, isPax, type: kind = '0', body: bytes, target: to, mode: bits }) => {
    const made: TarEntry = {
      ...{ name: path, type: kind, mode: bits },
      ...(kind === '1' || kind === '2' ? { target: to } : {}),
      ...(kind === '0' || kind === 'x' ? { body: bytes } : {}),
    };
    return isPax === 0 ? [paxPath(path), { ...made, name: 'short' }] : [made];
  });

const archive = fc.array(entry, { minLength: 1, maxLength: 8 }).map((entries) => tarOf(entries.flat()));
const words = [
  '../',
  '/',
  '\0',
  '0',
  '7',
  'x',
  'g',
  'L',
  'K',
  'ustar  \0',
  '9 path=',
  ' size=',
  ' linkpath=',
  '\xff',
];
const plain = fc.oneof({ weight: 3, arbitrary: archive }, mutated(archive, words));

/** One folder that must not be touched, and in it one for each archive. */
let outside: string | undefined;
function openOutside(): string {
  if (outside !== undefined) return outside;
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'capstan-fuzz-')));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'deep', 'deeper'), { recursive: true });
  writeFileSync(join(dir, 'deep', 'secret'), 'secret');
  outside = dir;
  return dir;
}
const untouched = ['deep', 'deep/deeper', 'deep/deeper/archive', 'deep/secret'];

export const archiveTarget: Target = {
  name: 'archive',
  inputs: fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 2, arbitrary: plain.map((bytes) => gzipSync(bytes, { level: 1 })) },
    mutated(
      archive.map((bytes) => gzipSync(bytes, { level: 1 })),
      words,
    ),
  ),
  async read(input) {
    const dir = openOutside();
    const file = join(dir, 'deep/deeper/archive');
    const into = join(dir, 'deep/deeper/into');
    writeFileSync(file, input);
    mkdirSync(into);
    try {
      const taken = await unpacked(file, into);
      const found = listed(dir, '').filter((path) => !path.startsWith('deep/deeper/into'));
      hold(`nothing is written elsewhere: ${found.join(', ')}`, found.toSorted().join() === untouched.join());
      checkTree(into, '');
      if (taken) await snapshotTree(into);
      return taken;
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  },
};

async function unpacked(file: string, into: string): Promise<boolean> {
  try {
    await unpackArchive(file, into);
    return true;
  } catch (thrown) {
    checkRefusal(['invalid'], thrown);
    return false;
  }
}

const listed = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((found) => {
    const path = folder === '' ? found.name : `${folder}/${found.name}`;
    return found.isDirectory() ? [path, ...listed(root, path)] : [path];
  });

function checkTree(root: string, folder: string): void {
  for (const name of readdirSync(join(root, folder))) {
    const path = join(root, folder, name);
    const stats = lstatSync(path);
    hold(
      `${name} is a file, a folder or a link`,
      stats.isFile() || stats.isDirectory() || stats.isSymbolicLink(),
    );
    if (stats.isSymbolicLink()) hold(`${name} leads nowhere else`, leadsInside(root, path));
    else hold(`${name} has no mode of its own`, (stats.mode & 0o7022) === 0);
    if (stats.isFile()) hold(`${name} is one file`, stats.nlink === 1);
    if (stats.isDirectory()) checkTree(root, join(folder, name));
  }
}

/** As the system finds it; what is not there, or goes in circles, leads nowhere. */
function leadsInside(root: string, path: string): boolean {
  try {
    const end = realpathSync.native(path);
    return end === root || end.startsWith(root + sep);
  } catch {
    return true;
  }
}
