import { expect } from 'chai';
import { progressOn } from '../../../coordinator/cli/terminal/progress.js';
import { oneLine, printable, renderTable } from '../../../coordinator/cli/terminal/table.js';

const plain = (_tone: string, text: string): string => text;

describe('renderTable', () => {
  it('aligns columns, counts wide characters double and leaves no blanks at the ends', async () => {
    const text = await renderTable(
      plain,
      ['NAME', 'STATE', ''],
      [
        ['web', { text: 'ok', tone: 'good' }, ''],
        ['日本', 'failed', 'why'],
      ],
    );
    expect(text).to.equal('NAME  STATE\nweb   ok\n日本  failed  why');
  });

  it('keeps what comes from elsewhere from moving the cursor or breaking the row', () => {
    expect(oneLine('a\nb\u001b[2J\u0007c\td')).to.equal('a b[2Jc d');
    expect(printable('a\r\nb\u001b[31m\tc')).to.equal('a\nb[31m\tc');
  });
});

describe('progressOn', () => {
  const recorder = (isTerminal: boolean) => {
    const texts: string[] = [];
    const out = {
      isTerminal,
      columns: 60,
      rows: 24,
      write: (text: string) => void texts.push(text),
      writeBytes: () => Promise.resolve(),
    };
    const host = {
      env: {},
      stdout: out,
      stderr: out,
      home: '/',
      user: 'x',
      interrupted: new AbortController().signal,
    };
    return { texts, host };
  };
  const format = (amount: number): string => `${amount} B`;

  it('draws a bar in place on a terminal, never wider than it', () => {
    const { texts, host } = recorder(true);
    const progress = progressOn(host, { quiet: false, format });
    progress.update('uploading', 0, 100);
    progress.update('uploading', 100, 100);
    progress.end();
    expect(texts[0]).to.match(/^\r.*uploading \[\.+\] {3}0% {2}0 B of 100 B$/);
    expect(texts[1]).to.match(/\[#+\] 100%/);
    for (const text of texts) expect(text.length).to.be.below(60 + '\r\u001b[2K'.length);
    expect(texts.at(-1)).to.equal('\r\u001b[2K');
  });

  it('prints plain lines elsewhere: one when it begins, one when it is done', () => {
    const { texts, host } = recorder(false);
    const progress = progressOn(host, { quiet: false, format });
    for (const done of [0, 1, 2, 50, 100, 100]) progress.update('uploading', done, 100);
    progress.end();
    expect(texts).to.deep.equal(['uploading 0 B of 100 B (0%)\n', 'uploading 100 B of 100 B (100%)\n']);
  });

  it('says nothing with --quiet', () => {
    const { texts, host } = recorder(true);
    const progress = progressOn(host, { quiet: true, format });
    progress.update('uploading', 1, 2);
    progress.end();
    expect(texts).to.deep.equal([]);
  });
});
