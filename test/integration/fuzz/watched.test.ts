import { join } from 'node:path';
import { expect } from 'chai';
import { watched } from '../../fuzz/watched.js';
import { tempDir } from '../../support/temp-dir.js';

describe('fuzzing', function () {
  this.timeout(60_000);

  it('finds what throws, hangs, takes all memory or ends, and keeps the input that does it', async () => {
    const dir = await tempDir();
    const bounds = { hangMs: 2000, residentBytes: 512 * 1024 * 1024 };
    const says = {
      'broken-throws': /it broke/,
      'broken-hangs': /reads this for more than 2 s/,
      'broken-grows': /takes \d+ MB of memory/,
      'broken-ends': /its process ended/,
    };
    const tried = Object.entries(says).map(async ([target, problem]) => {
      const found = await watched({ target, seed: 1, seconds: 30, currentFile: join(dir, target) }, bounds);
      if (found.kind === 'held') throw new Error(`${target} held`);
      expect(found.problem, target).to.match(problem);
      const input = Buffer.from(found.input, 'base64');
      expect(
        input.some((byte) => byte > 100),
        target,
      ).to.equal(true);
      if (target === 'broken-throws') expect([...input], 'made as small as it gets').to.deep.equal([101]);
    });
    await Promise.all(tried);
  });
});
