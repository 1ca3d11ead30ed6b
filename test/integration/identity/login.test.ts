import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { programPath } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { type Site, startSite } from './site.js';

describe('capstan login at a terminal', function () {
  this.timeout(30_000);
  let site: Site;

  before(async function () {
    if (!(await runs('script', '--version'))) skipLoudly(this, 'there is no `script` (util-linux)');
    site = await startSite(await tempDir());
  });

  /** Runs it with a terminal of its own, until it asks. */
  const begin = async (home: string) => {
    const words = ['login', '--coordinator', site.operators, '--ca-pin', site.pin];
    const command = [programPath('capstan'), ...words].map((word) => `'${word}'`).join(' ');
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: home, XDG_CONFIG_HOME: home, TERM: 'dumb' };
    const child: ChildProcess = spawn('script', ['-qefc', command, '/dev/null'], { env });
    cleanUp(() => {
      child.kill('SIGKILL');
    });
    let shown = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      shown += bytes.toString();
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    await eventually(() => shown.includes('Token: '), { what: 'the question for the token' });
    return {
      type: (keys: string) => child.stdin?.write(keys),
      shown: () => shown,
      code: async () => (await ended)[0],
    };
  };

  it('asks for the token, and shows nothing of it', async () => {
    const home = await tempDir();
    const terminal = await begin(home);
    terminal.type(`${site.adminToken}\r`);
    expect(await terminal.code(), terminal.shown()).to.equal(0);
    expect(terminal.shown()).to.contain('You are admin').and.not.to.contain(site.adminToken.slice(0, 12));
    expect(await readFile(join(home, 'capstan', 'default.token'), 'utf8')).to.equal(`${site.adminToken}\n`);
  });

  for (const [name, key] of [
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ] as const) {
    it(`ends at ${name}, and keeps nothing`, async () => {
      const home = await tempDir();
      const terminal = await begin(home);
      terminal.type(key);
      expect(await terminal.code()).to.equal(1);
      expect(terminal.shown()).to.contain('Nobody was logged in');
      expect(await readFile(join(home, 'capstan', 'config.yml')).catch(() => undefined)).to.equal(undefined);
    });
  }
});
