import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { findUnlinked, linkShared } from '../../../agent/io/releases/links.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { tempDir } from '../../support/temp-dir.js';

describe('links into what is shared', () => {
  let home: string;
  let release: string;
  let shared: string;
  beforeEach(async () => {
    home = await tempDir();
    release = join(home, 'releases/1');
    shared = join(home, 'shared');
    await mkdir(join(release, 'etc'), { recursive: true });
    await mkdir(join(shared, 'uploads'), { recursive: true });
  });

  it('take the place of what the release has there', async () => {
    await writeFile(join(release, 'etc/key'), 'from the release');
    const spec = { shared: { dirs: ['uploads'], files: ['etc/key', 'new/place'] } };
    await linkShared(release, shared, spec);
    expect(await readlink(join(release, 'etc/key'))).to.equal('../../../shared/etc/key');
    expect(await readlink(join(release, 'new/place'))).to.equal('../../../shared/new/place');
    expect(await findUnlinked(release, shared, spec)).to.deep.equal([]);
  });

  it('follow no link on the way, so that no release replaces what lies outside (codedeploy#428)', async () => {
    const host = join(home, 'host');
    await mkdir(join(host, 'ssl'), { recursive: true });
    await writeFile(join(host, 'passwd'), 'root');
    await symlink('uploads', join(release, 'a'));
    await symlink(host, join(shared, 'uploads/b')); // the application's own user may do that
    for (const paths of [
      { dirs: ['uploads', 'a/b/ssl'], files: [] },
      { dirs: ['uploads'], files: ['a/b/passwd'] },
    ]) {
      const refusal = await linkShared(release, shared, { shared: paths }).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(CapstanError);
      expect(refusal).to.include({ code: 'invalid' });
      expect((refusal as CapstanError).message).to.match(/^"a" is not a directory of the release/);
    }
    expect(await readFile(join(host, 'passwd'), 'utf8')).to.equal('root');
    expect(await readdir(join(host, 'ssl'))).to.deep.equal([]);
  });

  it('are missed where a file has taken the place of their folder', async () => {
    await writeFile(join(release, 'file'), '');
    const found = await findUnlinked(release, shared, { shared: { dirs: ['file/logs'], files: [] } });
    expect(found).to.deep.equal(['"file/logs" is not the link to what is shared']);
  });
});
