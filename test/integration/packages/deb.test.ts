import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeDeb } from '../../../systemd/package/deb.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { tempDir } from '../../support/temp-dir.js';

describe('a package for Debian', () => {
  before(async function () {
    if (!(await runs('dpkg-deb', '--version'))) skipLoudly(this, 'dpkg-deb is not installed');
  });

  it('is the same bytes from trees of another age and other modes, older than the commit too', async () => {
    const commit = 1_700_000_000;
    const all = await Promise.all([
      pack({ age: commit - 86_400, mode: 0o644, epoch: commit }),
      pack({ age: commit - 7, mode: 0o600, epoch: commit }),
      pack({ age: commit + 86_400, mode: 0o666, epoch: commit }),
    ]);
    for (const one of all) expect(one.equals(all[0])).to.equal(true);
    expect((await pack({ age: commit, mode: 0o644, epoch: commit + 1 })).equals(all[0])).to.equal(false);
  });

  it('has no link to a folder of the machine that built it', async () => {
    const tree = await tempDir();
    await symlink('elsewhere', join(tree, 'own'));
    expect(await packed(tree, 1_700_000_000)).not.to.have.length(0);
    await rm(join(tree, 'DEBIAN'), { recursive: true });
    await symlink('/tmp/somewhere', join(tree, 'link'));
    const error: unknown = await packed(tree, 1_700_000_000).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('link would not be the same from every build');
  });
});

interface Tree {
  readonly age: number;
  readonly mode: number;
  readonly epoch: number;
}

async function pack({ age, mode, epoch }: Tree): Promise<Buffer> {
  const tree = await tempDir();
  const dir = join(tree, 'usr/share/hello');
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'words');
  await writeFile(file, 'hello\n');
  await chmod(file, mode);
  for (const path of [file, dir, join(tree, 'usr/share'), join(tree, 'usr'), tree])
    await utimes(path, age, age);
  return packed(tree, epoch);
}

async function packed(tree: string, epoch: number): Promise<Buffer> {
  const control = {
    package: 'hello',
    version: '1.0.0',
    architecture: 'all',
    depends: ['libc6'],
    recommends: [],
    description: ['says hello'],
  } as const;
  return readFile(
    await makeDeb(await tempDir(), { control, tree, scripts: { postinst: '#!/bin/sh\n' }, epoch }),
  );
}
