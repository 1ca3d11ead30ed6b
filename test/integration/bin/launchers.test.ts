import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { packageVersion } from '../../../shared/io/package-root.js';
import { programPath, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, [...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('the launchers in bin/', () => {
  it('find their program through symbolic links, relative ones as well', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'a'));
    await symlink(programPath('capstan'), join(dir, 'a/absolute'));
    await symlink('a/absolute', join(dir, 'relative'));
    const { code, stdout } = await run(join(dir, 'relative'), ['version']);
    expect(code).to.equal(0);
    expect(stdout).to.contain(packageVersion());
  });

  it('become their program, so that the process id is its own', async () => {
    const dir = await tempDir();
    const program = startProgram('capstan-coordinator', [
      ...['--insecure-loopback', '--data-dir', dir],
      ...[
        '--agent-listen',
        '127.0.0.1:0',
        '--operator-listen',
        '127.0.0.1:0',
        '--http-listen',
        '127.0.0.1:0',
      ],
    ]);
    await program.waitFor('listening');
    const command = await readFile(`/proc/${program.pid}/cmdline`, 'utf8');
    expect(command.split('\0')[0]).to.equal('node');
    expect((await program.stop()).code).to.equal(0);
  });

  for (const name of ['capstan', 'capstan-coordinator', 'capstan-agent'] as const) {
    it(`${name} says what to do where nothing was built`, async () => {
      const dir = await tempDir();
      const launcher = join(dir, 'bin', name);
      await mkdir(dirname(launcher));
      await copyFile(programPath(name), launcher);
      const { code, stderr } = await run(launcher, []);
      expect(code).to.equal(1);
      expect(stderr).to.equal(
        `${name}: ${dir}/dist/${name}.cjs is missing. Run 'npm ci' in ${dir}, which builds it.\n`,
      );
    });

    it(`${name} says what is missing where there is no Node.js`, async () => {
      const dir = await tempDir();
      for (const tool of ['dirname', 'readlink']) await symlink(`/usr/bin/${tool}`, join(dir, tool));
      const { code, stderr } = await run('/bin/sh', [programPath(name)], { PATH: dir });
      expect(code).to.equal(1);
      expect(stderr).to.match(/Node\.js is not installed or not in PATH/);
    });
  }
});
