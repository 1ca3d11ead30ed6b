import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { succeed } from '../../e2e/scene.js';
import { eventually } from '../../support/eventually.js';
import type { Host } from '../../support/hosts/host.js';
import type { HostFleet } from '../../support/hosts/host-fleet.js';
import { tempDir } from '../../support/temp-dir.js';
import { apply, deploy, deployInVain, oneHost, publish, runAt, services } from './scene.js';

const ports = { web: 8080, api: 8180, own: 8280, all: 8380 };
const complaint = 'the configuration names no database';

/** Kills the agent, with whatever it runs, when its log says the words from now on. */
const killAtStep = `grep -q -m 1 -F "$1" < <(exec journalctl --follow --lines=0 --output=cat --unit=capstan-agent)
systemctl kill --signal=SIGKILL capstan-agent`;

describe('deploying to a host with systemd', function () {
  this.timeout(60_000);
  let fleet: HostFleet;
  let host: Host;

  before(async function () {
    const made = await oneHost(this, {
      web: `{ env: { PORT: ${ports.web} }, user: www-data }`,
      api: `{ env: { PORT: ${ports.api} }, user: www-data, installUnits: true }`,
      own: `{ env: { PORT: ${ports.own} } }`,
      all: `{ env: { PORT: ${ports.all} }, user: www-data, users: [daemon, root] }`,
    });
    fleet = made.fleet;
    host = made.node.host;
  });

  /** The unit, and whom it runs as, that a process of the host belongs to. */
  const belongs = async (pid: number): Promise<string> => {
    const script = 'stat -c %U /proc/$1; grep name=systemd /proc/$1/cgroup || cat /proc/$1/cgroup';
    return host.exec('sh', ['-c', script, 'sh', String(pid)]);
  };

  for (const { app, what, service, unit } of [
    { app: 'web', what: 'a program', service: services.process, unit: 'capstan-app-web.service' },
    { app: 'api', what: 'a unit of its own', service: services.shipped, unit: 'api.service' },
  ] as const) {
    it(`a release that brings ${what} is deployed, upgraded, and turned back when it is broken`, async () => {
      const versions = ['1', '2', '3-broken'];
      for (const version of versions) await publish(fleet, { app, version, service });
      await apply(fleet, app);
      await deploy(fleet, `${app}@1`);
      const first = await runAt(fleet, ports[app]);
      expect(first.version).to.equal('1');
      expect(await belongs(first.pid)).to.match(new RegExp(`^www-data\n.*/system.slice/${unit}$`));

      await deploy(fleet, `${app}@2`);
      const second = await runAt(fleet, ports[app]);
      expect(second.version).to.equal('2');
      expect(second.pid).not.to.equal(first.pid);

      const failed = await deployInVain(fleet, `${app}@3-broken`);
      expect(failed.reason).to.match(/health/);
      expect(failed.logTail, 'from the journal').to.include(complaint);
      const third = await runAt(fleet, ports[app]);
      expect(third.version).to.equal('2');
      const state = await host.exec('systemctl', ['show', '--property=ActiveState,MainPID', unit]);
      expect(state.split('\n')).to.have.members(['ActiveState=active', `MainPID=${third.pid}`]);
    });
  }

  it('a unit that cannot be started is turned back, with the reason', async () => {
    const files = { 'api.service': '[Service]\nExecStart=/srv/api/current/not-there\n' };
    await publish(fleet, { app: 'api', version: '4', service: services.shipped, files });
    const before = await runAt(fleet, ports.api);
    const failed = await deployInVain(fleet, 'api@4');
    expect(failed.reason).to.include('api.service').and.to.include('its program could not be executed');
    expect((await runAt(fleet, ports.api)).version).to.equal(before.version);
  });

  it('an agent that is killed while it deploys goes on where it was', async () => {
    for (const [index, step] of ['stop', 'swap', 'start', 'check'].entries()) {
      const version = `5.${index}`;
      await publish(fleet, { app: 'api', version, service: services.shipped });
      const killed = host.exec('bash', ['-ec', killAtStep, 'bash', `"step":"${step}`]);
      await Promise.all([killed, deploy(fleet, `api@${version}`)]);
      const run = await runAt(fleet, ports.api);
      expect(run.version, `killed in ${step}`).to.equal(version);
      expect(await host.exec('systemctl', ['show', '--value', '-p', 'MainPID', 'api.service'])).to.equal(
        String(run.pid),
      );
    }
  });

  it('a unit that the host lacks or has masked is named before anything is stopped; then it is used', async () => {
    const service = 'systemd: { unit: own.service }';
    for (const version of ['1', '2', '3', '4']) await publish(fleet, { app: 'own', version, service });
    await apply(fleet, 'own');
    const missing = await deployInVain(fleet, 'own@1');
    expect(missing.reason).to.include('there is no unit own.service on this host');
    await host.exec('systemctl', ['mask', 'own.service']);
    const masked = await deployInVain(fleet, 'own@2');
    expect(masked.reason).to.include('own.service is masked on this host');

    await host.exec('systemctl', ['unmask', 'own.service']);
    const unit = '[Service]\nExecStart=/usr/local/bin/node /srv/own/current/server.js\nUser=daemon\n';
    await writeFile(host.path('/etc/systemd/system/own.service'), unit);
    await host.exec('systemctl', ['daemon-reload']);
    for (const version of ['3', '4']) {
      await deploy(fleet, `own@${version}`);
      const run = await runAt(fleet, ports.own);
      expect(run.version).to.equal(version);
      expect(await belongs(run.pid)).to.match(/^daemon\n.*\/system.slice\/own.service$/);
    }
    await host.exec('systemctl', ['kill', '--signal=SIGKILL', 'own.service']);
    await eventually(() => fleet.rack.get(7650, '/ready/own').then(({ status }) => status === 503));
  });

  it('does all that a release may ask for from within the sandbox of the agent', async () => {
    const who = `#!/bin/sh
echo "$CAPSTAN_HOOK by $(id --user --name)"
touch "uploads/$CAPSTAN_HOOK" || echo 'not there'
touch /usr/was-here || echo 'nor there'
`;
    const hook = (user: string): string => `{ run: [bin/who], user: ${user} }`;
    await publish(fleet, {
      app: 'all',
      version: '1',
      service: 'process: { command: [node, server.js], user: daemon }',
      files: { 'bin/who': who, 'app.conf.in': 'port=${PORT}\n' },
      more: `shared: { dirs: [uploads], owner: daemon }
templates: [{ from: app.conf.in, to: app.conf }]
hooks:
  preflight: ${hook('daemon')}
  beforeStart: ${hook('root')}
  afterHealthy: { run: [bin/who] }
database: { run: [bin/who], timeout: 10s, reversible: true }
`,
    });
    await apply(fleet, 'all');
    await deploy(fleet, 'all@1');
    const sh = (script: string): Promise<string> => host.exec('sh', ['-c', script]);
    const log = await sh('grep -v -e ^--- -e ^touch /var/lib/capstan-agent/logs/all.hooks.log');
    expect(log.split('\n')).to.deep.equal([
      ...['preflight by daemon', 'nor there'],
      ...['database by www-data', 'not there', 'nor there'],
      ...['beforeStart by root', 'nor there'],
      ...['afterHealthy by www-data', 'not there', 'nor there'],
    ]);
    expect(
      await sh('cd /srv/all/current && stat --format=%U,%n uploads/. uploads/* && cat app.conf'),
    ).to.equal('daemon,uploads/.\nroot,uploads/beforeStart\ndaemon,uploads/preflight\nport=8380');
    const { pid } = await runAt(fleet, ports.all);
    expect(await belongs(pid)).to.match(/^daemon\n.*\/system.slice\/capstan-app-all.service$/);

    for (const version of ['2', '3']) {
      await publish(fleet, { app: 'all', version, service: services.process, more: 'swap: exchange\n' });
      await deploy(fleet, `all@${version}`);
      expect((await runAt(fleet, ports.all)).version).to.equal(version);
      expect(await sh('stat --format=%F /srv/all/current')).to.equal('directory');
    }
  });

  it('a release without a service takes away what the one before had on the host', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'capstan.yml'), 'apiVersion: capstan/v1\nkind: Release\n');
    await succeed(fleet, 'publish', dir, '--app', 'api', '--version', 'static');
    await deploy(fleet, 'api@static');
    const left =
      'ls -d /etc/systemd/system/api.service* /var/lib/capstan-agent/services/api/environment || :';
    expect(await host.exec('sh', ['-c', left])).to.equal('');
    expect(await host.exec('systemctl', ['show', '--value', '-p', 'LoadState', 'api.service'])).to.equal(
      'not-found',
    );
  });
});
