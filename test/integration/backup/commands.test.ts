import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { freePorts } from '../../support/free-ports.js';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { backup, restore, restored, taken, tampered } from './site.js';

/** A coordinator with TLS that has run once, and does not any more. */
async function rested(): Promise<{
  readonly dir: string;
  readonly args: readonly string[];
  readonly dataDir: string;
}> {
  const dir = await tempDir();
  const ports = await freePorts(3);
  const at = (index: number): string => `127.0.0.1:${ports[index] ?? 0}`;
  const dataDir = join(dir, 'data');
  const listen = ['--agent-listen', at(0), '--operator-listen', at(1), '--http-listen', at(2)];
  const args = ['--data-dir', dataDir, ...listen];
  const program = startProgram('capstan-coordinator', args);
  await program.waitFor('listening');
  await program.stop();
  return { dir, args, dataDir };
}

const secrets = ['ca/ca.key', 'ca/ca.crt', 'ca/server.key', 'admin.token'];

describe('the commands for backups', function () {
  this.timeout(60_000);

  let site: Awaited<ReturnType<typeof rested>>;
  let file: string;
  before(async () => {
    site = await rested();
    ({ file } = await taken(site.args, site.dir));
  });

  const into = (dir: string): readonly string[] => [...site.args, '--data-dir', dir];

  it('take along the authority with its key, and put everything where it was, for its owner alone', async () => {
    const left = 'copy.0123456789ab.tmp'; // of one that was killed over it
    await writeFile(join(site.dataDir, left), 'half');
    const running = startProgram('capstan-coordinator', site.args);
    await running.waitFor('listening');
    expect(await readdir(site.dataDir)).not.to.include(left);
    const whole = await taken(site.args, join(site.dir, 'running.tar.gz'));
    expect(whole.files.map(({ path }) => path)).to.have.members([...secrets, 'capstan.db']);
    const refused = await restore(whole.file, site.args);
    expect(refused.code).to.equal(4);
    expect(refused.stderr).to.contain('held by another coordinator');
    await running.stop();
    const dir = join(site.dir, 'elsewhere');
    await restored(whole.file, into(dir));
    for (const path of secrets) {
      expect(await readFile(join(dir, path), 'utf8')).to.equal(
        await readFile(join(site.dataDir, path), 'utf8'),
      );
      if (!path.endsWith('.crt')) expect((await stat(join(dir, path))).mode & 0o777, path).to.equal(0o600);
    }
    expect((await stat(join(dir, 'capstan.db'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(dir)).not.to.include('restoring');
    const again = startProgram('capstan-coordinator', into(dir));
    await again.waitFor('listening');
    await again.stop();
  });

  it('leave nothing half-written behind', async () => {
    const names = await readdir(site.dir);
    expect(names.filter((name) => name.includes('.tmp'))).to.deep.equal([]);
    const missing = await backup(site.args, '--to', join(site.dir, 'no-such-folder', 'b.tar.gz'));
    expect(missing.code).to.equal(5);
    expect(missing.stderr).to.contain(`There is no folder ${join(site.dir, 'no-such-folder')}.`);
    const none = await backup(
      into(join(site.dir, 'empty')),
      '--to',
      join(site.dir, 'none.tar.gz'),
      '--output',
      'json',
    );
    expect(none.code).to.equal(5);
    expect(JSON.parse(none.stderr)).to.have.nested.property('error.code', 'notFound');
    expect(existsSync(join(site.dir, 'none.tar.gz'))).to.equal(false);
  });

  it('make no file of a folder that is missing', async () => {
    const folder = join(site.dir, 'unmounted');
    const slash = await backup(site.args, '--to', `${folder}/`);
    expect(slash.code).to.equal(5);
    expect(slash.stderr).to.contain(`There is no folder ${folder}.`);
    const bare = await backup(site.args, '--to', folder);
    expect(bare.code).to.equal(2);
    expect(bare.stderr).to.contain(`or end the name of a file in .tar.gz: ${folder}.tar.gz.`);
    expect(existsSync(folder)).to.equal(false);
    await mkdir(folder);
    expect((await taken(site.args, `${folder}/`)).file).to.match(/unmounted\/capstan-\S+\.tar\.gz$/);
  });

  it('say with which settings a coordinator is asked that does not answer', async () => {
    const running = startProgram('capstan-coordinator', site.args);
    await running.waitFor('listening');
    const [port = 0] = await freePorts(1);
    const elsewhere = ['--operator-listen', `127.0.0.1:${port}`];
    const asked = await backup([...site.args, ...elsewhere], '--to', join(site.dir, 'unheard.tar.gz'));
    await running.stop();
    expect(asked.code).to.equal(3);
    expect(asked.stderr)
      .to.contain(`127.0.0.1:${port} cannot be reached`)
      .and.to.contain('--operator-listen');
    expect(asked.stderr).not.to.contain('--coordinator');
  });

  it('refuse to restore over data, and what is no backup or not as it was made', async () => {
    const over = await restore(file, site.args);
    expect(over.code).to.equal(4);
    expect(over.stderr).to.contain('There are data already').and.to.contain('A restore replaces nothing');
    const target = into(join(site.dir, 'target'));
    const cut = join(site.dir, 'cut.tar.gz');
    await writeFile(cut, await readFile(file));
    await truncate(cut, (await stat(file)).size - 100);
    const newer = (json: Buffer): string => json.toString().replace('"format": 1', '"format": 9');
    const cases: readonly (readonly [string, number, string])[] = [
      [cut, 1, 'not a sound archive'],
      [join(site.dir, 'nothing.tar.gz'), 5, 'There is no file'],
      [await tampered(file, site.dir, 'manifest.json', newer), 4, 'format 9'],
      [
        await tampered(file, site.dir, 'admin.token', (token) => `${token.toString()}x`),
        1,
        'admin.token is not what was',
      ],
      [
        await tampered(file, site.dir, 'capstan.db', (bytes) => bytes.fill(7, 5000, 5001)),
        1,
        'capstan.db is not what was',
      ],
    ];
    for (const [from, code, words] of cases) {
      const run = await restore(from, target);
      expect(run.stderr).to.contain(words);
      expect(run.code, words).to.equal(code);
    }
    expect(await readdir(join(site.dir, 'target'))).to.have.members(['coordinator.lock', 'coordinator.pid']);
  });

  it('clear away what a restore left that was cut short, on which no coordinator starts', async () => {
    const dir = join(site.dir, 'half');
    const restoring = join(dir, 'restoring');
    await mkdir(join(dir, 'ca'), { recursive: true });
    await mkdir(restoring);
    await writeFile(join(dir, 'ca', 'ca.key'), 'half of it');
    await writeFile(join(restoring, 'targets.json'), JSON.stringify([join(dir, 'ca', 'ca.key')]));
    const start = await runProgram('capstan-coordinator', into(dir));
    expect(start.code).to.equal(1);
    expect(start.stderr).to.contain('was cut short');
    await restored(file, into(dir));
    expect(await readFile(join(dir, 'ca', 'ca.key'), 'utf8')).to.contain('PRIVATE KEY');
  });

  it('begin an epoch that is later than the one that is named', async () => {
    const first = await restored(file, into(join(site.dir, 'first')));
    const after = first.epoch + 1000;
    const later = await restored(file, into(join(site.dir, 'later')), '--after', String(after));
    expect(later.epoch).to.equal(after + 1);
    const again = await taken(into(join(site.dir, 'later')), join(site.dir, 'later.tar.gz'));
    expect((await restored(again.file, into(join(site.dir, 'latest')))).epoch).to.equal(after + 2);
    const beyond = await restore(file, into(join(site.dir, 'beyond')), '--after', String(2 ** 40));
    expect([beyond.code, beyond.stderr]).to.deep.equal([
      2,
      `capstan-coordinator: There is no epoch after ${2 ** 40}.\n`,
    ]);
  });

  it('say what they take, with examples, and what is wrong with it', async () => {
    const help = await runProgram('capstan-coordinator', ['backup', '--help']);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain('Examples:').and.to.contain('--force');
    const nothing = await runProgram('capstan-coordinator', ['restore', '--output', 'json']);
    expect(nothing.code).to.equal(2);
    expect(JSON.parse(nothing.stderr)).to.have.nested.property('error.code', 'invalid');
    expect((await restore('--help', site.args)).stdout).to.contain('--after EPOCH');
    expect((await backup(site.args)).code).to.equal(2);
    const typo = await backup(site.args, '--tto', 'x');
    expect(typo.code).to.equal(2);
    expect(typo.stderr).to.contain('--tto');
  });
});
