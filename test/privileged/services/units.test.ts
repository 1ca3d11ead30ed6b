import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { build } from 'esbuild';
import type { ServiceFacts } from '../../../agent/ports/node.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { ServiceSpec } from '../../../shared/model/release-spec.js';
import { eventually } from '../../support/eventually.js';
import type { Host } from '../../support/hosts/host.js';
import { hostsLack, Rack } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';
import type { Order } from './driver.js';

interface About {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly cwd: string;
}

type Facts = ServiceFacts & { readonly refused?: string };

const process1 = (more: Partial<Extract<ServiceSpec, { kind: 'process' }>> = {}): ServiceSpec => ({
  kind: 'process',
  command: ['node', 'server.js'],
  stopSignal: 'SIGTERM',
  graceMs: 2000,
  ...more,
});
const unit = (name: string, more: Partial<Extract<ServiceSpec, { kind: 'systemd' }>> = {}): ServiceSpec => ({
  kind: 'systemd',
  unit: name,
  ...more,
});

/** Listens, and writes down how it was started. */
const server = `const about = { argv: process.argv.slice(2), env: process.env, uid: process.getuid(), cwd: process.cwd() };
console.log('release ' + process.cwd().split('/').at(-1));
require('node:fs').writeFileSync('/srv/out/about.json', JSON.stringify(about), { mode: 0o666 });
require('node:http').createServer((request, response) => response.end('yes')).listen(8080, '127.0.0.1');
`;

describe('services on a host with systemd', function () {
  this.timeout(60_000);
  let host: Host;

  before(async function () {
    this.timeout(330_000); // the Debian of all hosts is made when it is first needed
    const lack = await hostsLack();
    if (lack !== undefined) skipLoudly(this, lack);
    const rack = await Rack.open();
    host = await rack.host('h1', {
      sees: {
        '/usr/local/bin/node': process.execPath,
        '/opt/capstan-shim.cjs': join(packageRoot(), 'dist', 'capstan-shim.cjs'),
      },
    });
    await mkdir(host.path('/opt'), { recursive: true });
    await build({
      entryPoints: [join(packageRoot(), 'test/privileged/services/driver.ts')],
      outfile: host.path('/opt/driver.mjs'),
      ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' },
    });
    await host.start();
    await mkdir(host.path('/srv/out'), { recursive: true });
    await chmod(host.path('/srv/out'), 0o777); // users of services write there
    for (const dir of ['1', '2', '3']) await write(`/srv/web/releases/${dir}/server.js`, server);
  });

  afterEach(async () => {
    await act({ action: 'remove' });
    const left = 'rm -rf /etc/systemd/system/*.service /etc/systemd/system/*.service.d /srv/out/about.json';
    await host.exec('sh', ['-c', `${left}; systemctl daemon-reload; systemctl reset-failed`]);
  });

  async function write(path: string, content: string): Promise<void> {
    await mkdir(join(host.path(path), '..'), { recursive: true });
    await writeFile(host.path(path), content);
  }
  async function hostUnit(name: string, content: string): Promise<void> {
    await write(`/etc/systemd/system/${name}`, content);
    await host.exec('systemctl', ['daemon-reload']);
  }
  async function act(order: Order): Promise<Facts> {
    if (order.action === 'start') await rm(host.path('/srv/out/about.json'), { force: true });
    const answer = await host.exec('/usr/local/bin/node', ['/opt/driver.mjs', JSON.stringify(order)]);
    return JSON.parse(answer) as Facts;
  }
  const say = async (order: Order): Promise<string> => {
    const said: unknown = await act(order);
    return typeof said === 'string' ? said : JSON.stringify(said);
  };
  /** What the program that was started last says of itself. */
  const about = async (): Promise<About> =>
    eventually(async () => JSON.parse(await readFile(host.path('/srv/out/about.json'), 'utf8')) as About);
  /** Whoever runs a program of a release, by unit. */
  const runs = async (): Promise<readonly string[]> => {
    const script =
      "for dir in /proc/[0-9]*; do tr '\\0' ' ' <$dir/cmdline | grep -q 'server[.]js' && grep name=systemd $dir/cgroup; done; :";
    const lines = (await host.exec('sh', ['-c', script])).split('\n').filter((line) => line !== '');
    return lines.map((line) => line.replace(/^.*\//, ''));
  };

  it('keeps a program in a unit of its own, with its command and its values as they are', async () => {
    const values = { GREETING: 'a"b\\c`d$HOME\nä%h \t', EMPTY: '', PLAIN: "it's" };
    const service = process1({ command: ['node', 'server.js', '$HOME', '${PLAIN}', '100%', 'a b', '"'] });
    const started = await act({ action: 'start', service, env: values });
    expect(started).to.include({ dir: '1', running: true, exits: 0 });
    const { argv, env, cwd, uid } = await about();
    expect(argv).to.deep.equal(['$HOME', '${PLAIN}', '100%', 'a b', '"']);
    expect(env).to.include({ ...values, HOME: '/root' });
    expect({ cwd, uid }).to.deep.equal({ cwd: '/srv/web/releases/1', uid: 0 });
    expect(await runs()).to.deep.equal(['capstan-app-web.service']);
    expect(await say({ action: 'tail' })).to.include('release 1');
    expect(await host.exec('stat', ['-c', '%a', '/var/lib/capstan-agent/services/web/environment'])).to.equal(
      '600',
    );

    // Everything was done by an agent that has ended: another one finds it, and leaves it alone.
    expect(await act({ action: 'look' })).to.deep.equal(started);
    expect(await act({ action: 'start', service, env: values })).to.deep.equal(started);
    await host.exec('systemctl', ['daemon-reload']);
    expect((await act({ action: 'look' })).main).to.equal(started.main);
    await act({ action: 'stop' });
    expect(await runs()).to.deep.equal([]);
  });

  it('runs a program as whom it is to run', async () => {
    for (const alone of [false, true]) {
      await act({ action: 'start', service: process1({ user: 'www-data' }), alone });
      const { uid, env } = await about();
      expect(uid).to.equal(33);
      expect(env).to.include({ USER: 'www-data', HOME: '/var/www' });
      await act({ action: 'remove' });
    }
  });

  it('starts a program again whenever it ends, and counts that', async () => {
    await write('/srv/web/releases/4/server.js', 'console.log("no database"); process.exit(3);');
    await act({ action: 'start', dir: '4', service: process1() });
    const { lastExit } = await act({ action: 'exits' });
    expect(lastExit).to.match(/^capstan-app-web\.service .*: exit code 3$/);
    expect(await say({ action: 'tail' })).to.include('no database');
  });

  it('lets go of the old keeper, whatever it was, when another one takes over', async () => {
    await hostUnit(
      'site.service',
      '[Service]\nExecStart=/usr/local/bin/node /srv/web/releases/2/server.js\n',
    );
    const kept = async (order: Omit<Order, 'action'>, by: RegExp): Promise<void> => {
      expect(await act({ action: 'start', ...order })).to.include({ dir: order.dir, running: true });
      const [only = '', ...others] = await runs();
      expect(only).to.match(by);
      expect(others, 'nobody else runs').to.deep.equal([]);
    };
    const [shim, transient] = [/^(?!capstan-app-web|site)/, /^capstan-app-web\.service$/];
    await kept({ dir: '1', service: process1(), alone: true }, shim);
    await kept({ dir: '3', service: process1() }, transient);
    await kept({ dir: '2', service: unit('site.service') }, /^site\.service$/);
    await kept({ dir: '1', service: process1() }, transient);
    await act({ action: 'remove' });
    expect(await runs()).to.deep.equal([]);
    await kept({ dir: '1', service: process1(), alone: true }, shim);
    await kept({ dir: '2', service: unit('site.service') }, /^site\.service$/);
    await act({ action: 'remove' });
    expect(await host.exec('ls', ['/etc/systemd/system']), 'nor is anything left of it').not.to.include(
      'site.service.d',
    );
  });

  it('ends with one keeper, whenever the agent is killed in between', async () => {
    await hostUnit(
      'site.service',
      '[Service]\nExecStart=/usr/local/bin/node /srv/web/releases/2/server.js\n',
    );
    const [program, site] = [
      { dir: '1', service: process1() },
      { dir: '2', service: unit('site.service') },
    ];
    for (const [index, seconds] of [0.05, 0.1, 0.15, 0.2, 0.3, 0.5].entries()) {
      const [killed, whole] = index % 2 === 0 ? [program, site] : [site, program];
      const order = JSON.stringify({ action: 'start', ...killed });
      const words = ['--signal=KILL', String(seconds), '/usr/local/bin/node', '/opt/driver.mjs', order];
      await host.exec('timeout', words).catch(() => 'killed');
      expect(await act({ action: 'start', ...whole })).to.include({ dir: whole.dir, running: true });
      expect(await runs(), `killed after ${seconds} s`).to.deep.equal([
        whole === site ? 'site.service' : 'capstan-app-web.service',
      ]);
    }
  });

  it('gives values to a unit that the host has, has it reload, and starts it anew for other values', async () => {
    await hostUnit(
      'site.service',
      '[Service]\nExecStart=/usr/local/bin/node /srv/web/releases/1/server.js\nExecReload=/bin/touch /srv/out/reloaded\n',
    );
    const service = unit('site.service', { reload: true });
    const env = { GREETING: 'hello "you"', CAPSTAN_RELEASE: '1' };
    const first = await act({ action: 'start', dir: '1', service, env });
    expect((await about()).env).to.include({ GREETING: 'hello "you"' });
    expect((await about()).env['HOME'], 'as systemd gives it').to.equal(undefined);
    const second = await act({ action: 'start', dir: '2', service, env: { ...env, CAPSTAN_RELEASE: '2' } });
    expect(second).to.deep.equal({ ...first, dir: '2' });
    await readFile(host.path('/srv/out/reloaded'));
    const third = await act({ action: 'start', dir: '3', service, env: { ...env, GREETING: 'good day' } });
    expect(third.main).not.to.equal(first.main);
    expect((await about()).env).to.include({ GREETING: 'good day' });
    await host.exec('systemctl', ['kill', '--signal=SIGKILL', 'site.service']);
    expect(await act({ action: 'look' })).to.include({
      ...{ dir: '3', running: false, over: true },
      lastExit: 'site.service failed: killed by SIGKILL',
    });
    expect(await act({ action: 'remove' })).to.deep.equal({});
    expect(await host.exec('ls', ['/etc/systemd/system']))
      .to.include('site.service')
      .and.not.include('service.d');
  });

  const failing: Readonly<Record<string, readonly [unit: string, reason: RegExp]>> = {
    'its program is missing': ['ExecStart=/not/there', /its program could not be executed.*\(203\/EXEC\)/],
    'its user is missing': ['ExecStart=/bin/sleep 9\nUser=nobodyhere', /no such user.*\(217\/USER\)/],
    'its directory is missing': ['ExecStart=/bin/sleep 9\nWorkingDirectory=/nope', /\(200\/CHDIR\)/],
    'a file that it names is missing': [
      'ExecStart=/bin/sleep 9\nEnvironmentFile=/nope',
      /systemd lacked what it takes/,
    ],
    'it does not come up in time': [
      'Type=notify\nTimeoutStartSec=300ms\nExecStart=/bin/sleep 9',
      /not up within its time limit/,
    ],
    'it does not say that it is up': [
      'Type=notify\nExecStart=/bin/true',
      /without telling systemd that it is up/,
    ],
    'it gives no sign of life': [
      'WatchdogSec=200ms\nExecStart=/bin/sleep 9',
      /no sign of life within its WatchdogSec/,
    ],
    'it crashes': ["ExecStart=/bin/sh -c 'kill -SEGV $$$$'", /killed by SIGSEGV/],
    // Of what ends at once journald does not always find out whose words it has.
    'it ends': ["ExecStart=/bin/sh -c 'echo no database >&2; sleep 0.5; exit 4'", /exit code 4/],
    'it ends again and again': [
      'Restart=always\nRestartSec=0\nExecStart=/bin/false',
      /exit code 1|too often/,
    ],
    'its condition does not hold': [
      'ExecStart=/bin/true\n[Unit]\nConditionPathExists=/nope',
      /a condition that it names/,
    ],
  };
  it('says of a unit why it is not up', async () => {
    for (const [what, [lines, reason]] of Object.entries(failing)) {
      await hostUnit('bad.service', `[Service]\n${lines}\n`);
      await act({ action: 'start', dir: what, service: unit('bad.service') });
      const facts = await eventually(
        async () => {
          const seen = await act({ action: 'look' });
          return seen.over === true ? seen : undefined;
        },
        { what },
      );
      expect(facts.lastExit, what).to.match(reason);
      expect(await say({ action: 'unit', unit: 'bad.service' }), what).to.equal(facts.lastExit);
      if (what === 'it ends') {
        const printed = async (): Promise<boolean> => (await say({ action: 'tail' })).includes('no database');
        await eventually(printed, { what: 'the last words in the journal' });
      }
    }
  });

  it('names a unit that cannot be started before anything is stopped', async () => {
    const preflight = (name: string): Promise<string> => say({ action: 'preflight', service: unit(name) });
    expect(await preflight('gone.service')).to.equal('there is no unit gone.service on this host');
    await host.exec('systemctl', ['mask', 'gone.service']);
    expect(await preflight('gone.service')).to.match(/^gone\.service is masked on this host/);
    await hostUnit('bad.service', '[Service]\nType=simple\n');
    expect(await preflight('bad.service')).to.match(/^bad\.service has a setting that systemd cannot use/);
    expect(await say({ action: 'preflight', service: unit('dbus.service'), alone: true })).to.match(
      /does not run systemd/,
    );
    expect(await preflight('dbus.service')).to.equal('');
    expect(await preflight('capstan-agent.service')).to.match(/a name that Capstan keeps for itself$/);
    expect(await say({ action: 'unit', unit: 'dbus.service' })).to.equal('');
  });

  it('installs a unit that comes with a release where the node allows it, as its user, and the former one on the way back', async () => {
    const service = unit('shop.service', { file: 'shop.service' });
    const shipped = (more: string): string =>
      `[Service]\nExecStart=/usr/local/bin/node /srv/web/releases/1/server.js\n${more}`;
    await write('/srv/web/releases/1/shop.service', shipped('Environment=FROM=1\n'));
    await write('/srv/web/releases/2/shop.service', shipped('Environment=FROM=2\n'));
    await write('/srv/web/releases/3/shop.service', shipped('ExecStartPre=+/bin/true\n'));
    const rules = { user: 'www-data', installUnits: true };
    const preflight = (order: Partial<Order>): Promise<string> =>
      say({ action: 'preflight', dir: '1', service, ...order });
    expect(await preflight({})).to.equal(
      'the release brings shop.service, which this node does not allow: say installUnits: true under applications.web in a file of /etc/capstan-agent/conf.d',
    );
    expect(await preflight({ rules: { installUnits: true } })).to.include(
      'name a user under applications.web',
    );
    expect(await preflight({ rules, dir: '3' })).to.equal(
      'shop.service, line 3: ExecStartPre=+/bin/true would not run as "www-data" but with more rights',
    );
    expect(await preflight({ rules })).to.equal('');

    for (const dir of ['1', '2', '1']) {
      expect(await act({ action: 'start', dir, service, rules })).to.include({ dir, running: true });
      expect(await about()).to.include({ uid: 33 });
      expect((await about()).env).to.include({ FROM: dir });
    }
    expect(await host.exec('sh', ['-c', 'systemd-analyze verify shop.service 2>&1'])).to.equal('');
    await act({ action: 'remove' });
    expect(await host.exec('ls', ['/etc/systemd/system'])).not.to.include('shop');

    await hostUnit('shop.service', '[Service]\nExecStart=/bin/sleep 9\n');
    expect(await preflight({ rules })).to.match(
      /this host has one of its own \(\/etc\/systemd\/system\/shop\.service\)/,
    );
    expect((await act({ action: 'start', dir: '1', service, rules })).refused).to.match(
      /was not written by Capstan/,
    );
    expect(await readFile(host.path('/etc/systemd/system/shop.service'), 'utf8')).to.include('sleep');
  });

  it('sees that an orphan has the port of its service', async () => {
    await write('/srv/web/releases/5/server.js', 'setInterval(() => undefined, 1000);');
    await act({ action: 'start', dir: '5', service: process1() });
    await host.exec('systemd-run', ['--quiet', '--unit=orphan', 'node', '/srv/web/releases/1/server.js']);
    await about();
    const pid = await host.exec('systemctl', ['show', '--property=MainPID', '--value', 'orphan.service']);
    const complaint = await eventually(async () => {
      const said = await say({ action: 'stranger', port: 8080 });
      return said === '' ? undefined : said;
    });
    expect(complaint).to.equal(`pid ${pid} (node) listens on 127.0.0.1:8080, and is not part of the service`);
    await host.exec('systemctl', ['stop', 'orphan.service']);
    await act({ action: 'start', dir: '1', service: process1() });
    await eventually(async () => (await host.exec('sh', ['-c', 'grep -c :1F90 /proc/net/tcp || :'])) !== '0');
    expect(await say({ action: 'stranger', port: 8080 })).to.equal('');
  });
});
