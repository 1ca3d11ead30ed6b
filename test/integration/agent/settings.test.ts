import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { build } from 'esbuild';
import { packageRoot, packageVersion } from '../../../shared/io/package-root.js';
import { eventually } from '../../support/eventually.js';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { makeNode, serverFiles } from './harness.js';

const loopback = ['--insecure-loopback', '--name', 'n1', '--coordinator', '127.0.0.1:1'];

describe('the settings of the agent', () => {
  it('prints --help and --version, and does nothing else', async () => {
    const help = await runProgram('capstan-agent', ['--help']);
    expect(help).to.include({ code: 0, stderr: '' });
    expect(help.stdout).to.match(/^Usage: capstan-agent .*--state-dir PATH.*CAPSTAN_STATE_DIR/s);
    const version = await runProgram('capstan-agent', ['--version']);
    expect(version).to.include({ code: 0, stdout: `${packageVersion()}\n`, stderr: '' });
  });

  it('refuses an unknown setting with exit code 2 and a hint', async () => {
    const { code, stdout, stderr } = await runProgram('capstan-agent', ['--stat-dir', '/x']);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.equal('capstan-agent: Unknown setting --stat-dir.\nDid you mean --state-dir?\n');
  });

  it('names file, line and column of a fault in its file and in conf.d', async () => {
    const dir = await tempDir();
    const file = join(dir, 'agent.yml');
    await writeFile(file, 'root: /srv\nreserve-mb: much\n');
    expect(await complaintOf(['--config', file])).to.match(placeOf(file, '2:13'));
    await mkdir(join(dir, 'conf.d'));
    const conf = join(dir, 'conf.d/node.yml');
    await writeFile(conf, 'apiVersion: capstan/v1\nkind: Node\nenvy: {}\n');
    expect(await complaintOf([...loopback, '--conf-dir', join(dir, 'conf.d')])).to.match(
      placeOf(conf, '3:1'),
    );
  });

  it('starts with the conf.d that was valid last, and says so, if it is not any more', async () => {
    const node = await makeNode();
    const conf = join(node.dir, 'conf.d/web.yml');
    await mkdir(join(node.dir, 'conf.d'));
    const valid = 'apiVersion: capstan/v1\nkind: Node\nenv: { KEPT: "yes" }\n';
    await writeFile(conf, valid);
    const server = "if (process.env.KEPT !== 'yes') process.exit(1);";
    await node.start();
    const release = await node.release('1', serverFiles('1', { server }));
    await node.coordinator.settled('web', node.deploy(release));
    await writeFile(conf, 'apiVersion: capstan/v1\nkind: Node\nenvy: {}\n');
    await node.agent().waitFor('conf.refused');
    await node.agent().stop('SIGKILL');
    await node.start();
    await node.agent().waitFor('conf.refused');
    const more = await node.release('2', serverFiles('2', { server }));
    const status = await node.coordinator.settled('web', node.deploy(more));
    expect(status).to.include({ phase: 'healthy' });
    expect(status.note).to.match(/conf\.d counts as it was before: .*web\.yml:3:1/);
    await writeFile(conf, valid);
    await node.agent().waitFor('conf.applied');
    await eventually(() => node.coordinator.reports.at(-1)?.apps[0]?.note === '');
  });

  it('reads a conf.d that is made later, and names what cannot be read or whom the host does not have', async () => {
    const node = await makeNode();
    const folder = join(node.dir, 'conf.d');
    await node.start();
    await node.agent().waitFor('conf.absent');
    await mkdir(folder);
    const valid = 'apiVersion: capstan/v1\nkind: Node\nenv: { LATE: "yes" }\n';
    await writeFile(join(folder, '10.yml'), valid);
    await node.agent().waitFor('conf.applied');
    const server = "if (process.env.LATE !== 'yes') process.exit(1);";
    const release = await node.release('1', serverFiles('1', { server }));
    await node.coordinator.settled('web', node.deploy(release));
    const path = join(folder, '30.yml');
    const user =
      'apiVersion: capstan/v1\nkind: Node\napplications: { web: { user: capstan-nobody-at-all } }\n';
    for (const [make, says] of [
      [() => mkdir(path), ' It is a directory.'],
      [() => symlink('nowhere', path), ' It is a link that leads nowhere.'],
      [
        () => writeFile(path, user),
        '3:30: applications.web.user: this host has no user "capstan-nobody-at-all".',
      ],
    ] as const) {
      await make();
      const note = `conf.d counts as it was before: ${path}:${says}`;
      await eventually(() => node.coordinator.reports.at(-1)?.apps[0]?.note.startsWith(note), { what: note });
      await rm(path, { recursive: true });
      await eventually(() => node.coordinator.reports.at(-1)?.apps[0]?.note === '');
    }
  }).timeout(60_000);

  it('takes variables and a relative file from where it was started', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'agent.yml'), 'name: from-file\nlisten: 127.0.0.1:0\nstate-dir: state\n');
    const env = { CAPSTAN_INSECURE_LOOPBACK: '1', CAPSTAN_COORDINATOR: '127.0.0.1:1', CAPSTAN_CONF_DIR: dir };
    const args = ['--config', 'agent.yml', '--root', 'srv', '--conf-dir', join(dir, 'none')];
    const agent = startProgram('capstan-agent', args, { env, cwd: dir });
    await agent.waitFor('listening');
    expect((await agent.stop('SIGTERM')).code).to.equal(0);
  });

  it('loads no schemas and no YAML into the process that stays', async () => {
    const { metafile } = await build({
      entryPoints: [join(packageRoot(), 'agent/main.ts')],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      external: ['@grpc/proto-loader', 'koffi'],
      logLevel: 'silent',
    });
    const heavy = /node_modules\/(zod|yaml|systeminformation|commander|fastify|undici)\//;
    expect(Object.keys(metafile.inputs).filter((path) => heavy.test(path))).to.deep.equal([]);
  });
});

const placeOf = (file: string, position: string): RegExp =>
  new RegExp(`^capstan-agent: ${file}:${position}: .*\\n`);

async function complaintOf(args: readonly string[]): Promise<string> {
  const { code, stderr } = await runProgram('capstan-agent', args);
  expect(code, stderr).to.equal(2);
  return stderr;
}
