import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeNode } from '../../integration/agent/harness.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { skipLoudly } from '../../support/installed.js';

describe('a node whose disk is nearly full', function () {
  this.timeout(60_000);

  it('says so in the note of its applications', async function () {
    const node = await makeNode();
    const root = join(node.dir, 'srv');
    await mkdir(root);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', root], { stdio: 'pipe' });
    } catch {
      skipLoudly(this, 'mounting a small disk needs root');
    }
    cleanUp(() => {
      execFileSync('umount', ['-l', root]);
    });
    await node.start();
    const spec = 'apiVersion: capstan/v1\nkind: Release\n';
    await node.coordinator.settled('web', node.deploy(await node.release('1', { 'capstan.yml': spec })));
    await writeFile(join(root, 'filling'), Buffer.alloc(10_100_000));
    await node.agent().stop();
    await node.start();
    await eventually(() => node.coordinator.latest('web')?.note.includes('the disk is nearly full'), {
      timeoutMs: 20_000,
      what: 'the note about the disk',
    });
  });
});
