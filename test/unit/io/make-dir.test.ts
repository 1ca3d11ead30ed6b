import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeDir } from '../../../shared/io/make-dir.js';
import { tempDir } from '../../support/temp-dir.js';

describe('makeDir', () => {
  it('makes what is missing and says where that begins', async () => {
    const dir = await tempDir();
    expect(makeDir(join(dir, 'a/b/c'), 0o700)).to.equal(join(dir, 'a'));
    expect(statSync(join(dir, 'a/b/c')).mode & 0o777).to.equal(0o700);
    expect(makeDir(join(dir, 'a/b/c'))).to.equal(undefined);
    expect(makeDir(join(dir, 'a/b/d'))).to.equal(join(dir, 'a/b/d'));
  });

  it('ends with an error where no directory can be made', async () => {
    const dir = await tempDir();
    writeFileSync(join(dir, 'file'), '');
    expect(() => makeDir(join(dir, 'file/below'))).to.throw(/ENOTDIR|EEXIST/);
    expect(() => makeDir('/proc/no/such')).to.throw(/ENOENT/);
    mkdirSync(join(dir, 'there'));
    expect(makeDir(join(dir, 'there'))).to.equal(undefined);
  });
});
