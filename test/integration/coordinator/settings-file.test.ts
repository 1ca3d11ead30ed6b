import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

describe("the coordinator's settings file", () => {
  it('with a key that there is not is refused with its place, exit 2', async () => {
    const dir = await tempDir();
    const file = join(dir, 'coordinator.yml');
    await writeFile(file, `insecure-loopback: true\ndata-dir: ${dir}/data\npoll-hodl: 10s\n`);
    const run = await runProgram('capstan-coordinator', ['--config', file]);
    expect(run.code).to.equal(2);
    expect(run.stderr).to.contain(`${file}:3:1`);
    expect(run.stderr).to.contain('poll-hodl');
  });
});
