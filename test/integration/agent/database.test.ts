import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

/** A release whose database step notes what it sees, in a file beside the releases. */
const files = (version: string, script: string, spec = 'reversible: true') => ({
  ...serverFiles(version, { spec: `database: { run: [bin/migrate], timeout: 20s, ${spec} }` }),
  'bin/migrate': `#!/bin/sh\necho "$CAPSTAN_HOOK $CAPSTAN_PREVIOUS>$CAPSTAN_RELEASE $CAPSTAN_ATTEMPT $(basename $(readlink ../../current))" >> ../../ran\n${script}\n`,
});

describe('an agent and the database step of a release', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
  });
  const ran = () => readFile(join(node.home, 'ran'), 'utf8').catch(() => '');

  it('runs it if it is told to, before anything is stopped, and else not', async () => {
    const before = await node.current();
    const two = await node.release('2', files('2', 'echo done'));
    await node.coordinator.settled('web', node.deploy(two));
    expect(await ran()).to.equal('');
    const three = await node.release('3', files('3', 'echo done'));
    const status = await node.coordinator.settled('web', node.deploy(three, { database: true }));
    expect(status).to.include({ phase: 'healthy' }).and.not.to.have.property('pastReturn');
    expect(before).not.to.equal(await node.current());
    expect(await ran()).to.match(/^database 2>3 1 2-[0-9a-f]{12}-c\w+\n$/);
  });

  it('stops nothing if it fails, and says what it printed, and that there is no way back', async () => {
    const { pid } = await node.service();
    const release = await node.release(
      '2',
      files('2', 'echo no such column >&2; exit 7', 'reversible: false'),
    );
    const status = await node.coordinator.settled('web', node.deploy(release, { database: true }));
    expect(status).to.include({ phase: 'failed', ready: true, health: 'healthy', pastReturn: true });
    expect(status.failure).to.include({ step: 'database', logTail: 'no such column\n' });
    expect(status.failure?.reason).to.match(/^the database step \(bin\/migrate\) failed with exit code 7/);
    expect((await node.service()).pid).to.equal(pid);
    expect(await node.ask()).to.equal('1');
  });

  it('runs it again when the agent was killed meanwhile, once the first is gone (codedeploy#356)', async () => {
    const script = '[ "$CAPSTAN_ATTEMPT" = 1 ] && trap "" PIPE && exec sleep 300; exit 0';
    const release = await node.release('2', files('2', script, 'reversible: false'));
    const generation = node.deploy(release, { database: true });
    await eventually(async () => (await ran()) !== '');
    await eventually(() => node.coordinator.latest('web')?.pastReturn === true);
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    expect(await node.coordinator.settled('web', generation)).to.include({
      phase: 'healthy',
      pastReturn: true,
    });
    const attempts = (await ran())
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[2]);
    expect(attempts).to.deep.equal(['1', '2']);
  });
});
