import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { releaseRefFromWire } from '../../../shared/wire/release-ref.js';
import { capstan } from '../../support/capstan.js';
import { cleanUp } from '../../support/cleanup.js';
import { freePorts } from '../../support/free-ports.js';
import { killProcessesIn, type Program, runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { type Site, startSite } from '../identity/site.js';

/** A coordinator, its publisher, and one node that trusts the publisher's key; all as they should be. */
export interface Scene {
  readonly dir: string;
  readonly site: Site;
  readonly agent: Program;
  /** Where the agent keeps what it is. */
  readonly stateDir: string;
  /** The built-in store. */
  readonly storeDir: string;
  /** The publisher's private key, a file. */
  readonly keyFile: string;
  readonly joinToken: string;
  /** Runs `capstan` as the first operator; it has to succeed. */
  cli(...args: readonly string[]): Promise<string>;
  /** Has the publisher make, sign and register a release. */
  publish(app: string, version: string): Promise<ReleaseRef>;
  /** What the publisher built. */
  sourceOf(app: string, version: string): string;
  deploy(app: string, version: string): Promise<void>;
  /** The environment of the program that runs. */
  running(): Promise<Readonly<Record<string, string>>>;
}

/** Made in `before`, it lasts as long as the suite. */
export async function openScene(config = ''): Promise<Scene> {
  const dir = await tempDir();
  cleanUp(() => killProcessesIn(dir));
  const site = await startSite(join(dir, 'coordinator'));
  const [port = 0] = await freePorts(1);
  const env = {
    CAPSTAN_COORDINATOR: site.operators,
    CAPSTAN_CA_FILE: join(site.dir, 'ca', 'ca.crt'),
    CAPSTAN_TOKEN: site.adminToken,
  };
  const cli: Scene['cli'] = async (...args) => {
    const { code, stdout, stderr } = await capstan(args, { env, home: dir });
    expect(code, `capstan ${args.join(' ')}: ${stderr}${stdout}`).to.equal(0);
    return stdout.trim();
  };
  const keyFile = join(dir, 'release.key');
  const key = await cli('key', 'generate', keyFile);
  const confDir = join(dir, 'conf.d');
  await mkdir(confDir);
  const trust = `apiVersion: capstan/v1\nkind: Node\ntrust: { keys: ["${key}"] }\n`;
  await writeFile(join(confDir, 'trust.yml'), trust);

  const joinToken = await site.token({ labels: { role: 'web' } });
  const stateDir = join(dir, 'state');
  const where = ['--coordinator', site.operators, '--pin', site.pin, '--state-dir', stateDir];
  const enrolled = await runProgram(
    'capstan-agent',
    ['enrol', ...where, '--name', 'n1', '--token-file', '-'],
    {
      input: `${joinToken}\n`,
    },
  );
  expect(enrolled.code, enrolled.stderr).to.equal(0);
  const agent = startProgram('capstan-agent', [
    ...['--state-dir', stateDir, '--root', join(dir, 'srv'), '--conf-dir', confDir],
    ...['--listen', '127.0.0.1:0', '--env', `PORT=${port}`, '--reserve-mb', '0'],
  ]);
  await agent.waitFor('coordinator.connected');

  const sourceOf: Scene['sourceOf'] = (app, version) => join(dir, 'sources', app, version);
  return {
    ...{ dir, site, agent, stateDir, keyFile, joinToken, cli, sourceOf },
    storeDir: join(site.dir, 'store'),
    async publish(app, version) {
      const source = sourceOf(app, version);
      await mkdir(source, { recursive: true });
      for (const [name, text] of Object.entries(filesOf(version, config)))
        await writeFile(join(source, name), text);
      await cli('publish', source, '--app', app, '--version', version, '--sign-key', keyFile);
      const { release } = await site.operator.call('GetRelease', { app, version });
      if (release === null) throw new Error('it is not registered');
      return releaseRefFromWire(release);
    },
    async deploy(app, version) {
      await cli('deploy', `${app}@${version}`, '--env', 'production', '--wait', '--timeout', '20s');
    },
    running: () =>
      new Promise((resolve, reject) => {
        get({ port, agent: false, timeout: 2000 }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
          answer.on('end', () => resolve(JSON.parse(text) as Record<string, string>));
        }).on('error', reject);
      }),
  };
}

/** An application with one environment that has the node. */
export const applicationText = (app: string, config = ''): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: role=web
      config: { ${config} }
      strategy: { type: live, health: { minHealthyTime: 100ms, deadline: 10s } }
`;

/** A server that answers with its environment, and bytes that no other version has. */
const filesOf = (version: string, config: string): Readonly<Record<string, string>> => ({
  'own.bin': randomBytes(50_000).toString('base64'),
  'server.js': `// ${version}
require('node:http').createServer((request, response) => response.end(JSON.stringify(process.env)))
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`,
  'capstan.yml': `apiVersion: capstan/v1
kind: Release
config: { COLOUR: blue${config} }
service: { process: { command: [node, server.js], grace: 1s } }
health:
  - { http: { url: 'http://127.0.0.1:\${PORT}/' }, every: 100ms, rise: 1, fall: 2 }
drain: { wait: 0s }
`,
});
