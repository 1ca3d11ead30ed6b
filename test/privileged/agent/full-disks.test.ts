import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createStager, type StagerFailure } from '../../../agent/io/stager-client.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { makeNode } from '../../integration/agent/harness.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
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

type Mount = (path: string) => boolean;

/** The same, of ext4 in a file beside it. */
function mountExt4(path: string): boolean {
  const image = `${path}.img`;
  try {
    execFileSync('truncate', ['-s', '8M', image]);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, path], { stdio: 'pipe' });
  } catch {
    return false;
  }
  cleanUp(() => {
    execFileSync('umount', ['-l', path]);
  });
  return true;
}

const systems: readonly (readonly [string, Mount])[] = [
  ['tmpfs', (path) => mountDisk(path, '6m')],
  ['ext4', mountExt4],
];

/** Writes until nothing more is taken. */
function fill(path: string): void {
  const fd = openSync(path, 'w');
  try {
    for (const size of [65_536, 4096, 1]) {
      try {
        while (writeSync(fd, Buffer.alloc(size, 'x')) > 0);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  } finally {
    closeSync(fd);
  }
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

  for (const [name, mount] of systems) {
    for (const place of ['srv', 'state'] as const) {
      it(`are waited for, and so are read-only ones, where the ${place === 'srv' ? 'releases are' : 'state is'} on ${name} (codedeploy#64, balena#674)`, async function () {
        const node = await makeNode();
        const disk = join(node.dir, place);
        await mkdir(disk);
        if (!mount(disk)) skipLoudly(this, `mounting ${name} needs root`);
        await node.start();
        const page = (version: number): Readonly<Record<string, string>> => ({
          page: noise(version, 400_000).toString('hex'),
        });
        const deploy = async (version: number): Promise<number> =>
          node.deploy(await node.release(String(version), page(version)));
        const live = async (): Promise<string> => (await node.current()).replace(/^releases\/(\d+)-.*/, '$1');
        const waits = (pattern: RegExp): Promise<true> =>
          eventually(
            () => {
              const { note, phase } = node.coordinator.latest('web') ?? {};
              if (pattern.test(note ?? '') && phase !== 'failed') return true;
              throw new Error(`${phase}: ${note}`);
            },
            { timeoutMs: 20_000 },
          );
        expect(await node.coordinator.settled('web', await deploy(1))).to.include({ phase: 'healthy' });

        fill(join(disk, 'filler'));
        const second = await deploy(2);
        await waits(/needs .* where .* free|is full|no space left/);
        expect(await live()).to.equal('1');
        await rm(join(disk, 'filler'));
        expect(await node.coordinator.settled('web', second, 40_000)).to.include({ phase: 'healthy' });

        execFileSync('mount', ['-o', 'remount,ro', disk]);
        const third = await deploy(3);
        await waits(/read-only/);
        expect(await live()).to.equal('2');
        execFileSync('mount', ['-o', 'remount,rw', disk]);
        expect(await node.coordinator.settled('web', third, 40_000)).to.include({ phase: 'healthy' });
        expect(await live()).to.equal('3');
      });
    }
  }
});
