import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { restored, taken } from '../../integration/backup/site.js';
import { eventually } from '../../support/eventually.js';
import { startFleet } from '../../support/fleet.js';
import { tempDir } from '../../support/temp-dir.js';
import { writeTinyApp } from '../../support/tiny-app.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live, health: { minHealthyTime: 200ms, deadline: 10s } }
`;

describe('an agent whose coordinator is restored', function () {
  this.timeout(60_000);

  it('takes up with it without touching what it runs, and refuses the one before, also after a start', async () => {
    const dir = await tempDir();
    const fleet = await startFleet({ dir, nodes: 1 });
    const [node] = fleet.nodes;
    if (node === undefined) throw new Error('there is no node');
    await writeFile(join(dir, 'web.yml'), spec);
    const succeed = async (...args: readonly string[]): Promise<void> => {
      const { code, stderr } = await fleet.ask(args);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    };
    await succeed('apply', '-f', join(dir, 'web.yml'));
    const roll = async (version: string): Promise<void> => {
      await writeTinyApp(join(dir, version), { version });
      await succeed('publish', join(dir, version), '--app', 'web', '--version', version);
      await succeed('deploy', `web@${version}`, '--env', 'production', '--wait');
    };
    await roll('1');
    const dataDir = join(dir, 'coordinator');
    const settings = [
      '--insecure-loopback',
      '--data-dir',
      dataDir,
      '--operator-listen',
      fleet.operatorAddress,
    ];
    const { file } = await taken(settings, dir);
    await roll('2');
    const served = async (): Promise<string> => {
      const status = JSON.parse(await readFile(join(node.stateDir, 'services/web/status.json'), 'utf8')) as {
        readonly service: { readonly pid: number };
      };
      const answer = await fetch(`http://127.0.0.1:${node.port}/`);
      return `${await answer.text()} ${status.service.pid}`;
    };
    const running = await served();
    expect(running).to.match(/^2 /);

    await fleet.coordinator.kill();
    const before = join(dir, 'before');
    await rename(dataDir, before);
    const { epoch } = await restored(file, settings);
    await fleet.coordinator.start();
    expect(await node.program().waitFor('epoch.accepted')).to.include({ epoch, before: 0 });
    await eventually(async () => {
      const { stdout } = await fleet.ask(['why', 'web/production']);
      expect(stdout)
        .to.contain('is frozen by restore')
        .and.to.contain('runs 2 by what it was told after the backup');
      return true;
    });
    expect(await served()).to.equal(running);

    await fleet.coordinator.kill();
    await rm(dataDir, { recursive: true });
    await rename(before, dataDir);
    await node.stop();
    await fleet.coordinator.start();
    await node.start();
    const said = await node.program().waitFor('coordinator.unreachable');
    expect(said['message']).to.contain(
      'This coordinator is of the first epoch, and the node has heard of the epoch of',
    );
    await fleet.coordinator.program().waitFor('epoch.outranked');
    expect(await served()).to.equal(running);
  });
});
