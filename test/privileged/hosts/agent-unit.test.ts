import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { packageVersion } from '../../../shared/io/package-root.js';
import { eventually } from '../../support/eventually.js';
import { type AgentHost, type HostFleet, install } from '../../support/hosts/host-fleet.js';
import { apply, deploy, oneHost, publish, type Run, runAt, services } from './scene.js';

const unit = 'capstan-agent.service';
/** Where the applications listen: one is a program that the agent has run, the other a unit that came with its release. */
const ports = { web: 8080, api: 8180 };
const apps = ['web', 'api'] as const;

interface NodeDetails {
  readonly name: string;
  readonly liveness: string;
  readonly agentVersion: string;
}

describe('the agent as a unit of systemd', function () {
  this.timeout(60_000);
  let fleet: HostFleet;
  let node: AgentHost;

  before(async function () {
    ({ fleet, node } = await oneHost(this, {
      web: `{ env: { PORT: ${ports.web} } }`,
      api: `{ env: { PORT: ${ports.api} }, user: www-data, installUnits: true }`,
    }));
    // So that a test need not wait for half a minute.
    await mkdir(node.host.path(`/etc/systemd/system/${unit}.d`));
    await writeFile(node.host.path(`/etc/systemd/system/${unit}.d/test.conf`), '[Service]\nWatchdogSec=5s\n');
    await node.host.exec('systemctl', ['daemon-reload']);
    await node.host.exec('systemctl', ['restart', unit]);
    await publish(fleet, { app: 'web', version: '1', service: services.process });
    await publish(fleet, { app: 'api', version: '1', service: services.shipped });
    for (const app of apps) {
      await apply(fleet, app);
      await deploy(fleet, `${app}@1`);
    }
  });

  const show = (property: string): Promise<string> =>
    node.host.exec('systemctl', ['show', '--value', `--property=${property}`, unit]);
  const runs = (): Promise<readonly Run[]> => Promise.all(apps.map((app) => runAt(fleet, ports[app])));
  /** The agent runs as another process than this, says that all is well, and so does the coordinator. */
  const backAfter = async (pid: string): Promise<void> => {
    await eventually(
      async () => {
        expect(await show('ActiveState')).to.equal('active');
        expect(await show('MainPID')).not.to.equal(pid);
        expect(await show('StatusText')).to.equal(
          'connected to 127.0.0.1:7600; api 1 healthy, web 1 healthy',
        );
        for (const app of apps) {
          expect(await fleet.rack.get(node.agentPort, `/ready/${app}`)).to.include({ status: 200 });
        }
        return true;
      },
      { timeoutMs: 20_000, everyMs: 100, what: 'the agent to be back' },
    );
  };

  it('is installed by files that systemd understands, and that allow no more than they did', async function () {
    // Whoever makes one better writes it down here, and in docs/agent-service.md.
    const most = {
      'capstan-agent.service': 3.3,
      'capstan-coordinator.service': 1.1,
      'capstan-agent-watch.service': 1.1,
    };
    const units = Object.keys(most).join(' ');
    expect(await node.host.exec('sh', ['-c', `systemd-analyze verify ${units} 2>&1`])).to.equal('');
    for (const [name, limit] of Object.entries(most)) {
      const said = await node.host.exec('systemd-analyze', ['security', name]);
      const exposure = Number(/: (\d\.\d) /.exec(said)?.[1]);
      if (this.test !== undefined) this.test.title += `; ${name} ${exposure}`;
      expect(exposure, name).to.be.at.most(limit);
    }
  });

  it('runs beside a coordinator whose unit keeps it from everything but its data', async () => {
    const [agents, operators, http] = [7700, 7701, 7702].map((port) => `127.0.0.1:${port}`);
    await mkdir(node.host.path('/etc/capstan'));
    const settings = [
      'insecure-loopback: true',
      `agent-listen: ${agents}`,
      `operator-listen: ${operators}`,
      `http-listen: ${http}`,
    ];
    await writeFile(node.host.path('/etc/capstan/coordinator.yml'), `${settings.join('\n')}\n`);
    await node.host.exec('systemd-sysusers');
    await node.host.exec('systemctl', ['start', 'capstan-coordinator']);
    await eventually(() => fleet.rack.get(7702, '/healthz').then(({ status }) => status === 200));
    const { code, stderr } = await fleet.capstan(['node', 'list', '--coordinator', operators ?? '']);
    expect(code, stderr).to.equal(0);
    const owner = await node.host.exec('stat', ['--format=%U %a', '/var/lib/capstan']);
    expect(owner).to.equal('capstan 700');
    await node.host.exec('systemctl', ['stop', 'capstan-coordinator']);
    const result = await node.host.exec('systemctl', [
      'show',
      '--value',
      '-p',
      'Result',
      'capstan-coordinator',
    ]);
    expect(result).to.equal('success');
  });

  it('ends in each way and is started again, while applications run on', async () => {
    const before = await runs();
    const systemctl = (...args: readonly string[]) => node.host.exec('systemctl', args);
    const ends: Readonly<Record<string, () => Promise<unknown>>> = {
      killed: () => systemctl('kill', '--kill-whom=main', '--signal=SIGKILL', unit),
      'killed with what it runs': () => systemctl('kill', '--signal=SIGKILL', unit),
      // Stopped, it tells nothing any more: the watchdog has to find out.
      stuck: () => systemctl('kill', '--kill-whom=main', '--signal=SIGSTOP', unit),
      restarted: () => systemctl('restart', unit),
      upgraded: async () => {
        await install(node.host, '2');
        await systemctl('restart', unit);
      },
    };
    for (const [how, end] of Object.entries(ends)) {
      const pid = await show('MainPID');
      await end();
      await backAfter(pid);
      expect(await runs(), how).to.deep.equal(before);
    }
    expect(await node.host.exec('journalctl', ['--unit', unit, '--no-pager'])).to.include('Watchdog timeout');
    const details = await fleet.json<NodeDetails>(['node', 'show', node.name]);
    expect(details).to.include({ liveness: 'connected', agentVersion: `${packageVersion()}+2` });
  });

  for (const [how, again] of [
    ['rebooted', () => node.host.reboot()],
    [
      'switched off and on',
      async () => {
        await node.host.powerCut();
        await node.host.start();
      },
    ],
  ] as const) {
    it(`brings applications back when the host is ${how}`, async () => {
      await again();
      await backAfter('');
      expect((await runs()).map(({ version }) => version)).to.deep.equal(['1', '1']);
    });
  }
});
