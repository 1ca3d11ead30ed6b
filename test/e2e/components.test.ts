import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import { fleetOf, settledOn, succeed } from './scene.js';
import type { RolloutJson, StatusJson, WhyJson } from './shapes.js';

interface ConfigJson {
  readonly number: number;
  readonly changes: readonly string[];
  readonly proven?: true;
}

const place = ['--env', 'production', '--wait', '--timeout', '1m'] as const;

describe('a release with a database step, and the values of its environment', function () {
  this.timeout(180_000);

  it('come after the database on every server, fail without a trace, and go back', async () => {
    const fleet = await fleetOf(2);
    const logFile = join(fleet.dir, 'log');
    await writeFile(logFile, '');
    await apply(fleet, 'warn');
    await publish(fleet, logFile, '1.0.0', '');
    await succeed(fleet, 'deploy', 'web@1.0.0', ...place);
    await answering(fleet, '1.0.0 warn');

    await apply(fleet, 'debug');
    await publish(fleet, logFile, '2.0.0', 'process.exit(3)');
    const failed = await fleet.capstan(['deploy', 'web@2.0.0', ...place], { timeoutMs: 90_000 });
    expect(failed.code, failed.stderr + failed.stdout).to.equal(1);
    await settledOn(fleet, 'web', '1.0.0');
    await answering(fleet, '1.0.0 warn');
    expect(await linesOf(logFile, '2.0.0'), 'one server ran it, and none the release').to.deep.equal([
      'migrate',
    ]);
    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    const why = await fleet.json<WhyJson>(['why', latest?.id ?? '']);
    expect(why.answer).to.match(/failed at database/);
    expect(why.logTail).to.contain('there is no such table');

    await fleet.coordinator.kill();
    await fleet.coordinator.start();
    await publish(fleet, logFile, '2.1.0', '');
    await succeed(fleet, 'deploy', 'web@2.1.0', ...place);
    await answering(fleet, '2.1.0 debug');
    expect(await linesOf(logFile, '2.1.0')).to.deep.equal(['migrate', 'start', 'start']);

    const [status] = await fleet.json<readonly (StatusJson & { config: number })[]>(['status', 'web']);
    expect(status).to.include({ version: '2.1.0', config: 2 });
    await succeed(fleet, 'deploy', 'web@2.1.0', '--config', '1', ...place);
    await answering(fleet, '2.1.0 warn');
    const configs = await fleet.json<readonly ConfigJson[]>(['config', 'list', 'web/production']);
    expect(configs.map(({ number, changes, proven }) => [number, changes, proven])).to.deep.equal([
      [2, ['LEVEL: "warn" → "debug"'], undefined],
      [1, ['LEVEL: not set → "warn"'], true],
    ]);
    await succeed(fleet, 'rollback', 'web', ...place);
    await answering(fleet, '2.1.0 debug');
    expect((await linesOf(logFile, '2.1.0')).filter((line) => line === 'migrate')).to.have.length(1);
  });
});

async function apply(fleet: Fleet, level: string): Promise<void> {
  const file = join(fleet.dir, 'web.yml');
  const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web,facts.cpus>=1
      config: { LEVEL: ${level} }
      strategy:
        maxUnavailable: 1
        waves:
          - { name: pilot, canary: { each: 1, by: [facts.os, facts.arch] } }
          - { name: zones, by: zone }
        health: { minHealthyTime: 200ms, deadline: 10s }
`;
  await writeFile(file, spec);
  await succeed(fleet, 'apply', '-f', file);
  await eventually(
    async () => {
      const [status] = await fleet.json<readonly StatusJson[]>(['status', 'web']);
      return status?.nodes.total === fleet.nodes.length;
    },
    { timeoutMs: 30_000, everyMs: 250, what: 'all servers to tell their facts' },
  );
}

/** @param then what the database step does after it has noted that it runs; '' for a release without one, unless it is 2.x */
async function publish(fleet: Fleet, logFile: string, version: string, then: string): Promise<void> {
  const dir = join(fleet.dir, 'releases', version);
  await mkdir(dir, { recursive: true });
  const note = (what: string): string =>
    `require('node:fs').appendFileSync(${JSON.stringify(logFile)}, '${version} ${what}\\n');`;
  await writeFile(
    join(dir, 'server.js'),
    `${note('start')}
require('node:http')
  .createServer((_request, response) => response.end('${version} ' + process.env.LEVEL))
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`,
  );
  await writeFile(
    join(dir, 'migrate.js'),
    `${note('migrate')} if (${JSON.stringify(then)} !== '') console.error('there is no such table'); ${then}`,
  );
  const database = version.startsWith('1.')
    ? ''
    : 'database: { run: [node, migrate.js], timeout: 20s, reversible: true }\n';
  await writeFile(
    join(dir, 'capstan.yml'),
    `apiVersion: capstan/v1
kind: Release
config: { LEVEL: none }
service: { process: { command: [node, server.js], grace: 2s } }
health:
  - { http: { url: 'http://127.0.0.1:\${PORT}/' }, every: 100ms }
drain: { wait: 100ms }
${database}`,
  );
  await succeed(fleet, 'publish', dir, '--app', 'web', '--version', version);
}

const linesOf = async (logFile: string, version: string): Promise<readonly string[]> =>
  (await readFile(logFile, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith(`${version} `))
    .map((line) => line.slice(version.length + 1));

async function answering(fleet: Fleet, answer: string): Promise<void> {
  const answers = await Promise.all(fleet.nodes.map(async ({ port }) => ask(port)));
  expect(answers).to.deep.equal(fleet.nodes.map(() => answer));
}

const ask = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false, timeout: 5000 }, (response) => {
      text(response).then(resolve, reject);
    }).on('error', reject);
  });
