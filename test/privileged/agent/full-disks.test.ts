import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createStager, type StagerFailure } from '../../../agent/io/stager-client.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { cleanUp } from '../../support/cleanup.js';
import { skipLoudly } from '../../support/installed.js';
import { noise } from '../../support/noise.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';
import { build } from '../../support/trees.js';

/** Mounts a disk of this size until the test is over; false if that is not allowed here. */
function mountDisk(path: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    return false;
  }
  cleanUp(() => {
    execFileSync('umount', ['-l', path]);
  });
  return true;
}

describe('disks that are full', function () {
  this.timeout(60_000);

  it('are told apart: to make room among the releases does not help where the state is kept', async function () {
    const dir = await tempDir();
    const state = join(dir, 'state');
    await mkdir(state);
    if (!mountDisk(state, '40k')) skipLoudly(this, 'mounting a small disk needs root');
    const source = join(dir, 'source');
    const files = Array.from({ length: 2000 }, (_, n) => noise(n, 20).toString('hex'));
    await build(
      source,
      files.map((name, seed) => ({ folder: [], name, what: 'file', seed, size: 1 + seed })),
    );
    const store = directoryStore(join(dir, 'store'));
    const { kind, ...job } = stageJob(dir, await publish(source, store), [store.url]);
    expect(kind).to.equal('stage');
    const stager = createStager(await stagerBundle());
    const failure = await stager.stage(job).then(
      () => undefined,
      (error: unknown) => error as StagerFailure,
    );
    expect(failure?.message).to.equal(`the disk of ${join(state, 'releases/web')} is full`);
    expect(failure).to.include({ lacksSpace: false });
    expect(await readdir(job.stagingDir)).to.deep.equal([]);

    execFileSync('mount', ['-o', 'remount,size=4m', state]);
    expect((await stager.stage(job)).fetchedBytes, 'what is there whole is taken').to.equal(0);
    expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
  });
});
