import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { applyStrategy, fleetOf, publishTiny, succeed } from './scene.js';

describe('a fleet that runs what is signed', function () {
  this.timeout(120_000);

  it('refuses a release until it is signed by a key that every node trusts, and says so to whoever deploys', async () => {
    const fleet = await fleetOf(1, { coordinatorArgs: ['--poison-after', '1'] });
    const key = join(fleet.dir, 'release.key');
    const publicKey = (await succeed(fleet, 'key', 'generate', key)).trim();
    for (const { name } of fleet.nodes) {
      const folder = join(fleet.dir, 'nodes', name, 'conf.d');
      await mkdir(folder);
      const text = `apiVersion: capstan/v1\nkind: Node\ntrust: { keys: ["${publicKey}"] }\n`;
      await writeFile(join(folder, 'trust.yml'), text);
    }
    await eventually(
      async () => {
        const nodes = await fleet.json<readonly { readonly allowUnsigned?: boolean }[]>(['node', 'list']);
        return nodes.every(({ allowUnsigned }) => allowUnsigned === undefined);
      },
      { what: 'the nodes to go by their keys' },
    );
    await applyStrategy(fleet, 'web', 'health: { minHealthyTime: 200ms, deadline: 10s }');
    await publishTiny(fleet, 'web', { version: '1.0.0' });
    const deploy = ['deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '1m'];

    const refused = await fleet.capstan(deploy);
    expect(refused.code).to.equal(1);
    const reason = /web 1\.0\.0 is not signed, and this node runs only signed releases of web/;
    expect(refused.stdout + refused.stderr).to.match(reason);
    const next =
      /^Next: sign it .*: capstan release sign web@1\.0\.0 --key FILE; .*: capstan deploy web@1\.0\.0 --env production$/m;
    for (const subject of ['web-1', 'web@1.0.0', 'web/production']) {
      const why = await succeed(fleet, 'why', subject);
      expect(why).to.match(reason);
      expect(why, subject).to.match(next);
    }
    const node = await succeed(fleet, 'node', 'show', 'web-1');
    expect(node).to.match(reason);
    expect(node).to.match(/^trusts what key [0-9a-f]{16} signed$/m);
    expect(await succeed(fleet, 'poison', 'list')).to.equal('Nothing is poisoned.\n');

    await succeed(fleet, 'release', 'sign', 'web@1.0.0', '--key', key);
    await succeed(fleet, ...deploy);
    expect(await succeed(fleet, 'release', 'show', 'web@1.0.0')).to.match(/^signed {5}by key [0-9a-f]{16}$/m);
  });
});
