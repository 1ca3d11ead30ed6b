import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/io/package-root.js';
import { type Finished, type Program, runProgram, startProgram } from '../processes.js';
import { tempDir } from '../temp-dir.js';
import type { Host } from './host.js';
import { Rack } from './rack.js';

/** A host that runs the agent as a unit, installed as the guide says. */
export interface AgentHost {
  readonly host: Host;
  readonly name: string;
  /** Of the agent's own endpoint. */
  readonly agentPort: number;
}

/** Hosts with agents, and a coordinator beside them that goes on while they reboot. */
export interface HostFleet {
  readonly rack: Rack;
  readonly nodes: readonly AgentHost[];
  readonly coordinator: Program;
  /** Runs `bin/capstan` to its end. */
  capstan(args: readonly string[]): Promise<Finished>;
  /** Runs `bin/capstan … --output json` and reads what it prints; rejects if it fails. */
  json<T>(args: readonly string[]): Promise<T>;
}

/** What of the package is installed on a host; its dependencies are seen from there. */
const installed = ['bin', 'dist', 'proto', 'docs', 'package.json'];

export interface HostFleetOptions {
  readonly hosts: number;
  /** What stands in `conf.d` of a host, below its head. They all share one network: each needs ports of its own. */
  readonly conf: (index: number) => string;
}

/** Starts hosts, called h1 and so on, and the coordinator. The agents' own endpoints are at 7650, 7651, … */
export async function startHostFleet({ hosts, conf }: HostFleetOptions): Promise<HostFleet> {
  const rack = await Rack.open();
  const dir = await tempDir();
  const env = { CAPSTAN_INSECURE_LOOPBACK: '1', HOME: dir, TMPDIR: dir };
  const through = rack.inNetwork;
  const coordinator = startProgram('capstan-coordinator', ['--data-dir', join(dir, 'data')], {
    env,
    through,
  });
  await coordinator.waitFor('listening');
  const nodes = await Promise.all(
    Array.from({ length: hosts }, async (_, index) => agentHost(rack, index, conf(index))),
  );
  const capstan: HostFleet['capstan'] = (args) =>
    runProgram('capstan', args, { env, cwd: dir, timeoutMs: 60_000, through });
  return {
    ...{ rack, nodes, coordinator, capstan },
    async json<T>(args: readonly string[]): Promise<T> {
      const { code, stdout, stderr } = await capstan([...args, '--output', 'json']);
      if (code !== 0) throw new Error(`capstan ${args.join(' ')} exited ${String(code)}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as T;
    },
  };
}

async function agentHost(rack: Rack, index: number, conf: string): Promise<AgentHost> {
  const name = `h${index + 1}`;
  const agentPort = 7650 + index;
  const sees = {
    '/usr/local/bin/node': process.execPath,
    // From /opt, and from wherever releases of the agent are.
    '/node_modules': join(packageRoot(), 'node_modules'),
  };
  const host = await rack.host(name, { sees });
  await install(host, '1');
  for (const unit of [
    'capstan-agent.service',
    'capstan-agent-watch.service',
    'capstan-coordinator.service',
  ]) {
    await mkdir(host.path('/etc/systemd/system'), { recursive: true });
    await cp(join(packageRoot(), 'systemd', unit), host.path(`/etc/systemd/system/${unit}`));
  }
  await mkdir(host.path('/usr/bin'), { recursive: true });
  for (const program of ['capstan-agent', 'capstan-agent-watch', 'capstan-coordinator']) {
    await symlink(`/opt/capstan/bin/${program}`, host.path(`/usr/bin/${program}`));
  }
  await mkdir(host.path('/etc/sysusers.d'), { recursive: true });
  await cp(
    join(
      packageRoot(),
      'systemd/package/capstan-coordinator/files/usr/lib/sysusers.d/capstan-coordinator.conf',
    ),
    host.path('/etc/sysusers.d/capstan-coordinator.conf'),
  );
  await mkdir(host.path('/etc/capstan-agent/conf.d'), { recursive: true });
  const head = 'apiVersion: capstan/v1\nkind: Node\n';
  await writeFile(host.path('/etc/capstan-agent/conf.d/node.yml'), `${head}${conf}`);
  await writeFile(
    host.path('/etc/capstan-agent/agent.yml'),
    `name: ${name}
coordinator: ['127.0.0.1:7600']
label: { role: web, env: production }
listen: 127.0.0.1:${agentPort}
insecure-loopback: true
allow-unsigned: true
`,
  );
  await host.start();
  await host.exec('systemctl', ['enable', '--now', 'capstan-agent.service']);
  return { host, name, agentPort };
}

/**
 * Installs this checkout at `/opt/capstan-<build>` and points `/opt/capstan` there, so that whoever is started next is of that
 * build. Which one an agent is of can be told by its version.
 */
export async function install(host: Host, build: string): Promise<void> {
  const to = host.path(`/opt/capstan-${build}`);
  for (const part of installed) await cp(join(packageRoot(), part), join(to, part), { recursive: true });
  const about = JSON.parse(await readFile(join(to, 'package.json'), 'utf8')) as { readonly version: string };
  await writeFile(
    join(to, 'package.json'),
    JSON.stringify({ ...about, version: `${about.version}+${build}` }),
  );
  await rm(host.path('/opt/capstan'), { force: true });
  await symlink(`capstan-${build}`, host.path('/opt/capstan'));
}
