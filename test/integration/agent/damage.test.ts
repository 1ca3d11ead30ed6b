import { chmod, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { gone, isAlive, makeNode, type Node, serverFiles } from './harness.js';

const spec = 'shared: { dirs: [var/uploads], files: [etc/secret] }';

describe('an agent whose releases are damaged on disk', () => {
  let node: Node;
  let first: ReleaseRef;
  let second: ReleaseRef;
  beforeEach(async () => {
    node = await makeNode();
    await mkdir(join(node.home, 'shared/etc'), { recursive: true });
    await writeFile(join(node.home, 'shared/etc/secret'), '');
    await node.start();
    first = await node.release('1', serverFiles('1', { spec }));
    second = await node.release('2', serverFiles('2', { spec }));
    await node.coordinator.settled('web', node.deploy(first));
  });

  const placeOf = async (version: string, path: string): Promise<string> => {
    const names = await readdir(join(node.home, 'releases'));
    return join(node.home, 'releases', names.find((name) => name.startsWith(`${version}-`)) ?? '', path);
  };
  const damage = async (version: string): Promise<void> => {
    const path = await placeOf(version, 'server.js');
    await chmod(path, 0o644);
    await writeFile(path, (await readFile(path, 'utf8')).replace(`'${version}'`, "'x'"));
    await chmod(path, 0o444);
  };
  const remarks = (): readonly string[] =>
    node
      .agent()
      .logs()
      .filter(({ event }) => event === 'stage.remark')
      .map((line) => String(line['text']));

  it('activates what was released, though it was damaged after it was staged', async () => {
    await node.coordinator.settled('web', node.deploy(second, { intent: 'stage' }));
    await damage('2');
    const status = await node.coordinator.settled('web', node.deploy(second));
    expect(status).to.include({ phase: 'healthy', ready: true });
    expect(await node.ask()).to.equal('2');
    expect(remarks()).to.have.length(1);
    expect(remarks()[0]).to.match(
      /releases\/2-\S+ is not as it was staged: .*"server\.js".*; it is staged anew/,
    );
    expect(await readlink(await placeOf('2', 'var/uploads'))).to.equal('../../../shared/var/uploads');
  });

  it('goes back to a release that was damaged since, once it is made good', async () => {
    await node.coordinator.settled('web', node.deploy(second));
    await damage('1');
    expect(await node.coordinator.settled('web', node.deploy(first))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('1');
    expect(remarks()).to.have.length(1);
  });

  it('finds nothing wrong with what is whole, and mends a link that leads elsewhere', async () => {
    await node.coordinator.settled('web', node.deploy(second, { intent: 'stage' }));
    const uploads = await placeOf('2', 'var/uploads');
    await node.coordinator.settled('web', node.deploy(second));
    expect(remarks()).to.deep.equal([]);
    await node.coordinator.settled('web', node.deploy(first));
    await chmod(join(uploads, '..'), 0o755);
    await rm(uploads);
    await symlink('/etc', uploads);
    expect(await node.coordinator.settled('web', node.deploy(second))).to.include({ phase: 'healthy' });
    expect(await readlink(uploads)).to.equal('../../../shared/var/uploads');
    expect(remarks()[0]).to.include('"var/uploads" is not the link to what is shared');
  });

  it('takes no harm from what a hook made in a release, and has it made again where it is staged anew', async () => {
    const hooks = `${spec}\nhooks: { afterStage: { run: [bin/make] } }`;
    const make = '#!/bin/sh\necho made >> made.txt\n';
    const made = await node.release('3', { ...serverFiles('3', { spec: hooks }), 'bin/make': make });
    await node.coordinator.settled('web', node.deploy(made, { intent: 'stage' }));
    await node.coordinator.settled('web', node.deploy(made));
    expect(remarks()).to.deep.equal([]);
    expect(await readFile(await placeOf('3', 'made.txt'), 'utf8')).to.equal('made\n');
    await node.coordinator.settled('web', node.deploy(second));
    await damage('3');
    expect(await node.coordinator.settled('web', node.deploy(made))).to.include({ phase: 'healthy' });
    expect(remarks()).to.have.length(1);
    expect(await readFile(await placeOf('3', 'made.txt'), 'utf8')).to.equal('made\n');
  });

  it('goes back to a release that is whole though its service wrote beside it, with the store away', async () => {
    await writeFile(await placeOf('1', 'cache.pyc'), '');
    await node.coordinator.settled('web', node.deploy(second));
    await rename(join(node.dir, 'store'), join(node.dir, 'away'));
    expect(await node.coordinator.settled('web', node.deploy(first))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('1');
  });

  it('looks at what serves once more after a hook that may have changed files they share', async () => {
    const big = { 'big.txt': 'x'.repeat(10_000) };
    const old = await node.release('3', { ...serverFiles('3'), ...big });
    await node.coordinator.settled('web', node.deploy(old));
    const hooked = { server: 'process.exit(1);', spec: 'hooks: { afterStage: { run: [bin/edit] } }' };
    const edit = '#!/bin/sh\nchmod u+w big.txt && echo y >> big.txt\n';
    const files = { ...serverFiles('4', hooked), ...big, 'bin/edit': edit };
    const status = await node.coordinator.settled('web', node.deploy(await node.release('4', files)));
    expect(status.failure?.reason).to.match(
      /it turns back to a damaged release: releases\/3-\S+ is not as it was staged: "big\.txt"/,
    );
  });

  it('does not touch what serves, but names its damage when it has to turn back to it', async () => {
    const notes = (): readonly string[] =>
      node.coordinator.reports.flatMap(({ apps }) => apps.map(({ note }) => note));
    await damage('1');
    const { pid } = await node.service();
    const broken = await node.release('3', serverFiles('3', { server: 'process.exit(1);' }));
    const status = await node.coordinator.settled('web', node.deploy(broken));
    expect(isAlive(pid)).to.equal(false);
    expect(status.phase).to.equal('turnedBack');
    expect(status.failure?.reason).to.match(
      /it turns back to a damaged release: releases\/1-\S+ is not as it was staged: "server\.js"/,
    );
    expect(notes().some((note) => note.includes('releases/1-'))).to.equal(true);
    expect(await node.coordinator.settled('web', node.deploy(second))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('2');
    await gone(pid);
  });
});
