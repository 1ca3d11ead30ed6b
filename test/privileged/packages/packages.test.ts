import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';
import { eventually } from '../../support/eventually.js';
import {
  buildLimitMs,
  buildPackages,
  builtPackages,
  packageIn,
  packagesLack,
  upgradedPackage,
} from '../../support/hosts/packages.js';
import { hostsLack, Rack } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';

const names = ['capstan-agent', 'capstan-coordinator'] as const;

describe('packages for Debian', function () {
  this.timeout(300_000);
  let dir: string;

  before(async function () {
    this.timeout(buildLimitMs + 330_000); // the Debian of all hosts is made when it is first needed
    const lack = (await hostsLack()) ?? (await packagesLack());
    if (lack !== undefined) skipLoudly(this, lack);
    dir = await builtPackages();
  });

  it('are the same bytes from two builds of one commit, whoever builds', async function () {
    this.timeout(buildLimitMs);
    const again = await buildPackages('umask 077; ');
    for (const name of names) {
      const first = await readFile(await packageIn(dir, name));
      const second = await readFile(await packageIn(again, name));
      expect(first.equals(second), `${name}, ${first.length} and ${second.length} bytes`).to.equal(true);
    }
  });

  it('bring all a bare server needs, deploy, are upgraded under running applications, and leave nothing but these', async () => {
    const rack = await Rack.open();
    const host = await rack.host('h1');
    await host.start();
    const sh = (script: string): Promise<string> =>
      host.exec('sh', ['-ec', `exec 2>&1; export CAPSTAN_INSECURE_LOOPBACK=1; ${script}`], {
        timeoutMs: 120_000,
      });
    expect(await sh('command -v node || echo none')).to.equal('none');

    for (const name of names) await cp(await packageIn(dir, name), host.path(`/root/${name}.deb`));
    const said = await sh('dpkg --install /root/capstan-agent.deb /root/capstan-coordinator.deb');
    for (const name of names) expect(said).to.include(`systemctl enable --now ${name}`);
    // Small installations leave documentation out.
    expect(
      await sh('dpkg --verify capstan-agent capstan-coordinator | grep -v /usr/share/doc || true'),
    ).to.equal('');
    expect(await sh('systemd-analyze verify capstan-agent.service capstan-coordinator.service')).to.equal('');

    const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    await writeFile(host.path('/etc/capstan/coordinator.yml'), 'insecure-loopback: true\n');
    await writeFile(host.path('/etc/capstan-agent/agent.yml'), agentSettings);
    await sh('systemctl enable --now capstan-coordinator capstan-agent');
    await agentOf(sh, version);
    await writeFile(host.path('/root/app.yml'), application);
    await sh(`
      mkdir /root/site && echo hello >/root/site/index.html && cd /root
      capstan apply --file app.yml
      capstan publish site --app site --version 1.0.0
      capstan deploy site@1.0.0 --env production --wait --timeout 30s`);
    expect(await sh('cat /srv/site/current/index.html')).to.equal('hello');

    // The folder that is installed is a release of the agent as well.
    await writeFile(host.path('/root/agent.yml'), application.replaceAll('site', 'capstan-agent'));
    await sh(`
      cd /root && cp -r /usr/lib/capstan-agent agent
      sed -i 's/"version": ".*"/"version": "${version}+deployed"/' agent/package.json
      capstan apply --file agent.yml
      capstan publish agent --app capstan-agent --version 2
      capstan deploy capstan-agent@2 --env production --wait --timeout 60s`);
    await agentOf(sh, `${version}+deployed`);

    for (const name of names) {
      await upgradedPackage(await packageIn(dir, name), `${version}+later`, host.path(`/root/${name}.deb`));
    }
    const before = await sh('readlink /srv/site/current');
    expect(await sh('dpkg --install /root/capstan-agent.deb /root/capstan-coordinator.deb')).to.include(
      'a release of the agent was deployed to this server, and goes on instead of this package',
    );
    await agentOf(sh, `${version}+deployed`);
    await sh('capstan app remove capstan-agent --stop --reason test');
    await agentOf(sh, `${version}+later`);
    expect(await sh('readlink /srv/site/current; cat /etc/capstan/coordinator.yml')).to.equal(
      `${before}\ninsecure-loopback: true`,
    );

    await sh('dpkg --remove capstan-agent capstan-coordinator');
    expect(await sh('systemctl is-active capstan-agent capstan-coordinator || true')).to.equal(
      'inactive\ninactive',
    );
    expect(await sh('ls /etc/capstan-agent /var/lib/capstan'))
      .to.include('agent.yml')
      .and.to.include('capstan.db');
    const left = await sh('dpkg --purge capstan-agent capstan-coordinator');
    expect(left).to.include('Applications in /srv');
    const gone = [
      '/var/lib/capstan',
      '/var/lib/capstan-agent',
      '/etc/capstan',
      '/etc/capstan-agent',
      '/usr/lib/capstan-agent',
    ];
    expect(await sh(`ls -d ${gone.join(' ')} || true`)).not.to.match(/^\//m);
    expect(await sh('cat /srv/site/current/index.html')).to.equal('hello');
  });
});

const agentSettings = `name: web-a
coordinator: ['127.0.0.1:7600']
label: { env: production }
insecure-loopback: true
allow-unsigned: true
`;

const application = `apiVersion: capstan/v1
kind: Application
metadata: { name: site }
spec:
  environments:
    - { name: production, selector: env=production, strategy: { type: live, health: { minHealthyTime: 0s } } }
`;

type Sh = (script: string) => Promise<string>;

/** Waits for the agent to be connected, as this version. */
async function agentOf(sh: Sh, version: string): Promise<void> {
  await eventually(
    async () => {
      const { agentVersion, liveness } = JSON.parse(await sh('capstan node show web-a --output json')) as {
        readonly agentVersion: string;
        readonly liveness: string;
      };
      expect({ agentVersion, liveness }).to.deep.equal({ agentVersion: version, liveness: 'connected' });
      return true;
    },
    { timeoutMs: 60_000, everyMs: 500, what: `the agent to be connected as ${version}` },
  );
}
