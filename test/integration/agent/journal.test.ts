import { appendFile, mkdir, readFile, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { emptyRecord } from '../../../agent/core/record.js';
import { fileJournal } from '../../../agent/io/state/journal.js';
import type { AppName } from '../../../shared/model/ids.js';
import { tempDir } from '../../support/temp-dir.js';

describe('the journal of an application', () => {
  const app = 'web' as AppName;
  const record = (highest: number) => ({ ...emptyRecord(app), highest });

  it('gives the last whole line back, whatever a full disk let through of one that failed', async () => {
    const path = join(await tempDir(), 'journal', 'web');
    const journal = fileJournal(path, app);
    await journal.read();
    await journal.write(record(1), 'first', true);
    await rename(path, `${path}.aside`);
    await mkdir(path); // now nothing can be appended
    const failure = await journal.write(record(2), 'second', true).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    await rmdir(path);
    await rename(`${path}.aside`, path);
    await appendFile(path, '{"note":"second","record":{"form');
    await journal.write(record(3), 'third', true);
    const read = await fileJournal(path, app).read();
    expect(read.highest, await readFile(path, 'utf8')).to.equal(3);
  });
});
