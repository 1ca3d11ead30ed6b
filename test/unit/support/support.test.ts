import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { killProcessesIn, processesIn } from '../../support/processes.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';

describe('test support', () => {
  it('waits for a probe that throws, gives undefined and false before it gives a value', async () => {
    const answers: (() => number | undefined | false)[] = [
      () => {
        throw new Error('not yet');
      },
      () => undefined,
      () => false,
      () => 7,
    ];
    let calls = 0;
    expect(await eventually(() => answers[calls++]?.(), { everyMs: 1 })).to.equal(7);
    expect(calls).to.equal(4);
  });

  it('gives up with what was waited for and what was seen last', async () => {
    const failure: unknown = await eventually(() => false, { timeoutMs: 5, everyMs: 1, what: 'rain' }).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).to.match(/waited 5 ms for rain; last: false/);
  });

  it('removes a folder with read-only folders in it', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'release/bin'), { recursive: true });
    await writeFile(join(dir, 'release/bin/run'), '');
    await chmod(join(dir, 'release/bin'), 0o500);
    await chmod(join(dir, 'release'), 0o500);
    await removeTree(join(dir, 'release'));
    expect(existsSync(join(dir, 'release'))).to.equal(false);
  });

  it('finds and kills what still works in a folder', async () => {
    const dir = await tempDir();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: dir });
    await eventually(() => processesIn(dir).includes(child.pid ?? -1));
    await killProcessesIn(dir);
    expect(processesIn(dir)).to.deep.equal([]);
  });
});
