import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

const hook = `hooks:
  beforeDrain: { run: [bin/note] }
  afterRejoin: { run: [bin/note] }
`;

describe('an agent of an idle group', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });

  const notes = join('shared', 'notes');
  const release = (version: string): Promise<ReleaseRef> =>
    node.release(version, {
      ...serverFiles(version, { spec: `shared: { dirs: [notes] }\n${hook}` }),
      'bin/note': '#!/bin/sh\necho "$CAPSTAN_HOOK" >> notes/hooks\n',
    });
  const hooksRun = async (): Promise<string> =>
    (await readFile(join(node.home, notes, 'hooks'), 'utf8').catch(() => '')).trim().split('\n').join(' ');
  const opinions = async (): Promise<readonly number[]> => [await node.ready(), await node.staging()];

  it('runs a release, and says no to load balancers and yes to those who test it', async () => {
    await node.coordinator.settled('web', node.deploy(await release('1'), { standby: true }));
    expect(await node.ask()).to.equal('1');
    expect(await opinions()).to.deep.equal([503, 200]);
    expect(node.coordinator.latest('web')).to.include({ phase: 'healthy', ready: false, standby: true });
    expect(await hooksRun(), 'nothing took it out of load or put it in').to.equal('');
    await node.ask('/break');
    await eventually(async () => (await node.staging()) === 503);
  });

  it('takes requests when it is told to, at once and with the same process, and stops taking them', async () => {
    const one = await release('1');
    await node.coordinator.settled('web', node.deploy(one, { standby: true }));
    const { pid } = await node.service();
    await node.coordinator.settled('web', node.deploy(one));
    expect(await opinions()).to.deep.equal([200, 503]);
    expect(node.coordinator.latest('web')).to.include({ ready: true });
    expect(node.coordinator.latest('web')).to.not.have.property('standby');
    await node.coordinator.settled('web', node.deploy(one, { standby: true }));
    expect(await opinions()).to.deep.equal([503, 200]);
    expect(await hooksRun()).to.equal('afterRejoin beforeDrain');
    expect((await node.service()).pid, 'nothing was restarted').to.equal(pid);
  });

  it('stays out of load through an end of the agent, another release, and one that fails', async () => {
    await node.coordinator.settled('web', node.deploy(await release('1'), { standby: true }));
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    expect(await node.ready(), 'the first answer').to.equal(503);
    await eventually(async () => (await node.staging()) === 200);
    await node.coordinator.settled('web', node.deploy(await release('2'), { standby: true }));
    expect(await node.ask()).to.equal('2');
    const broken = await node.release('3', serverFiles('3', { server: 'process.exit(1);' }));
    const generation = node.deploy(broken, { standby: true });
    await eventually(() => node.coordinator.latest('web')?.phase === 'turnedBack', { timeoutMs: 15_000 });
    expect(node.coordinator.latest('web')).to.include({ generation, standby: true, ready: false });
    expect(await opinions()).to.deep.equal([503, 200]);
    expect(await hooksRun()).to.equal('');
  });

  it('is taken out of load first when a release comes with the order to take no requests', async () => {
    await node.coordinator.settled('web', node.deploy(await release('1')));
    expect(await node.ready()).to.equal(200);
    const two = await release('2');
    await node.coordinator.settled('web', node.deploy(two, { standby: true }));
    expect(await opinions()).to.deep.equal([503, 200]);
    expect(await hooksRun()).to.equal('afterRejoin beforeDrain');
    await node.coordinator.settled('web', node.deploy(two, { intent: 'stage', standby: true }));
    expect(await opinions(), 'to stage something leaves requests where they are').to.deep.equal([503, 200]);
  });
});
