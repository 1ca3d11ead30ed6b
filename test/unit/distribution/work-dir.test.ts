import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, readlink, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openWorkDir, workFiles } from '../../../shared/distribution/publish/work-dir.js';
import { tempDir } from '../../support/temp-dir.js';

/** The only folder in a folder. */
async function onlyOne(folder: string): Promise<string> {
  const names = await readdir(folder);
  expect(names).to.have.length(1);
  return join(folder, names[0] ?? '');
}

/** The number of a process that has ended. */
const ended = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('work folder of a publisher', () => {
  it('is private, and gone when it is not needed any more', async () => {
    const parent = await tempDir();
    const work = await openWorkDir(parent);
    const own = await onlyOne(parent);
    expect((await stat(own)).mode & 0o777).to.equal(0o700);
    await writeFile(join(work.path, workFiles.pack), 'half a pack');
    await work.leave();
    expect(await readdir(parent)).to.deep.equal([]);
    const next = await openWorkDir(parent);
    await next.remove();
    expect(await readdir(parent)).to.deep.equal([]);
  });

  it('leaves what is packed to the next try, and to that only', async () => {
    const parent = await tempDir();
    const work = await openWorkDir(parent);
    await writeFile(join(work.path, workFiles.pack), 'a pack');
    await mkdir(join(work.path, 'tree-1'));
    await writeFile(join(work.path, workFiles.note), 'web on none');
    await work.leave();
    const left = await onlyOne(await onlyOne(parent));
    expect((await readdir(left)).sort()).to.deep.equal([workFiles.pack, workFiles.note].sort());
    const next = await openWorkDir(parent);
    expect(await next.takeOver('web on another')).to.equal(false);
    const third = await openWorkDir(parent);
    const taken = await Promise.all([next.takeOver('web on none'), third.takeOver('web on none')]);
    expect([...taken].sort()).to.deep.equal([false, true]);
    const winner = taken[0] ? next : third;
    expect(await readFile(join(winner.path, workFiles.pack), 'utf8')).to.equal('a pack');
    await next.remove();
    await third.remove();
  });

  it('goes with the next publishing if its process has ended, or after a day', async () => {
    const parent = await tempDir();
    const work = await openWorkDir(parent);
    const own = await onlyOne(parent);
    const here = /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? '';
    const folder = async (name: string, note: string | undefined, ageHours: number): Promise<void> => {
      await mkdir(join(own, name));
      if (note !== undefined) await writeFile(join(own, name, workFiles.note), note);
      const then = Date.now() / 1000 - ageHours * 3600;
      await utimes(join(own, name), then, then);
    };
    await folder(`${here}-${ended()}-unpacked`, undefined, 0);
    await folder(`${here}-${ended()}-begun`, '', 0);
    await folder(`${here}-${ended()}-packed`, 'other', 1);
    await folder(`${here}-${ended()}-old`, 'other', 25);
    await folder(`${here}-${process.pid}-alive`, undefined, 25);
    await folder('1-1-elsewhere', 'web', 1);
    await folder('1-1-abandoned', 'web', 25);
    await folder('not ours', undefined, 25);
    expect(await work.takeOver('web')).to.equal(false);
    const kept = (await readdir(own)).map((name) => name.split('-').at(-1));
    expect(kept).to.include.members(['packed', 'alive', 'elsewhere', 'not ours']);
    expect(kept).to.not.include.oneOf(['unpacked', 'begun', 'old', 'abandoned']);
    await work.remove();
  });

  it('is found elsewhere if somebody else could write to it', async () => {
    const parent = await tempDir();
    const first = await openWorkDir(parent);
    const own = await onlyOne(parent);
    await chmod(own, 0o777);
    const second = await openWorkDir(parent);
    expect(second.path).to.not.include(`${own}/`);
    expect(await second.takeOver('web')).to.equal(false);
    await second.leave();
    await first.remove();
    expect(await readdir(parent)).to.deep.equal([]);
  });
});
