import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostFleet } from '../../support/hosts/host-fleet.js';
import type { Finished } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

/** One run of an application's process. */
export interface Run {
  readonly version: string;
  readonly pid: number;
  /** In ticks since the host's boot. */
  readonly started: string;
}

/** How a release has its server run, as `service:` of its `capstan.yml`. */
const services = {
  process: 'process: { command: [node, server.js], grace: 5s }',
  systemd: 'systemd: { unit: api.service, file: api.service }',
};
type Kind = keyof typeof services;

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

/** Publishes a version of an application whose server is run in this way. */
export async function publish(fleet: HostFleet, app: string, version: string, kind: Kind): Promise<void> {
  const dir = join(await tempDir(), version);
  await mkdir(dir);
  await writeFile(join(dir, 'server.js'), server(version));
  await writeFile(join(dir, 'api.service'), unit);
  await writeFile(
    join(dir, 'capstan.yml'),
    `apiVersion: capstan/v1
kind: Release
service: { ${services[kind]} }
health:
  - { http: { url: 'http://127.0.0.1:\${PORT}/healthz' }, every: 100ms, rise: 2, fall: 2 }
`,
  );
  await succeed(fleet, 'publish', dir, '--app', app, '--version', version);
}

/** Applies an environment that holds every host. */
export async function apply(fleet: HostFleet, app: string): Promise<void> {
  const file = join(await tempDir(), `${app}.yml`);
  await writeFile(
    file,
    `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: role=web
      strategy:
        type: live
        health: { minHealthyTime: 300ms, deadline: 10s }
        onFailure: rollback
`,
  );
  await succeed(fleet, 'apply', '-f', file);
}

/** Deploys and waits for the end. */
export const deploy = (fleet: HostFleet, release: string): Promise<Finished> =>
  fleet.capstan(['deploy', release, '--env', 'production', '--wait', '--timeout', '50s']);

/** Runs a command that has to succeed. */
export async function succeed(fleet: HostFleet, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await fleet.capstan(args);
  expect(code, `capstan ${args.join(' ')}:\n${stderr}${stdout}`).to.equal(0);
}

/** Who answers at the port of an application. */
export async function runAt({ rack }: HostFleet, port: number): Promise<Run> {
  return JSON.parse((await rack.get(port)).body) as Run;
}
