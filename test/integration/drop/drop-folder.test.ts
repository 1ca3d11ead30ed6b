import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { DropFolder, type DropFolderOptions } from '../../../coordinator/io/drop/drop-folder.js';
import { systemClock } from '../../../shared/io/clock.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Time passes while the folder rests, and takes none; or only when the test says so. */
class TestClock implements Clock {
  /** How often the folder was looked at. */
  looks = 0;
  time = 0;
  stands = false;
  readonly now = (): number => Date.now();
  readonly monotonic = (): number => this.time;

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.looks += 1;
    await systemClock.sleep(5, signal);
    if (!this.stands) this.time += ms;
  }
}

/** A folder that is watched, and what was taken out of it. */
async function watched({
  take,
  logger = quiet,
  prepare = () => Promise.resolve(),
}: Partial<Pick<DropFolderOptions, 'take' | 'logger'>> & {
  readonly prepare?: (folder: string) => Promise<void>;
} = {}) {
  const folder = await tempDir();
  await prepare(folder);
  const clock = new TestClock();
  const taken: { readonly version: string; readonly source: string; readonly content: string }[] = [];
  const drops = new DropFolder({
    ...{ folder, clock, logger },
    async take(build, source, signal) {
      const content = await readFile(source, 'utf8').catch(() => 'a folder');
      taken.push({ version: build.version, source, content });
      return take === undefined ? { digest: 'sha256:1', notes: [] } : await take(build, source, signal);
    },
  });
  await drops.start();
  cleanUp(() => drops.close());
  const write = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content);
  const has = (name: string) =>
    eventually(async () => (await readdir(folder)).includes(name), { what: `${name} to be there` });
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  return { folder, clock, taken, write, has, json };
}

const description = (version: string, source: string, more = ''): string =>
  `apiVersion: capstan/v1\nkind: Build\napp: web\nversion: "${version}"\nsource: ${source}\n${more}`;

describe('the drop folder', () => {
  it('takes a build that is finished, says so, and takes it away', async () => {
    const { folder, taken, write, has, json } = await watched();
    await write('web-1.tar.gz', 'whole');
    await write('web-1.build.yml', description('1', 'web-1.tar.gz'));
    await has('web-1.published.json');
    expect(await json('web-1.published.json')).to.deep.include({
      app: 'web',
      version: '1',
      digest: 'sha256:1',
    });
    await eventually(async () => (await readdir(folder)).length === 1);
    expect(taken.map(({ content }) => content)).to.deep.equal(['whole']);
  });

  it('lets what is still written wait: an archive that grows, a description before its build', async () => {
    const { folder, clock, taken, write, has } = await watched();
    clock.stands = true;
    await write('web-1.build.yml', description('1', 'web-1.tar.gz'));
    const path = join(folder, 'web-1.tar.gz');
    for (let part = 0; part < 8; part++) {
      await appendFile(path, 'half ');
      const { looks } = clock;
      await eventually(() => clock.looks > looks + 2);
      clock.time += 1999;
    }
    expect(taken).to.deep.equal([]);
    await appendFile(path, 'whole');
    clock.stands = false;
    await has('web-1.published.json');
    expect(taken.map(({ content }) => content)).to.deep.equal([`${'half '.repeat(8)}whole`]);
  });

  it('waits for as many bytes as the description says, however long that takes', async () => {
    const { taken, write, has } = await watched();
    await write('web-1.tar.gz', 'half');
    await write('web-1.build.yml', description('1', 'web-1.tar.gz', 'size: 8\n'));
    await write('web-2.tar.gz', 'other');
    await write('web-2.build.yml', description('2', 'web-2.tar.gz'));
    await has('web-2.published.json');
    expect(taken.map(({ version }) => version)).to.deep.equal(['2']);
    await write('web-1.tar.gz', 'halfhalf');
    await has('web-1.published.json');
  });

  it('says in the log, once, what has not come for a minute, and goes on waiting', async () => {
    const said: unknown[] = [];
    const warn = (event: string, fields?: object): void => {
      said.push({ event, ...fields });
    };
    const { folder, clock, write, has } = await watched({ logger: { ...quiet, warn } });
    await write('web-1.build.yml', description('1', 'web-1.tar.gz', 'size: 8\n'));
    await eventually(() => clock.time > 200_000);
    expect(said).to.have.length(1);
    expect(said[0]).to.include({
      event: 'drop.waiting',
      name: 'web-1',
      waitsFor: 'web-1.tar.gz is not there',
    });
    await write('web-1.tar.gz', 'half');
    await eventually(() => said.length > 1);
    expect(said[1]).to.include({ waitsFor: 'web-1.tar.gz has 4 of the 8 bytes that it is to have' });
    await write('web-1.tar.gz', 'halfhalf');
    await has('web-1.published.json');
    await eventually(async () => (await readdir(folder)).length === 1);
  });

  it('refuses what has another digest until it is written anew', async () => {
    const { folder, taken, write, has, json } = await watched();
    await write('web-1.tar.gz', 'wrong');
    await write(
      'web-1.build.yml',
      description('1', 'web-1.tar.gz', `sha256: ${sha256(Buffer.from('right'))}\n`),
    );
    await has('web-1.refused.json');
    expect(await json('web-1.refused.json')).to.have.nested.property('error.code', 'corrupt');
    expect(taken).to.deep.equal([]);
    await write('web-1.tar.gz.part', 'right');
    await rename(join(folder, 'web-1.tar.gz.part'), join(folder, 'web-1.tar.gz'));
    await has('web-1.published.json');
    await eventually(async () => (await readdir(folder)).length === 1);
  });

  it('takes a folder as it is, the oldest build first, and one that is dropped twice twice', async () => {
    const { folder, taken, write, has } = await watched();
    await mkdir(join(folder, 'tree/deep'), { recursive: true });
    await write('tree/deep/file', 'x');
    await write('a.build.yml', description('2', 'tree'));
    await write('web-1.tar', 'first');
    await write('b.build.yml', description('1', 'web-1.tar'));
    await utimes(join(folder, 'b.build.yml'), 1_000_000_000, 1_000_000_000);
    await has('a.published.json');
    expect(taken.map(({ version }) => version)).to.deep.equal(['1', '2']);
    await write('web-1.tar', 'again');
    await write('b.build.yml', description('3', 'web-1.tar'));
    await eventually(() => taken.length === 3);
  });

  it('reads nothing outside the folder', async () => {
    const { folder, taken, write, has, json } = await watched();
    const outside = join(await tempDir(), 'secret');
    await writeFile(outside, 'secret');
    await symlink(outside, join(folder, 'link'));
    await write('a.build.yml', description('1', 'link'));
    await write('b.build.yml', description('1', '../secret'));
    await write('c.build.yml', description('1', 'link').replace('"1"', '1.10'));
    await symlink(outside, join(folder, 'd.build.yml'));
    for (const name of ['a', 'b', 'c', 'd']) await has(`${name}.refused.json`);
    expect(await json('a.refused.json'))
      .to.have.nested.property('error.message')
      .that.contains('is a link');
    expect(await json('b.refused.json')).to.have.nested.property('error.location.line', 5);
    expect(await json('c.refused.json'))
      .to.have.nested.property('error.message')
      .that.contains('in quotes');
    expect(taken).to.deep.equal([]);
  });

  it('lets what cannot be looked at keep nothing else', async () => {
    const { taken, write, has } = await watched();
    await write('a.build.yml', description('1', 'é'.repeat(200))); // longer than any file system takes
    await write('web-2.tar', 'x');
    await write('b.build.yml', description('2', 'web-2.tar'));
    await has('b.published.json');
    expect(taken.map(({ version }) => version)).to.deep.equal(['2']);
  });

  it('says once, beside it, that something cannot be read, and takes it when it can be', async () => {
    const said: unknown[] = [];
    const logger = { ...quiet, warn: (event: string) => said.push(event) };
    const { folder, clock, taken, write, has, json } = await watched({ logger });
    await write('a.build.yml', description('1', 'é'.repeat(200)));
    await has('a.refused.json');
    expect(await json('a.refused.json'))
      .to.have.nested.property('error.message')
      .that.matches(/^What a\.build\.yml speaks of cannot be read: ENAMETOOLONG/);
    const { looks } = clock;
    await eventually(() => clock.looks > looks + 20); // in which it is tried again some times
    expect(said).to.deep.equal(['drop.failed']);
    await write('web-1.tar', 'x');
    await write('a.build.yml', description('1', 'web-1.tar'));
    await has('a.published.json');
    await eventually(async () => (await readdir(folder)).join() === 'a.published.json');
    expect(taken).to.have.length(1);
  });

  it('leaves nothing stale: what was refused and is gone, or was published before and is refused now', async () => {
    const { folder, write, has } = await watched({
      take: ({ version }) =>
        version === '1'
          ? Promise.resolve({ digest: 'sha256:1', notes: [] })
          : Promise.reject(new CapstanError('conflict', 'It is taken.')),
    });
    for (const version of ['1', '2']) {
      await write('web.tar', version);
      await write('web.build.yml', description(version, 'web.tar'));
      await has(version === '1' ? 'web.published.json' : 'web.refused.json');
      if (version === '1') await eventually(async () => (await readdir(folder)).length === 1);
    }
    await eventually(async () => !(await readdir(folder)).includes('web.published.json'));
    await rm(join(folder, 'web.build.yml'));
    await eventually(async () => (await readdir(folder)).join() === 'web.tar');
  });

  it('forgets at its start what was refused and taken away while nobody looked', async () => {
    const { folder, has } = await watched({
      prepare: (place) => writeFile(join(place, 'gone.refused.json'), '{}'),
    });
    await writeFile(join(folder, 'web.tar'), 'x');
    await writeFile(join(folder, 'web.build.yml'), description('1', 'web.tar'));
    await has('web.published.json');
    expect(await readdir(folder)).to.not.include('gone.refused.json');
  });

  it('finds room for what it says of a build with a very long name', async () => {
    const { folder, write, taken } = await watched();
    const name = `${'ü'.repeat(122)}x`; // 245 bytes, and .build.yml
    await write('web.tar', 'x');
    await write(`${name}.build.yml`, description('1', 'web.tar'));
    await eventually(async () => {
      const [file = '', ...more] = await readdir(folder);
      return more.length === 0 && /^ü{80,90}.*~[0-9a-f]{8}\.published\.json$/.test(file);
    });
    expect(taken).to.have.length(1);
  });

  it('says why a build was refused, and tries again by itself what failed for another reason', async () => {
    const errors = [
      new CapstanError('unreachable', 'The store is away.'),
      new CapstanError('conflict', 'Version 1 is taken.', { hint: 'Take another.' }),
    ];
    const { taken, write, has, json } = await watched({
      take: () => {
        const error = errors.shift();
        return error === undefined
          ? Promise.resolve({ digest: 'sha256:2', notes: [] })
          : Promise.reject(error);
      },
    });
    await write('web-1.tar', 'x');
    await write('web-1.build.yml', description('1', 'web-1.tar'));
    await has('web-1.refused.json'); // thirty seconds later, as the folder counts them
    expect(taken).to.have.length(2);
    expect(await json('web-1.refused.json')).to.deep.equal({
      error: { code: 'conflict', message: 'Version 1 is taken.', hint: 'Take another.' },
    });
  });
});
