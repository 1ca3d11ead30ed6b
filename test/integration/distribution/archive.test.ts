import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import {
  appendFile,
  chmod,
  cp,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Header, type HeaderData, Pax } from 'tar';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { exportRelease } from '../../../shared/distribution/export.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import type { Store } from '../../../shared/distribution/store.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { unpackArchive } from '../../../shared/release/archive.js';
import { sha256 } from '../../../shared/release/digest.js';
import { publish, readTree } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

const real = (name: string): string => join(packageRoot(), 'node_modules', name);

async function newStore(): Promise<{ readonly dir: string; readonly store: Store }> {
  const dir = await tempDir();
  return { dir, store: directoryStore(join(dir, 'store')) };
}

async function exported(store: Store, ref: ReleaseRef, file: string): Promise<Buffer> {
  await exportRelease(store, ref, createWriteStream(file));
  return await readFile(file);
}

async function refusalOf(work: Promise<unknown>): Promise<CapstanError> {
  const error: unknown = await work.then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CapstanError) return error;
  throw error;
}

/** A tar file with whatever headers one likes. */
function tarOf(
  ...entries: readonly (HeaderData & { readonly content?: string; readonly pax?: HeaderData })[]
): Buffer {
  const parts = entries.flatMap(({ content = '', pax, ...data }) => {
    const block = Buffer.alloc(512);
    new Header({ mode: 0o644, type: 'File', mtime: new Date(0), size: content.length, ...data }).encode(
      block,
      0,
    );
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [...(pax === undefined ? [] : [new Pax(pax).encode()]), block, body];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

describe('publishing', function () {
  this.timeout(60_000);

  it('gives the same digest for a tree, its copy, and its tar files by other programs', async () => {
    const { dir, store } = await newStore();
    const source = real('typescript');
    const ref = await publish(source, store);
    await cp(source, join(dir, 'copy'), { recursive: true });
    await utimes(join(dir, 'copy/package.json'), 1, 1);
    await chmod(join(dir, 'copy/package.json'), 0o600);
    execFileSync('tar', ['-cf', join(dir, 'a.tar'), '-C', source, '.']);
    execFileSync('tar', [
      '-czf',
      join(dir, 'b.tgz'),
      '--format=pax',
      '-C',
      source,
      ...(await readdir(source)).reverse(),
    ]);
    for (const name of ['copy', 'a.tar', 'b.tgz']) {
      expect(await publish(join(dir, name), store), name).to.deep.equal(ref);
    }
  });

  it('and exporting gives a tar that other programs read and that publishes to the same digest', async () => {
    const { dir, store } = await newStore();
    const source = join(dir, 'source');
    await cp(real('zod/v4/core'), join(source, 'core'), { recursive: true });
    const long = `${'long/'.repeat(40)}${'ü'.repeat(100)}`;
    await mkdir(join(source, long, '..'), { recursive: true });
    await writeFile(join(source, long), 'deep');
    await writeFile(join(source, 'big'), Buffer.alloc(5_000_000, 'some large content '));
    await writeFile(join(source, 'run'), '', { mode: 0o755 });
    await link(join(source, 'big'), join(source, 'same'));
    await symlink('core/../run', join(source, 'to-run'));
    await mkdir(join(source, 'empty'));
    const ref = await publish(source, store);
    const tar = await exported(store, ref, join(dir, 'one.tar'));
    const again = await exported(store, ref, join(dir, 'two.tar'));
    expect(sha256(again)).to.equal(sha256(tar));
    await mkdir(join(dir, 'out'));
    execFileSync('tar', ['-xf', join(dir, 'one.tar'), '-C', join(dir, 'out')]);
    expect(await readTree(join(dir, 'out'))).to.deep.equal(await readTree(source));
    expect((await publish(join(dir, 'one.tar'), store)).digest).to.equal(ref.digest);
  });

  it('stores what is there twice once', async () => {
    const { dir, store } = await newStore();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index * 31) % 251));
    await mkdir(join(dir, 'source'));
    for (const name of ['a', 'b', 'c']) await writeFile(join(dir, 'source', name), bytes);
    const ref = await publish(join(dir, 'source'), store);
    expect(ref.contentSize).to.equal(900_000);
    expect(ref.packSize).to.be.lessThan(302_000);
  });

  it('notices a tree that changes meanwhile', async () => {
    const { dir, store } = await newStore();
    const changes: readonly (readonly [string, (source: string) => Promise<unknown>])[] = [
      ['"package.json"', (source) => appendFile(join(source, 'package.json'), ' ')],
      ['"index.js"', (source) => rm(join(source, 'index.js'))],
      ['the directory', (source) => writeFile(join(source, 'new'), '')],
    ];
    for (const [index, [what, change]] of changes.entries()) {
      const source = join(dir, `source-${index}`);
      await cp(real('zod'), source, { recursive: true });
      const failure = await refusalOf(
        publishRelease({
          source,
          store,
          app: 'web' as AppName,
          version: '1.0.0' as ReleaseVersion,
          checkSpec: () => undefined,
          findExisting: async () => {
            await change(source);
            return undefined;
          },
        }),
      );
      expect(failure.code).to.equal('conflict');
      expect(failure.message).to.include('changed while it was being published');
      if (index !== 1) expect(failure.message).to.include(what);
    }
    expect(await readdir(dir)).to.not.include('store');
  });

  it('refuses what can be no release, by name', async () => {
    const { dir, store } = await newStore();
    const cases: readonly (readonly [string, string, (folder: string) => unknown])[] = [
      ['pipe', 'FIFO', (folder) => execFileSync('mkfifo', [join(folder, 'pipe')])],
      [
        'su',
        'setuid',
        (folder) => writeFile(join(folder, 'su'), 'x').then(() => chmod(join(folder, 'su'), 0o4755)),
      ],
      [
        'sg',
        'setgid',
        (folder) => writeFile(join(folder, 'sg'), 'x').then(() => chmod(join(folder, 'sg'), 0o2755)),
      ],
      ['out', 'leads out of the tree', (folder) => symlink('../store', join(folder, 'out'))],
      ['abs', 'absolute path', (folder) => symlink('/etc/passwd', join(folder, 'abs'))],
      ['\xff', 'not valid UTF-8', (folder) => writeFile(Buffer.from(`${folder}/\xff`, 'latin1'), '')],
    ];
    for (const [name, problem, make] of cases) {
      const source = await tempDir();
      await writeFile(join(source, 'fine'), 'fine');
      await make(source);
      const refusal = await refusalOf(publish(source, store));
      expect(refusal.code).to.equal('invalid');
      expect(refusal.message).to.include(JSON.stringify(name)).and.to.include(problem);
    }
    expect(await refusalOf(publish(await tempDir(), store))).to.include({ code: 'invalid' });
    expect(await refusalOf(publish(join(dir, 'nothing'), store))).to.include({ code: 'invalid' });
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('refuses a tree that is deeper than the system can name', async () => {
    const source = await tempDir();
    const deep = `${'n'.repeat(100)}/`.repeat(45);
    execFileSync('mkdir', ['-p', deep], { cwd: source });
    try {
      const refusal = await refusalOf(publish(source, (await newStore()).store));
      expect(refusal).to.include({ code: 'invalid' });
      expect(refusal.message).to.equal(`"${deep.slice(0, 300)}…" is longer than 3072 bytes`);
    } finally {
      execFileSync('rm', ['-r', 'n'.repeat(100)], { cwd: source });
    }
  });

  const hostile: readonly (readonly [string, Buffer, string, string])[] = [
    ['an absolute path', tarOf({ path: '/etc/cron.d/x' }), '"/etc/cron.d/x"', 'is absolute'],
    ['a path that climbs out', tarOf({ path: 'a/../../x' }), '"a/../../x"', 'climbs out'],
    [
      'a link out of the tree',
      tarOf({ path: 'l', type: 'SymbolicLink', linkpath: '../../x' }),
      '"l"',
      'out of the tree',
    ],
    [
      'an absolute link',
      tarOf({ path: 'l', type: 'SymbolicLink', linkpath: '/etc' }),
      '"l"',
      'absolute path',
    ],
    [
      'a file written through a link',
      tarOf({ path: 'l', type: 'SymbolicLink', linkpath: '.' }, { path: 'l/x' }),
      '"l/x"',
      'lies below "l"',
    ],
    [
      'a hard link out of the tree',
      tarOf({ path: 'h', type: 'Link', linkpath: '/etc/passwd' }),
      '"h"',
      'hard link',
    ],
    ['a hard link that climbs', tarOf({ path: 'h', type: 'Link', linkpath: '../x' }), '"h"', 'hard link'],
    [
      'a hard link to nothing',
      tarOf({ path: 'h', type: 'Link', linkpath: 'later' }),
      '"h"',
      'not a file earlier',
    ],
    ['a device', tarOf({ path: 'sda', type: 'BlockDevice' }), '"sda"', 'is a device'],
    ['a character device', tarOf({ path: 'tty', type: 'CharacterDevice' }), '"tty"', 'is a device'],
    ['a FIFO', tarOf({ path: 'pipe', type: 'FIFO' }), '"pipe"', 'is a FIFO'],
    ['a setuid file', tarOf({ path: 'su', mode: 0o4755 }), '"su"', 'setuid'],
    ['a setgid file', tarOf({ path: 'sg', mode: 0o2755 }), '"sg"', 'setgid'],
    [
      'a duplicate',
      tarOf({ path: 'a', content: '1' }, { path: './a', content: '2' }),
      '"a"',
      'is there twice',
    ],
    [
      'a file that is a folder',
      tarOf({ path: 'a', content: '1' }, { path: 'a/b' }),
      '"a/b"',
      'lies below "a"',
    ],
    ['a name beyond limits', tarOf({ path: 'x', pax: { path: 'n'.repeat(300) } }), '"nnn', 'longer than 255'],
  ];
  for (const [what, tar, path, problem] of hostile) {
    it(`refuses an archive with ${what}, by name`, async () => {
      const { dir, store } = await newStore();
      for (const [name, bytes] of [['x.tar', tar] as const, ['x.tgz', gzipSync(tar)] as const]) {
        await writeFile(join(dir, name), bytes);
        const refusal = await refusalOf(publish(join(dir, name), store));
        expect(refusal.code).to.equal('invalid');
        expect(refusal.message).to.include(path).and.to.include(problem);
      }
      expect(await readdir(dir)).to.have.members(['x.tar', 'x.tgz']);
    });
  }

  it('reads over what follows the end of an archive, at once and as long as it may', async () => {
    const { dir, store } = await newStore();
    const sound = tarOf({ path: 'a', content: 'x'.repeat(5000) }, { path: 'b', content: 'y' });
    await writeFile(join(dir, 'sound.tar'), sound);
    const ref = await publish(join(dir, 'sound.tar'), store);
    const padded = Buffer.concat([sound, Buffer.alloc(64 * 1024 * 1024)]);
    for (const [name, bytes] of [['x.tar', padded] as const, ['x.tgz', gzipSync(padded)] as const]) {
      await writeFile(join(dir, name), bytes);
      const begun = performance.now();
      expect(await publish(join(dir, name), store), name).to.deep.equal(ref);
      expect(performance.now() - begun, name).to.be.lessThan(5000);
      const stop = new AbortController();
      const unpacking = unpackArchive(join(dir, name), await tempDir(), {
        signal: stop.signal,
        onProgress: () => setImmediate(() => stop.abort()),
      });
      expect((await refusalOf(unpacking)).code, name).to.equal('cancelled');
    }
  });

  it('refuses what is no sound archive, in a sentence', async () => {
    const { dir, store } = await newStore();
    const sound = tarOf({ path: 'a', content: 'x'.repeat(5000) }, { path: 'b', content: 'y' });
    const zipped = gzipSync(sound);
    const broken: readonly (readonly [string, Buffer])[] = [
      ['text', Buffer.from('hello')],
      ['empty', Buffer.alloc(0)],
      ['zstd', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(1000)])],
      ['xz', Buffer.concat([Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), Buffer.alloc(1000)])],
      ['zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000)])],
      ['short.tar', sound.subarray(0, 2000)],
      ['short.tgz', zipped.subarray(0, zipped.length / 2)],
      ['flipped.tgz', Buffer.concat([zipped.subarray(0, 20), Buffer.from('?!?!'), zipped.subarray(24)])],
      ['zeros.tgz', gzipSync(Buffer.alloc(32 * 1024 * 1024))],
      ['twice.tgz', gzipSync(zipped)],
      ['text.gz', gzipSync('hello')],
      ['checksum.tar', Buffer.concat([Buffer.from('z'), sound.subarray(1)])],
    ];
    for (const [name, bytes] of broken) {
      await writeFile(join(dir, name), bytes);
      const refusal = await refusalOf(publish(join(dir, name), store));
      expect(refusal.code, name).to.equal('invalid');
      expect(refusal.message, name).to.include(join(dir, name));
    }
    expect(await readdir(dir)).to.not.include('store');
  });
});
