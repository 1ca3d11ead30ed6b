import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';
import { eventually } from '../../support/eventually.js';
import type { Host } from '../../support/hosts/host.js';
import { buildLimitMs, builtPackages, packagesLack } from '../../support/hosts/packages.js';
import { hostsLack } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';
import { guide } from './guide.js';
import { type BareSite, bareSite, deliver, tokensLeft, typed, watchArguments } from './site.js';

interface NodeJson {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly liveness: string;
  readonly agentVersion: string;
}

describe('docs/install.md on bare hosts', function () {
  this.timeout(300_000);

  before(async function () {
    this.timeout(2 * buildLimitMs + 330_000); // packages and the Debian of all hosts are made when they are first needed
    const lack = (await hostsLack()) ?? (await packagesLack());
    if (lack !== undefined) skipLoudly(this, lack);
    await builtPackages();
  });

  it('goes from nothing to a deployed application, through upgrades, and back to nothing but that application', async () => {
    const site = await bareSite(['web-a', 'web-b', 'web-c']);
    const { deploy, servers } = site;
    const version = await ownVersion();
    const follow = await follower(site);
    for (const host of [deploy, ...servers]) {
      expect(await host.exec('sh', ['-c', 'command -v node capstan-agent || echo bare'])).to.equal('bare');
    }

    await deliver(deploy, 'capstan-coordinator');
    await deliver(deploy, 'capstan-agent');
    await follow('The coordinator');
    expect(await follow('You'))
      .to.match(/^sha256:[0-9a-f]{64}$/m)
      .and.to.match(/^capstan_operator_/m);
    await follow('The key that signs');

    // The servers: all at once, while somebody looks at what their processes are called with.
    const made = await follow('The servers');
    const line = /^ {2}(curl .*)$/m.exec(made)?.[1] ?? '';
    expect(line).to.match(
      /^curl -fsSk --pinnedpubkey sha256\/\/\S{43}= https:\/\/deploy\.example\.com:7602\/install\.sh \|/,
    );
    const watches = servers.map(watchArguments);
    const took = await Promise.all(servers.map((host) => installed(host, line)));
    expect(await Promise.all(watches.map((end) => end()))).to.deep.equal(servers.map(() => ''));
    for (const host of [deploy, ...servers]) expect(await tokensLeft(host), host.name).to.equal('');
    process.stdout.write(
      `\n    bare server → agent connected, three at once: ${took.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')} (the package comes from the next host)\n\n`,
    );
    expect(await nodes(deploy)).to.deep.equal(
      servers.map(({ name }) => ({ name, env: 'production', liveness: 'connected', agentVersion: version })),
    );

    await follow('An application');
    const before = await Promise.all(servers.map(runOf));
    expect(await typed(deploy, 'capstan logs web-a hello')).to.include('hello from 1.0.0');

    // Once more changes nothing, and needs no token.
    const agents = await Promise.all(servers.map(agentPid));
    const again = line.replace(/CAPSTAN_JOIN_TOKEN=\S+ /, '');
    expect(await typed(servers[0] ?? deploy, again)).to.include(`capstan-agent ${version} is installed.`);
    expect(await Promise.all(servers.map(agentPid))).to.deep.equal(agents);

    await deliver(deploy, 'capstan-agent', `${version}+later`);
    const upgrade = await follow('Upgrade the agents');
    await Promise.all(servers.map((host) => typed(host, upgrade)));
    await eventually(
      async () =>
        (await nodes(deploy)).every(
          (node) => node.agentVersion === `${version}+later` && node.liveness === 'connected',
        ),
      { what: 'every agent to be back as the later version', timeoutMs: 30_000, everyMs: 300 },
    );

    await deliver(deploy, 'capstan-coordinator', `${version}+later`);
    await follow('Upgrade the coordinator');
    expect(await typed(deploy, 'capstan version')).to.include(`${version}+later`);
    await eventually(async () => (await nodes(deploy)).every(({ liveness }) => liveness === 'connected'), {
      what: 'every agent to be back at the later coordinator',
      timeoutMs: 60_000,
      everyMs: 300,
    });
    // A command that was printed before is good still.
    expect(await typed(servers[0] ?? deploy, again)).to.match(/This server is the node web-a, connected to/);
    expect(await Promise.all(servers.map(runOf))).to.deep.equal(before);

    await follow('Remove');
    for (const host of servers) {
      const left = '/etc/capstan-agent /var/lib/capstan-agent /usr/lib/capstan-agent /usr/bin/capstan-agent';
      expect(await host.exec('sh', ['-c', `ls -d ${left} 2>/dev/null || :`])).to.equal('');
    }
    expect(await Promise.all(servers.map(runOf))).to.deep.equal(before);
    expect(
      await deploy.exec('sh', [
        '-c',
        'ls -d /var/lib/capstan /etc/capstan /usr/bin/capstan* 2>/dev/null || :',
      ]),
    ).to.equal('');
  });

  it('says in one sentence what is missing, and does nothing then', async () => {
    const { deploy, servers } = await bareSite(['web-a']);
    const [server = deploy] = servers;
    await deliver(deploy, 'capstan-coordinator');
    await deliver(deploy, 'capstan-agent');
    const blocks = await guide();
    for (const { text } of [...(blocks.get('The coordinator') ?? []), ...(blocks.get('You') ?? [])])
      await typed(deploy, text);
    const line = await typed(deploy, 'capstan install-command');
    const failing = (command: string): Promise<string> => typed(server, `${command} || echo "exit $?"`);

    expect(await failing(line)).to.match(/^capstan install: there is no join token: .*capstan token create/m);
    const other = line.replace(/sha256\/\/\S+/, `sha256//${'A'.repeat(43)}=`);
    expect(await failing(other)).to.match(/does not match pinned public key/i);
    expect(await failing(`setpriv --reuid=65534 sh -c '${line}'`)).to.match(
      /^capstan install: this needs root/m,
    );
    const script = line.replace(/\| .*$/, '>install.sh');
    const token = `CAPSTAN_JOIN_TOKEN=capstan_join_${'0'.repeat(64)}`;
    const changed = (what: string, to: string): Promise<string> =>
      failing(
        `${script}; sed -i "s/^packages='\\(\\S*\\) ${what}/packages='${to}/" install.sh; ${token} sh install.sh`,
      );
    expect(await changed('[0-9a-f]*', `\\1 ${'a'.repeat(64)}`)).to.match(
      /^capstan install: what came from .* is not the package/m,
    );
    expect(await changed('', 'm68k ')).to.match(
      /^capstan install: the coordinator has no package for \w+\. Put /m,
    );
    expect(await server.exec('sh', ['-c', 'command -v capstan-agent || echo bare'])).to.equal('bare');
    expect(await failing(`${token} sh -c '${line}'`))
      .to.match(/not known here/)
      .and.to.match(/^capstan install: this server did not become a node/m);
    await typed(deploy, 'rm /var/lib/capstan/packages/*');
    expect(await typed(deploy, 'capstan install-command || echo "exit $?"'))
      .to.include('has no package of the agent')
      .and.to.include('exit 5');
  });
});

/** Runs the commands under a heading where they belong; those for servers on each of them. */
async function follower({ deploy, servers }: BareSite): Promise<(title: string) => Promise<string>> {
  const blocks = await guide();
  return async (title) => {
    const said: string[] = [];
    const found = blocks.get(title) ?? [];
    expect(found, title).not.to.deep.equal([]);
    for (const { on, text } of found) {
      const hosts = on === 'server' ? servers : [deploy];
      const printed = await Promise.all(hosts.map((host) => typed(host, text)));
      said.push(printed.join('\n'));
    }
    return said.join('\n');
  };
}

/** @returns how long it took. Milliseconds */
async function installed(host: Host, line: string): Promise<number> {
  const begun = performance.now();
  const said = await typed(host, line);
  const took = performance.now() - begun;
  expect(said).to.include(`This server is the node ${host.name}, connected to deploy.example.com:7600`);
  expect(said).to.include('To undo it: dpkg --purge capstan-agent');
  return took;
}

async function nodes(deploy: Host) {
  const listed = JSON.parse(await typed(deploy, 'capstan node list --output json')) as readonly NodeJson[];
  return listed.map(({ name, labels, liveness, agentVersion }) => ({
    ...{ name, env: labels['env'], liveness, agentVersion },
  }));
}

const agentPid = (host: Host): Promise<string> =>
  host.exec('systemctl', ['show', '--property=MainPID', 'capstan-agent.service']);

/** The one run of the application: whoever touched it has another. */
async function runOf(host: Host): Promise<string> {
  const said = await host.exec('systemctl', [
    ...['show', '--property=ActiveState', '--property=MainPID', '--property=ExecMainStartTimestamp'],
    'capstan-app-hello.service',
  ]);
  expect(said).to.include('ActiveState=active');
  return said;
}

async function ownVersion(): Promise<string> {
  const about = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return about.version;
}
