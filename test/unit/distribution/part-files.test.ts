import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { createPartFiles } from '../../../agent/stager/tree/part-files.js';
import { beginFile } from '../../../agent/stager/tree/tree-files.js';
import { tempDir } from '../../support/temp-dir.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Some parts, and an order for them to come in. */
const cut = fc
  .array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.constant(new Uint8Array(16))), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((parts) =>
    fc.record({
      parts: fc.constant(parts),
      order: fc.shuffledSubarray([...parts.keys()], { minLength: parts.length }),
    }),
  );

describe('a file put together of parts', () => {
  it('is the same, and has its digest, in whatever order they come, many at a time', async () => {
    const dir = await tempDir();
    let count = 0;
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 12 }), (all) => {
        const partFiles = createPartFiles();
        const begun = all.map(({ parts, order }) => {
          const whole = Buffer.concat(parts);
          const path = join(dir, String(count++));
          beginFile(path, whole.length);
          return { whole, parts, order, path, file: partFiles.open(path, whole.length, true) };
        });
        for (let turn = 0; turn < 12; turn++) {
          for (const { parts, order, file } of begun) {
            const index = order[turn];
            const part = index === undefined ? undefined : parts[index];
            if (part === undefined) continue;
            const at = parts.slice(0, index).reduce((sum, { length }) => sum + length, 0);
            file.write(Buffer.from(part), at);
          }
        }
        for (const { file, whole, path } of begun) {
          expect(file.digest()).to.equal(sha256(whole));
          expect(readFileSync(path).equals(whole)).to.equal(true);
        }
        partFiles.close();
      }),
      { numRuns: 50 },
    );
  });

  it('is found to be another if it has become shorter meanwhile', async () => {
    const path = join(await tempDir(), 'file');
    const partFiles = createPartFiles();
    const file = partFiles.open(path, 10, false);
    beginFile(path, 5);
    file.write(Buffer.from('one'), 2);
    expect(file.digest()).to.equal(sha256(Buffer.from('\0\0one')));
  });
});
