import { execFileSync } from 'node:child_process';
import { mkdir, readlink, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import type { ReleaseRecord } from '../../../agent/stager/protocol.js';
import { readReleaseRecord } from '../../../agent/stager/record.js';
import { verifyRelease } from '../../../agent/stager/verify.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { madeOnNode } from '../../../shared/model/release-spec.js';
import { makeNode, type Node, serverFiles } from '../../integration/agent/harness.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { killProcessesIn } from '../../support/processes.js';

const rounds = Number(process.env['CAPSTAN_POWER_CUTS'] ?? 20);
const seed = Number(process.env['CAPSTAN_POWER_CUTS_SEED'] ?? 20_261_121);

/** A file system of its own, in a file, that loses power at a word. */
class Disk {
  readonly mount: string;
  #image: string;

  constructor(dir: string) {
    this.mount = join(dir, 'disk');
    this.#image = join(dir, 'disk-0.img');
  }

  async make(): Promise<void> {
    await writeFile(this.#image, '');
    await truncate(this.#image, 96 * 1024 * 1024);
    execFileSync('mkfs.ext4', ['-q', '-F', this.#image], { stdio: 'pipe' });
    await mkdir(this.mount);
    this.#attach();
    cleanUp(() => {
      execFileSync('umount', ['-l', this.mount]);
    });
  }

  /** Whatever was not put on the disk by then is gone, and everything that ran with it. */
  async cutPower(): Promise<void> {
    execFileSync('xfs_io', ['-x', '-c', 'shutdown', this.mount], { stdio: 'pipe' });
    await killProcessesIn(this.mount);
    await eventually(() => {
      execFileSync('umount', [this.mount], { stdio: 'pipe' });
      return true;
    });
    // What is on the disk, in another file: a namespace that somebody else has made may hold on to the mount of this one.
    const next = this.#image.replace(/[0-9]+(?=\.img$)/, (number) => String(Number(number) + 1));
    execFileSync('cp', ['--sparse=always', this.#image, next]);
    await rm(this.#image);
    this.#image = next;
    this.#attach();
  }

  #attach(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.mount], { stdio: 'pipe' });
  }
}

describe('an agent on a host that loses power', function () {
  this.timeout(30_000 + rounds * 20_000);

  it(`finds what current names complete and verified after each of ${rounds} cuts, and goes on`, async function () {
    const able = process.getuid?.() === 0 && (await runs('xfs_io', '-V')) && (await runs('mkfs.ext4', '-V'));
    if (!able)
      skipLoudly(this, 'it needs root, loop devices, mkfs.ext4 and xfs_io (apt: e2fsprogs, xfsprogs)');
    let disk: Disk | undefined;
    const node = await makeNode(async (dir) => {
      disk = new Disk(dir);
      await disk.make();
      return disk.mount;
    }).catch((error: unknown) => {
      if (String(error).includes('mount'))
        skipLoudly(this, `no file system can be mounted here: ${String(error)}`);
      throw error;
    });
    if (disk === undefined) throw new Error('no disk');
    const releases = [await release(node, '1'), await release(node, '2')];
    await node.start();
    const begun = performance.now();
    await node.coordinator.settled('web', node.deploy(pick(releases, 0), { configRevision: revision(0) }));
    const wholeMs = performance.now() - begun;

    const instants = fc.sample(fc.double({ min: 0, max: 1.1, noNaN: true }), { numRuns: rounds, seed });
    const live = new Map<string, number>();
    for (const [index, instant] of instants.entries()) {
      const round = index + 1;
      const said = `cut ${round}, ${instant.toFixed(3)} into a deployment (seed ${seed})`;
      const generation = node.deploy(pick(releases, round), { configRevision: revision(round) });
      await delay(instant * wholeMs);
      await disk.cutPower();
      await node.agent().exited;
      const dir = await verifyLive(node, said);
      live.set(dir, (live.get(dir) ?? 0) + 1);
      await node.start();
      const status = await node.coordinator.settled('web', generation, 60_000);
      expect(status.phase, `${said}: ${status.failure?.reason ?? ''}`).to.equal('healthy');
      await eventually(() => node.coordinator.latest('web')?.ready, { what: `${said}: readiness` });
      await verifyLive(node, said);
    }
    // Both the release before and the one that was deployed must have been met, or nothing was cut in the middle.
    const deployed = [...live.values()].length;
    expect(deployed, 'different releases that were live after a cut').to.be.above(1);
  });
});

const pick = (releases: readonly ReleaseRef[], round: number): ReleaseRef => {
  const release = releases[round % releases.length];
  if (release === undefined) throw new Error('no release');
  return release;
};

/** Every round stages a directory of its own. */
const revision = (round: number): string => round.toString(16).padStart(8, '0');

const release = (node: Node, version: string): Promise<ReleaseRef> => {
  const text = Array.from(
    { length: 60 },
    (_, n) => [`public/${n}.txt`, `${version} ${n}\n`.repeat(1 + n * 40)] as const,
  );
  return node.release(version, { ...serverFiles(version), ...Object.fromEntries(text) });
};

/** @returns the directory that `current` names, every byte of which is what was released */
async function verifyLive(node: Node, said: string): Promise<string> {
  const dir = basename(await readlink(join(node.home, 'current')));
  const recordFile = join(node.home, '../../state/releases/web', `${dir}.json`);
  const record: ReleaseRecord | undefined = await readReleaseRecord(recordFile);
  if (record === undefined) throw new Error(`${said}: ${dir} has no record`);
  const { differences } = await verifyRelease({
    releaseDir: join(node.home, 'releases', dir),
    recordFile,
    ignore: madeOnNode(record.spec),
  });
  expect(differences, said).to.deep.equal([]);
  return dir;
}
