import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { create } from 'tar';
import { eventually } from '../../support/eventually.js';
import { startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { startCoordinator } from '../coordinator/coordinator.js';

const description = (version: string, source: string): string =>
  `apiVersion: capstan/v1\nkind: Build\napp: web\nversion: "${version}"\nsource: ${source}\nchecks: { unit: passed, lint: failed }\nreason: build 7\n`;

interface Refused {
  readonly error: { readonly code: string; readonly message: string };
}

describe('the drop folder of a coordinator', () => {
  it('publishes what CI drops: a folder, and an archive once its second half is there', async () => {
    const folder = await tempDir();
    const coordinator = await startCoordinator(['--drop-dir', folder]);
    const program = coordinator.program();
    await mkdir(join(folder, 'web-1'));
    await writeFile(join(folder, 'web-1', 'version.txt'), 'one');
    await writeFile(join(folder, 'web-1.build.yml'), description('1', 'web-1'));

    const tree = join(await tempDir(), 'tree');
    await mkdir(tree);
    await writeFile(
      join(tree, 'noise.bin'),
      Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * at) % 251)),
    );
    const archive = `${tree}.tar.gz`;
    await create({ gzip: true, cwd: tree, file: archive }, ['.']);
    const bytes = await readFile(archive);
    const half = bytes.length / 2;
    await writeFile(join(folder, 'web-2.tar.gz'), bytes.subarray(0, half));
    await writeFile(join(folder, 'web-2.build.yml'), description('2', 'web-2.tar.gz'));

    const refused = await program.waitFor('drop.refused');
    expect(refused['name']).to.equal('web-2');
    expect(refused['message']).to.match(/end|cut|truncat|corrupt|damaged/i);
    expect((await readdir(folder)).sort()).to.include.members(['web-2.build.yml', 'web-2.tar.gz']);
    await appendFile(join(folder, 'web-2.tar.gz'), bytes.subarray(half));
    await eventually(async () => (await readdir(folder)).length === 2, { what: 'all to be published' });
    expect((await readdir(folder)).sort()).to.deep.equal(['web-1.published.json', 'web-2.published.json']);

    const { releases } = await coordinator.client.call('ListReleases', { app: 'web' });
    expect(releases.map(({ release }) => release?.version)).to.deep.equal(['2', '1']);
    expect(
      releases[0]?.checks.map(({ name, passed, by, reason }) => [name, passed, by, reason]),
    ).to.deep.equal([
      ['unit', true, 'drop-folder', 'build 7'],
      ['lint', false, 'drop-folder', 'build 7'],
    ]);

    // Other content under a version that is taken: said beside it, and nothing changes.
    await mkdir(join(folder, 'again'));
    await writeFile(join(folder, 'again', 'version.txt'), 'other');
    await writeFile(join(folder, 'again.build.yml'), description('1', 'again'));
    await program.waitFor('drop.refused', ({ name }) => name === 'again');
    const told = await eventually(async () => {
      return JSON.parse(await readFile(join(folder, 'again.refused.json'), 'utf8')) as Refused;
    });
    expect(told.error.code).to.equal('conflict');
    expect(told.error.message).to.contain('web@1 is published already with other content');
  });

  it('has to be there when the coordinator starts', async () => {
    const dir = await tempDir();
    const args = ['--insecure-loopback', '--data-dir', join(dir, 'data'), '--drop-dir', join(dir, 'none')];
    const ports = [
      '--agent-listen',
      '127.0.0.1:0',
      '--operator-listen',
      '127.0.0.1:0',
      '--http-listen',
      '127.0.0.1:0',
    ];
    const program = startProgram('capstan-coordinator', [...args, ...ports]);
    expect((await program.exited).code).to.equal(2);
    expect(program.stderr()).to.contain(`--drop-dir: there is no folder ${join(dir, 'none')}`);
  });
});
