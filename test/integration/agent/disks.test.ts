import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createStager } from '../../../agent/io/stager-client.js';
import type { AppName, EnvName } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { noise } from '../../support/noise.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';
import { makeNode, type Node, serverFiles } from './harness.js';

/** Static files of so many kilobytes, none of which another version has. */
const files = (version: number, kilobytes: number): Readonly<Record<string, string>> => ({
  page: noise(version, kilobytes * 500).toString('hex'),
});

describe('disks', function () {
  this.timeout(60_000);

  const versions = (node: Node): readonly string[] =>
    readdirSync(join(node.home, 'releases'))
      .map((name) => name.replace(/-.*/, ''))
      .sort();

  it('keep to the quota of an application: the oldest goes before a fetch, what is needed never (octopus#2083, capistrano#1907)', async () => {
    const node = await makeNode();
    await node.start(['--quota-mb', '1']);
    const deploy = async (version: number, kilobytes: number) =>
      node.coordinator.settled(
        'web',
        node.deploy(await node.release(String(version), files(version, kilobytes))),
      );
    for (const version of [1, 2, 3]) expect(await deploy(version, 300)).to.include({ phase: 'healthy' });
    expect(versions(node)).to.deep.equal(['1', '2', '3']);
    expect(await deploy(4, 300)).to.include({ phase: 'healthy' });
    expect(versions(node)).to.deep.equal(['2', '3', '4']);

    const tooLarge = await deploy(5, 600);
    expect(tooLarge.phase).to.equal('failed');
    expect(tooLarge.failure?.reason).to.match(
      /take 1\.2 MB, and --quota-mb allows 1(\.0)? MB; give the agent a larger quota/,
    );
    expect(tooLarge.current?.version).to.equal('4');
    expect(versions(node), 'what serves and what served before').to.deep.equal(['3', '4']);
    expect(await deploy(6, 300)).to.include({ phase: 'healthy' });
  });

  it('that cannot be given back fail no deployment (octopus#3210)', async () => {
    const node = await makeNode();
    await node.start(['--keep-releases', '1']);
    const deploy = async (version: number) =>
      node.coordinator.settled('web', node.deploy(await node.release(String(version), files(version, 1))));
    await deploy(1);
    await deploy(2);
    const [first = ''] = readdirSync(join(node.home, 'releases')).filter((name) => name.startsWith('1-'));
    const inTheWay = join(node.dir, 'state/releases/web', `${first}.chunks.gz`);
    await mkdir(inTheWay);
    expect(await deploy(3)).to.include({ phase: 'healthy' });
    expect(await deploy(4)).to.include({ phase: 'healthy' });
    expect(versions(node)).to.include('1');
    await rm(inTheWay, { recursive: true });
    expect(await deploy(5)).to.include({ phase: 'healthy' });
    await eventually(() => versions(node).join(' ') === '4 5', { what: 'the old ones to go' });
  });

  it('are given back slowly, and at once when something else is wanted', async () => {
    const dir = await tempDir();
    const stager = createStager(await stagerBundle());
    const [releaseDir, recordFile, stagingDir] = ['releases/r1', 'state/r1.json', '.staging'].map((path) =>
      join(dir, path),
    );
    if (releaseDir === undefined || recordFile === undefined || stagingDir === undefined)
      throw new Error('no paths');
    for (let folder = 0; folder < 40; folder++) {
      await mkdir(join(releaseDir, `folder-${folder}`), { recursive: true });
      for (let file = 0; file < 100; file++)
        await writeFile(join(releaseDir, `folder-${folder}`, `file-${file}`), '');
    }
    await mkdir(join(dir, 'state'));
    await writeFile(recordFile, '{}');
    const abort = new AbortController();
    const job = { releases: [{ releaseDir, recordFile }], stagingDir, slowly: true };
    const removal = stager.remove(job, { signal: abort.signal }).then(
      () => 'removed',
      (error: unknown) => String(error),
    );
    await eventually(() => !existsSync(recordFile), { everyMs: 1 });
    abort.abort();
    expect(await removal).to.include('cancelled');
    expect([existsSync(recordFile), existsSync(releaseDir)], 'it counts no more').to.deep.equal([
      false,
      false,
    ]);
    expect(readdirSync(stagingDir), 'some of it is left').to.have.length(1);
    await stager.remove({ ...job, releases: [] });
    expect(readdirSync(stagingDir)).to.deep.equal([]);
  });
});

describe('applications on one node', function () {
  this.timeout(60_000);

  it('do not know of each other: one is served, deployed and turned back while everything about the other is broken', async () => {
    const node = await makeNode();
    const other = 'other' as AppName;
    const otherHome = join(node.dir, 'srv/other');
    let generation = 0;
    /** Both are assigned: this one, and something for the other. */
    const deploy = (own: ReleaseRef, others: ReleaseRef): number => {
      generation += 1;
      const more = { configRevision: '01234567', env: 'test' as EnvName };
      node.coordinator.want(
        [
          node.assignment(own, generation, more),
          { ...node.assignment(others, generation, more), app: other },
        ],
        [`file:${join(node.dir, 'store')}`],
      );
      return generation;
    };
    const settled = (number: number) => node.coordinator.settled('web', number, 30_000);
    const otherStatus = () => node.coordinator.latest('other');

    // Where it should live is a file.
    await mkdir(join(node.dir, 'srv'));
    await writeFile(otherHome, 'a file');
    await node.start();
    const hanging = 'hooks: { beforeStart: { run: [sleep, "600"], timeout: 10m } }';
    const [v1, v2, bad] = [
      await node.release('1', serverFiles('1')),
      await node.release('2', serverFiles('2')),
      await node.release('3', serverFiles('3', { server: 'process.exit(1);' })),
    ];
    const stuck = await node.release('stuck', serverFiles('stuck', { spec: hanging }));
    expect(await settled(deploy(v1, stuck))).to.include({ phase: 'healthy', ready: true });
    expect(await node.ask()).to.equal('1');
    await eventually(() => otherStatus()?.phase === 'failed' || otherStatus()?.note !== '');

    // What it is to be cannot be had anywhere.
    await rm(otherHome);
    const lost = { ...stuck, digest: v1.digest.replace(/.{12}$/, '0'.repeat(12)) as ReleaseRef['digest'] };
    expect(await settled(deploy(v2, lost))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('2');

    // Its hook hangs, and the agent is killed in the middle of it.
    const third = deploy(bad, stuck);
    expect(await settled(third)).to.include({ phase: 'turnedBack', ready: true });
    await eventually(() => otherStatus()?.generation === third && otherStatus()?.phase === 'starting', {
      timeoutMs: 20_000,
    });
    await node.agent().stop('SIGKILL');
    await rm(join(otherHome, 'releases'), { recursive: true });
    await node.start();
    expect(await node.ready()).to.equal(200);
    expect(await node.ask()).to.equal('2');
    expect(await settled(deploy(v1, lost))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('1');
  });
});
