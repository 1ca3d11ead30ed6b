import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { childrenOf } from '../../support/hosts/process-tree.js';
import { cleanEnvironment, programPath } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

const run = promisify(execFile);

/** The scripts that stand between systemd and the agent, with releases that tell their names. */
describe('the launcher and the watch of the agent', () => {
  let dir: string;
  let env: Readonly<Record<string, string>>;

  beforeEach(async () => {
    dir = await tempDir();
    const systemctl = `#!/bin/sh\necho "$@" >>${dir}/asked\n[ "$1" = is-active ] && . ${dir}/active\nexit 0\n`;
    await mkdir(join(dir, 'bin'));
    await writeFile(join(dir, 'bin/systemctl'), systemctl);
    await chmod(join(dir, 'bin/systemctl'), 0o755);
    await writeFile(join(dir, 'active'), 'echo active\n');
    for (const name of ['v1', 'v2']) {
      await mkdir(join(dir, 'updates/releases', name, 'bin'), { recursive: true });
      const launcher = join(dir, 'updates/releases', name, 'bin/capstan-agent');
      await writeFile(launcher, `#!/bin/sh\necho ${name} "$@"\n`);
      await chmod(launcher, 0o755);
    }
    const path = cleanEnvironment()['PATH'] ?? '';
    env = { PATH: `${dir}/bin:${path}`, CAPSTAN_AGENT_UPDATES: join(dir, 'updates') };
  });

  const point = async (to: string): Promise<void> => {
    await rm(join(dir, 'updates/current'), { force: true });
    await symlink(`releases/${to}`, join(dir, 'updates/current'));
  };
  const say = (name: string, text: string): Promise<void> => writeFile(join(dir, 'updates', name), text);
  const current = (): Promise<string | undefined> =>
    readlink(join(dir, 'updates/current')).catch(() => undefined);
  const putBack = (): Promise<string> => readFile(join(dir, 'updates/put-back'), 'utf8');
  const launch = async (): Promise<string> =>
    (await run(programPath('capstan-agent'), ['--version'], { env })).stdout.trim();
  const watch = async (): Promise<void> => {
    await run(`${programPath('capstan-agent')}-watch`, [], { env, timeout: 20_000 });
  };

  /** What its launcher does from now on. */
  const proveV1 = async (does: string): Promise<void> => {
    await writeFile(join(dir, 'updates/releases/v1/bin/capstan-agent'), `#!/bin/sh\n${does}\n`);
    await point('v1');
    await say('proven', 'v1\n');
  };
  const startThrice = async (): Promise<void> => {
    const script = `${programPath('capstan-agent')}-watch`;
    for (let start = 0; start < 3; start += 1) await run(script, ['--started'], { env });
  };

  it('run what was deployed rather than what is installed, whatever the versions, and what is installed where nothing was', async () => {
    await point('v1');
    await say('proven', 'v1\n');
    expect(await launch()).to.equal('v1 --version');
    await rm(join(dir, 'updates/current'));
    expect(await launch()).to.match(/^\d+\.\d+\.\d+/);
    await symlink('releases/gone', join(dir, 'updates/current'));
    expect(await launch(), 'a release that is not there').to.match(/^\d+\.\d+\.\d+/);
  });

  it('start what has not proved itself twice, then what had, and leave a note', async () => {
    await point('v2');
    await say('proven', 'v1\n');
    expect([await launch(), await launch(), await launch(), await launch()].join()).to.equal(
      'v2 --version,v2 --version,v1 --version,v1 --version',
    );
    expect(await putBack()).to.equal('v2\nit was started 2 times and ended before it had proved itself\n');
  });

  it('wait for a release no longer than they were told, and have systemd kill it: they do not end with what they watch (elastic#3123)', async () => {
    await point('v2');
    await say('proven', 'v1\n');
    await say('deadline', '1\n');
    await watch();
    expect(await current()).to.equal('releases/v1');
    expect(await putBack()).to.equal('v2\nit had not proved itself 1 s after its start\n');
    expect(await readFile(join(dir, 'asked'), 'utf8')).to.include(
      'kill --signal=SIGKILL capstan-agent.service',
    );
  });

  it('leave alone what proves itself at the last moment', async () => {
    await point('v2');
    await say('deadline', '1\n');
    await writeFile(join(dir, 'active'), `echo active; echo v2 >${dir}/updates/proven\n`);
    await watch();
    expect(await current()).to.equal('releases/v2');
    expect(await putBack().catch(() => 'nothing')).to.equal('nothing');
  });

  it('leave alone what proves itself meanwhile, and what somebody has stopped (elastic#4443)', async () => {
    await point('v2');
    await say('deadline', '30\n');
    const child = spawn(`${programPath('capstan-agent')}-watch`, [], { env, stdio: 'ignore' });
    const exited = once(child, 'exit');
    await eventually(async () => {
      const children = await childrenOf(child.pid ?? 0);
      const names = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8')));
      return names.includes('sleep\n');
    });
    await say('proven', 'v2\n');
    expect((await exited)[0]).to.equal(0);
    expect(await current()).to.equal('releases/v2');

    await say('proven', 'v1\n');
    await say('deadline', '1\n');
    await writeFile(join(dir, 'active'), 'echo inactive\n');
    await watch();
    expect(await current()).to.equal('releases/v2');
  });

  it('go back to what is installed where nothing else has proved itself, or that is gone (elastic PR 3268)', async () => {
    for (const proven of ['', 'v0\n']) {
      await point('v2');
      await say('proven', proven);
      // As the agent does before it tries a release once more.
      await rm(join(dir, 'updates/put-back'), { force: true });
      await startThrice();
      expect(await current()).to.equal(undefined);
    }
  });

  it('find the way back also when the reason cannot be written', async () => {
    await point('v2');
    await say('proven', 'v1\n');
    await mkdir(join(dir, 'updates/put-back.new'));
    await startThrice();
    expect(await current()).to.equal('releases/v1');
  });

  it('start the agent of the package in place of one that had proved itself and is damaged now, and tell of it', async () => {
    await proveV1('exit 1');
    for (let start = 0; start < 3; start += 1)
      expect(await launch().catch(() => 'failed')).to.equal('failed');
    const { stdout, stderr } = await run(programPath('capstan-agent'), ['--version'], { env });
    expect(stdout).to.match(/^\d+\.\d+\.\d+/);
    expect(stderr).to.match(/^capstan-agent: the agent of the package is started in place of v1: [^\n]*\n$/);
    expect(await putBack()).to.match(/^v1\nit was started 3 times without coming up/);
    expect(await current()).to.equal('releases/v1');
    await watch();
    expect(await launch()).to.match(/^\d+\.\d+\.\d+/);

    await point('v2');
    expect(await launch()).to.equal('v2 --version');
  });

  it('go on starting one that had proved itself and is whole, however often it does not come up', async () => {
    await proveV1('[ "$1" = --version ]');
    for (let start = 0; start < 6; start += 1)
      await run(programPath('capstan-agent'), ['run'], { env }).catch(() => 'its settings are wrong');
    expect(await readFile(join(dir, 'updates/starts'), 'utf8')).to.equal('v1\n'.repeat(4));
    expect(await putBack().catch(() => 'nothing')).to.equal('nothing');
  });

  it('start what is damaged rather than an agent of the package that is damaged as well', async () => {
    const installed = join(dir, 'installed/bin');
    await cp(dirname(programPath('capstan-agent')), installed, { recursive: true });
    await proveV1('echo v1; exit 1');
    for (let start = 0; start < 5; start += 1) {
      const failure = await run(join(installed, 'capstan-agent'), [], { env }).catch(
        (thrown: unknown) => thrown,
      );
      expect(failure).to.include({ stdout: 'v1\n' });
    }
  });

  it('find the way past a damaged one also when the reason cannot be written', async () => {
    await proveV1('exit 1');
    await mkdir(join(dir, 'updates/put-back.new'));
    for (let start = 0; start < 3; start += 1) await launch().catch(() => 'failed');
    expect(await launch()).to.match(/^\d+\.\d+\.\d+/);
    expect(await current()).to.equal(undefined);
  });
});
