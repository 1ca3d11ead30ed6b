import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { cgroupDirs } from '../../support/hosts/cgroups.js';
import { command } from '../../support/hosts/command.js';
import { hostsLack, Rack, rackName } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';
import { processesIn } from '../../support/processes.js';

describe('hosts for tests', function () {
  this.timeout(60_000);
  before(async function () {
    this.timeout(330_000); // the Debian of all hosts is made when it is first needed
    const lack = await hostsLack();
    if (lack !== undefined) skipLoudly(this, lack);
  });

  it('run systemd, reboot, and lose with their power what was not synced', async () => {
    const rack = await Rack.open();
    const host = await rack.host('h1', { sees: { '/usr/local/bin/node': process.execPath } });
    await host.start();
    expect(await host.exec('cat', ['/proc/1/comm', '/etc/hostname'])).to.equal('systemd\nh1');
    expect(await host.exec('node', ['-p', 'process.version'])).to.equal(process.version);
    const bootId = (): Promise<string> => host.exec('cat', ['/proc/sys/kernel/random/boot_id']);
    const first = await bootId();
    await host.exec('sh', ['-c', 'echo kept >/srv/kept; sync; echo lost >/srv/lost']);
    expect(await readFile(host.path('/srv/kept'), 'utf8')).to.equal('kept\n');

    await host.powerCut();
    await host.start();
    expect(await host.exec('ls', ['/srv'])).to.equal('kept');
    const second = await bootId();
    expect(second).not.to.equal(first);

    await writeFile(host.path('/srv/more'), '');
    await host.reboot();
    expect(await host.exec('ls', ['/srv'])).to.equal('kept\nmore');
    expect(await bootId()).not.to.equal(second);
    await host.stop();
    await host.wipe();
  });

  it('leave nothing behind when whoever runs them is killed', async () => {
    const library = new URL('../../support/hosts/rack.ts', import.meta.url).href;
    const script = `
      const { Rack } = await import('${library}');
      const rack = await Rack.open();
      await (await rack.host('h1')).start();
      console.log(rack.dir);
    `;
    const args = ['--import=tsx', '--input-type=module', '--eval', script];
    const runner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(runner.stdout.setEncoding('utf8'), 'data')) as [string];
    const dir = line.trim();
    const groups = await cgroupDirs(rackName(runner.pid ?? 0, dir));
    expect(groups).not.to.deep.equal([]);
    expect([dir, ...groups].filter(existsSync).length).to.equal(1 + groups.length);
    expect(processesIn(dir)).not.to.deep.equal([]);

    runner.kill('SIGKILL');
    await eventually(() => ![dir, ...groups].some((path) => existsSync(path)));
    await eventually(() => processesIn(dir).length === 0);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.to.include(dir);
    expect(await command('losetup', ['--all'])).not.to.include(dir);
  });
});
