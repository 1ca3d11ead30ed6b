import { chmodSync, lstatSync, utimesSync, writeFileSync } from 'node:fs';
import { appendFile, chmod, link, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openKnownTree } from '../../../agent/stager/drift/known-tree.js';
import { LinksMade } from '../../../agent/stager/drift/links-made.js';
import { markOf } from '../../../agent/stager/drift/tree-index.js';
import type { LocalRelease } from '../../../agent/stager/reuse/local-releases.js';
import { type Reuse, reuseFiles } from '../../../agent/stager/reuse/reuse.js';
import { createTreeWriter } from '../../../agent/stager/tree/tree-writer.js';
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

describe('a file of which another release is made', () => {
  /**
   * @param executable it is to be, and was not: then it is copied and not linked
   * @param meanwhile what somebody does to it once it was found to look as it did
   * @returns how it looks, and how it is taken to look if it is right
   */
  async function reused({
    executable,
    meanwhile = () => undefined,
  }: {
    readonly executable: boolean;
    readonly meanwhile?: (file: string) => void;
  }) {
    const dir = await tempDir();
    const [file, root] = [join(dir, 'file'), join(dir, 'root')];
    await mkdir(root);
    await writeFile(file, 'content');
    await chmod(file, 0o444);
    const then = new Date(Date.now() - 60_000);
    await utimes(file, then, then);
    const before = lstatSync(file);
    const local = { path: file, size: before.size };
    const release: LocalRelease = {
      ...{ hex: content, releaseDir: dir, manifestText: Buffer.alloc(0) },
      find: () => [local],
      unchanged: () => {
        meanwhile(file);
        return before;
      },
      chunks: () => Promise.resolve(new Map()),
      known: () => openKnownTree({ releaseDir: dir, recordFile: join(dir, 'none.json') }, Date.now()),
    };
    const entry = { kind: 'file', path: 'made', executable, size: before.size, sha256: content } as const;
    const writer = createTreeWriter(root, { entries: [entry], contentSize: before.size, fileCount: 1 });
    const links = new LinksMade();
    const reuse: Reuse = { bytes: 0, damaged: new Set(), sound: new Set(), links };
    await reuseFiles(writer, [content], [release], reuse, new AbortController().signal);
    writer.close();
    const known = markOf(before);
    return {
      looks: markOf(lstatSync(file)),
      taken: links.renewed.get(known) ?? known,
      made: await readFile(join(root, 'made'), 'utf8'),
    };
  }

  /** Other bytes of the same number, with the same date, in another tick of the clock. */
  const rewrite = (file: string): void => {
    const { mode, atime, mtime, ctimeMs } = lstatSync(file);
    do {
      chmodSync(file, 0o644);
      writeFileSync(file, 'CONTENT');
      chmodSync(file, mode);
      utimesSync(file, atime, mtime);
    } while (lstatSync(file).ctimeMs === ctimeMs);
  };

  for (const executable of [false, true]) {
    it(`is right as it looks after it was ${executable ? 'copied' : 'linked'}`, async () => {
      const { looks, taken, made } = await reused({ executable });
      expect(taken).to.equal(looks);
      expect(made).to.equal('content');
    });
  }

  it('is not taken to be right if somebody wrote to it while it was copied, and set its date back', async () => {
    const { looks, taken } = await reused({ executable: true, meanwhile: rewrite });
    expect(taken).to.not.equal(looks);
  });
});
