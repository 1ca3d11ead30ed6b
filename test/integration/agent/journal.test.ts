import { appendFile, mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { emptyRecord } from '../../../agent/core/record.js';
import { fileJournal } from '../../../agent/io/state/journal.js';
import { CapstanError } from '../../../shared/model/errors.js';
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

  it('takes a line that an end of the host cut short, whatever is left in its place, for one never written', async () => {
    const path = join(await tempDir(), 'journal', 'web');
    await fileJournal(path, app).write(record(1), 'first', true);
    const whole = await readFile(path, 'utf8');
    for (const rest of ['', '{', '\0\0\0', whole.slice(0, -1)]) {
      await writeFile(path, whole + rest);
      const journal = fileJournal(path, app);
      expect(await journal.read()).to.deep.include({ highest: 1 });
      await journal.write(record(2), 'second', false);
      expect(await fileJournal(path, app).read()).to.deep.include({ highest: 2 });
    }
  });

  it('reads what the next version of the agent has written, if that only says more', async () => {
    const path = join(await tempDir(), 'journal', 'web');
    const later = { ...record(3), since: 'later', settled: { generation: 3, phase: 'healthy', by: 'later' } };
    await mkdir(join(path, '..'));
    await writeFile(path, `${JSON.stringify({ note: 'later', record: later, writer: '0.2.0' })}\n`);
    const read = await fileJournal(path, app).read();
    expect(read).to.deep.include({ highest: 3 });
    expect(read.settled).to.include({ generation: 3, phase: 'healthy' });
  });

  it('guesses nothing from a line that is whole but not one of its own', async () => {
    const path = join(await tempDir(), 'journal', 'web');
    await fileJournal(path, app).write(record(1), 'first', true);
    const whole = await readFile(path, 'utf8');
    const other = { ...record(2), app: 'other' };
    const lines = [
      '',
      '{}',
      JSON.stringify({ note: '', record: { ...record(2), format: 2 } }),
      JSON.stringify({ note: '', record: { ...record(2), work: {} } }),
      JSON.stringify({ note: '', record: other }),
    ];
    for (const content of ['', '\0\0', 'x', ...lines.map((line) => `${whole}${line}\n`)]) {
      await writeFile(path, content);
      const failure = await fileJournal(path, app)
        .read()
        .catch((error: unknown) => error);
      expect(failure, JSON.stringify(content)).to.be.instanceOf(CapstanError);
      expect(failure).to.have.property('code', 'corrupt');
    }
    await writeFile(path, `not one\n${whole}`);
    expect(await fileJournal(path, app).read(), 'each line is the whole record').to.include({ highest: 1 });
  });
});
