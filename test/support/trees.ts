import { createHash } from 'node:crypto';
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';

/** One thing in a tree that a property test makes. */
export interface Thing {
  readonly folder: readonly string[];
  readonly name: string;
  readonly what: 'file' | 'program' | 'folder' | 'link' | 'hardLink';
  readonly seed: number;
  readonly size: number;
}

/** Names with anything Linux allows: spaces, line breaks, quotes, emoji, dashes in front. */
const name = fc
  .oneof(
    fc.constantFrom(
      ...[
        'a',
        'b',
        'A',
        '-rf',
        'capstan',
        '.hidden',
        ' ',
        '\n',
        '"',
        '\\',
        '*',
        '%2e%2e',
        'ä',
        'a\u0308',
        '🐉',
        '\uffee',
        '...',
      ],
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  )
  .map((text) => text.replace(/[/\0\p{Surrogate}]/gu, '_'))
  .filter((text) => !['.', '..', 'capstan.yml'].includes(text) && Buffer.byteLength(text) <= 255);

const large = [1, 256 * 1024, 1024 * 1024 - 1, 1024 * 1024, 1_500_000, 2_500_000];

export const thing: fc.Arbitrary<Thing> = fc.record({
  folder: fc.array(name, { maxLength: 3 }),
  name,
  what: fc.constantFrom('file', 'file', 'file', 'file', 'program', 'folder', 'link', 'hardLink'),
  seed: fc.nat(5), // few, so that equal contents are common
  size: fc.oneof(
    { weight: 5, arbitrary: fc.nat(3000) },
    { weight: 1, arbitrary: fc.constantFrom(0, ...large) },
  ),
});

/**
 * Bytes that look random and are the same for the same seed. Large ones of neighbouring seeds differ in one place, where
 * some bytes are put in.
 */
export function content(seed: number, size: number): Buffer {
  const block = createHash('sha512')
    .update(String(Math.floor(seed / 3)))
    .digest();
  const bytes = Buffer.alloc(size, seed % 2 === 0 ? 'text ' : block);
  for (let at = 0; at < size - 8; at += 997) bytes.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at);
  if (size < 8) return bytes;
  const middle = Math.floor(size / 2);
  bytes.copy(bytes, middle + (seed % 3), middle, size - (seed % 3));
  bytes.writeUInt32LE(seed, middle - 4);
  return bytes;
}

/** Makes a tree. What cannot be made (a name is taken, a folder is a file) is left out. */
export async function build(root: string, things: readonly Thing[]): Promise<void> {
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'always'), 'there');
  for (const { folder, name: last, what, seed, size } of things) {
    const path = join(root, ...folder, last);
    try {
      await mkdir(join(root, ...folder), { recursive: true });
      if (what === 'folder') await mkdir(path);
      else if (what === 'link') await symlink(`${'../'.repeat(seed % (folder.length + 1))}always`, path);
      else if (what === 'hardLink') await link(join(root, 'always'), path);
      else {
        await writeFile(path, content(seed, size), { flag: 'wx' });
        await chmod(path, what === 'program' ? 0o755 : 0o640);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
}
