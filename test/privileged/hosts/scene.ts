import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Context } from 'mocha';
import { applyStrategy, succeed } from '../../e2e/scene.js';
import type { RolloutJson, RolloutNodeJson } from '../../e2e/shapes.js';
import { type AgentHost, type HostFleet, startHostFleet } from '../../support/hosts/host-fleet.js';
import { hostsLack } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';
import { tempDir } from '../../support/temp-dir.js';

/** One run of an application's process. */
export interface Run {
  readonly version: string;
  readonly pid: number;
  /** In ticks since the host's boot. */
  readonly started: string;
}

/**
 * A fleet of a single host; to be called in `before`, which is skipped where there can be none.
 * @param applications what the node's configuration says of each
 */
export async function oneHost(
  suite: Context,
  applications: Readonly<Record<string, string>>,
): Promise<{ readonly fleet: HostFleet; readonly node: AgentHost }> {
  suite.timeout(330_000); // the Debian of all hosts is made when it is first needed
  const lack = await hostsLack();
  if (lack !== undefined) skipLoudly(suite, lack);
  const rules = Object.entries(applications).map(([app, rule]) => `  ${app}: ${rule}\n`);
  const fleet = await startHostFleet({ hosts: 1, conf: () => `applications:\n${rules.join('')}` });
  const [node] = fleet.nodes;
  if (node === undefined) throw new Error('there is no host');
  return { fleet, node };
}

/** How releases have their server run, as `service:` of `capstan.yml`. */
export const services = {
  process: 'process: { command: [node, server.js], grace: 5s }',
  /** A unit that the release brings along. */
  shipped: 'systemd: { unit: api.service, file: api.service }',
};

/** Tells who it is. A version with "broken" in it is never healthy. */
const server = (version: string): string => `const { readFileSync } = require('node:fs');
const stat = readFileSync('/proc/self/stat', 'utf8');
const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
const about = JSON.stringify({ version: '${version}', pid: process.pid, started });
require('node:http').createServer((request, response) => {
  const broken = request.url === '/healthz' && about.includes('broken');
  if (broken) console.error('the configuration names no database');
  response.writeHead(broken ? 500 : 200).end(about);
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const unit = `[Service]
ExecStart=/usr/local/bin/node /srv/api/current/server.js
Restart=on-failure
`;

export interface Published {
  readonly app: string;
  readonly version: string;
  /** As `service:` of `capstan.yml`. */
  readonly service: string;
  /** More lines for `capstan.yml`. */
  readonly more?: string;
  /** More files: path → content; what lies in `bin/` can be run. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Publishes a version of an application whose server is run in this way. */
export async function publish(
  fleet: HostFleet,
  { app, version, service, more = '', files = {} }: Published,
): Promise<void> {
  const dir = join(await tempDir(), version);
  const spec = `apiVersion: capstan/v1
kind: Release
service: { ${service} }
health:
  - { http: { url: 'http://127.0.0.1:\${PORT}/healthz' }, every: 100ms, rise: 2, fall: 2 }
drain: { wait: 0s }
${more}`;
  const all = { 'server.js': server(version), 'api.service': unit, 'capstan.yml': spec, ...files };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
  }
  await succeed(fleet, 'publish', dir, '--app', app, '--version', version);
}

/** Applies an environment that holds every host. */
export const apply = (fleet: HostFleet, app: string): Promise<void> =>
  applyStrategy(
    fleet,
    app,
    'type: live\nhealth: { minHealthyTime: 300ms, deadline: 3s }\nonFailure: rollback\n',
  );

/** Deploys, and waits until that has succeeded. */
export async function deploy(fleet: HostFleet, release: string): Promise<void> {
  await succeed(fleet, 'deploy', release, '--env', 'production', '--wait', '--timeout', '50s');
}

/**
 * Deploys what has to fail, and waits until nothing is under way.
 * @returns what is said of the only host
 */
export async function deployInVain(fleet: HostFleet, release: string): Promise<RolloutNodeJson> {
  const args = ['deploy', release, '--env', 'production', '--wait', '--timeout', '50s'];
  const { code, stdout, stderr } = await fleet.capstan(args);
  expect(code, stdout + stderr).to.equal(1);
  const app = release.split('@', 1)[0] ?? '';
  const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', app]);
  const rollout = await fleet.json<RolloutJson>(['rollout', 'show', latest?.id ?? '']);
  const [node] = rollout.waves.flatMap(({ nodes }) => nodes);
  if (node === undefined) throw new Error('the rollout has no host');
  return node;
}

/** Who answers at the port of an application. */
export async function runAt({ rack }: HostFleet, port: number): Promise<Run> {
  return JSON.parse((await rack.get(port)).body) as Run;
}
