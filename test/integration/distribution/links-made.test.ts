import { lstatSync } from 'node:fs';
import { appendFile, chmod, link, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { LinksMade } from '../../../agent/stager/drift/links-made.js';
import { markOf } from '../../../agent/stager/drift/tree-index.js';
import { sha256 } from '../../../shared/release/digest.js';
import { tempDir } from '../../support/temp-dir.js';

const content = sha256(Buffer.from('content'));

describe('a file that is linked to', () => {
  /** Of a file that was written so long ago, linked to, and then had this done to it. */
  async function linked({
    ageMs = 60_000,
    change,
  }: {
    ageMs?: number;
    change?: (file: string) => Promise<void>;
  }) {
    const file = join(await tempDir(), 'file');
    await writeFile(file, 'content');
    const nowMs = Date.now();
    const then = new Date(nowMs - ageMs);
    await utimes(file, then, then);
    const before = lstatSync(file);
    await link(file, `${file}-too`);
    await change?.(file);
    const links = new LinksMade();
    const after = lstatSync(file);
    links.note(content, before, after, nowMs);
    return { links, before, after };
  }

  it('is known by how it looks since', async () => {
    const { links, before, after } = await linked({});
    expect(links.marks.get(content)).to.equal(markOf(after));
    expect([...links.renewed]).to.deep.equal([[markOf(before), markOf(after)]]);
  });

  for (const [what, change] of [
    ['was written to as well', (file: string) => appendFile(file, 'x')],
    ['was written to without becoming longer', (file: string) => writeFile(file, 'CONTENT')],
    ['was given another mode', (file: string) => chmod(file, 0o755)],
  ] as const) {
    it(`is not known if it ${what}`, async () => {
      const { links } = await linked({ change });
      expect([links.marks.size, links.renewed.size]).to.deep.equal([0, 0]);
    });
  }

  it('is not known if what is written to it now would look the same', async () => {
    for (const ageMs of [0, -1000]) {
      const { links } = await linked({ ageMs });
      expect([links.marks.size, links.renewed.size]).to.deep.equal([0, 0]);
    }
  });
});
