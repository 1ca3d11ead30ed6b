import { lstatSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { createStager } from '../../../agent/io/stager-client.js';
import { judgeTree, settledAfterMs } from '../../../agent/stager/drift/judge-tree.js';
import { openKnownTree } from '../../../agent/stager/drift/known-tree.js';
import { readIndex } from '../../../agent/stager/drift/read-index.js';
import { encodeRecord, type IndexRecord, markOf } from '../../../agent/stager/drift/tree-index.js';
import { expectedPaths } from '../../../agent/stager/expected.js';
import {
  indexFileOf,
  type ReleasePlace,
  type StageJob,
  type StageResult,
} from '../../../agent/stager/protocol.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { readOwnManifest, verifyRelease, verifyWithAlong } from '../../../agent/stager/verify.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { readEntries } from '../../../shared/release/manifest.js';
import { eventually } from '../../support/eventually.js';
import { noise } from '../../support/noise.js';
import { publish, stageJob } from '../../support/releases.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';

const quiet = { progress: () => undefined, note: () => undefined };
const never = new AbortController().signal;
const weekMs = 7 * 24 * 3_600_000;
const path = 'lib/deep/3.js';

/** How the tree looks now, as the search for drift writes it down. */
async function judge(place: ReleasePlace, { readMs = Date.now() } = {}): Promise<void> {
  const records = judgeTree({
    root: place.releaseDir,
    entries: readEntries(await readOwnManifest(place)),
    rendered: new Map(),
    expected: expectedPaths([]),
    before: new Map(),
    now: () => Date.now() + 10_000, // all of it has come to rest
  });
  await keep(place, records, readMs);
}

async function keep(place: ReleasePlace, records: readonly IndexRecord[], readMs: number): Promise<void> {
  const header = { format: 1, records: records.length, readMs, drift: null };
  const text = `${JSON.stringify(header)}\0${records.map(encodeRecord).join('')}`;
  await writeFile(indexFileOf(place.recordFile), text);
}

/** Other bytes, of the same number and with the same date. */
async function damage(file: string): Promise<void> {
  const { atime, mtime, size } = await stat(file);
  await chmod(file, 0o644);
  await writeFile(file, noise(999, size));
  await chmod(file, 0o444);
  await utimes(file, atime, mtime);
}

/** As if it had been written a minute ago, and not in this very moment. */
async function age(file: string): Promise<void> {
  const then = new Date(Date.now() - 60_000);
  await utimes(file, then, then);
}

/** Has the index say that a path looks as it does now, whatever it holds: who reads it finds out. */
async function believe(place: ReleasePlace, readMs = Date.now()): Promise<void> {
  const records = [...(readIndex(indexFileOf(place.recordFile))?.records.values() ?? [])];
  const mark = markOf(lstatSync(join(place.releaseDir, path)));
  await keep(
    place,
    records.map((record) => (record.path === path ? { ...record, mark } : record)),
    readMs,
  );
}

describe('a release that has not changed since it was judged', function () {
  this.timeout(60_000);

  /** One release on a node that was judged, and what brings the next one beside it. */
  async function scene() {
    const dir = await tempDir();
    const store = directoryStore(join(dir, 'store'));
    const source = join(dir, 'source');
    await mkdir(join(source, 'lib/deep'), { recursive: true });
    for (let n = 0; n < 20; n++) await writeFile(join(source, 'lib/deep', `${n}.js`), noise(n, 3000));
    await writeFile(join(source, 'large'), noise(100, 1_500_000));
    const first = await publish(source, store, '1.0.0');
    const job = stageJob(dir, first, [store.url]);
    await stageRelease(job, quiet, never);
    const { releaseDir, recordFile } = job;
    const place: ReleasePlace = { releaseDir, recordFile };
    await writeFile(join(source, 'lib/deep/7.js'), noise(700, 3000));
    const second = await publish(source, store, '2.0.0', [first]);
    const next: ReleasePlace = {
      releaseDir: join(dirname(releaseDir), 'r2'),
      recordFile: join(dirname(recordFile), 'r2.json'),
    };
    const stageNext = (changes: Partial<StageJob> = {}): Promise<StageResult> => {
      const along = { ...place, ignore: [] };
      const nextJob = {
        ...stageJob(dir, second, [store.url]),
        ...next,
        reuseFrom: [place],
        along,
        ...changes,
      };
      return stageRelease(nextJob, quiet, never);
    };
    await judge(place);
    return { live: place, next, stageNext, file: (name: string) => join(place.releaseDir, name) };
  }

  it('is linked and verified without being read', async () => {
    const { live, next, stageNext, file } = await scene();
    await damage(file(path));
    await believe(live);
    const { damagedFiles, along } = await stageNext();
    expect(damagedFiles).to.deep.equal([]);
    expect(along).to.include({ total: 0, filesChecked: 21 });
    expect((await stat(join(next.releaseDir, path))).ino).to.equal((await stat(file(path))).ino);
    expect((await stat(join(next.releaseDir, 'large'))).nlink).to.equal(2);
    // The links have changed what they lead to: from now on only reading tells.
    const { differences } = await verifyRelease({ ...live, ignore: [] });
    expect(differences.map((found) => `${found.path} ${found.kind}`)).to.deep.equal([`${path} content`]);
  });

  it('need not be read again, and nor need what was linked from it, where it is written down how they look since', async () => {
    const { live, next, stageNext, file } = await scene();
    await age(file(path));
    await age(file('large'));
    await judge(live);
    await stageNext({ along: undefined, index: true });
    for (const place of [live, next]) {
      const tree = openKnownTree(place, Date.now());
      for (const linked of [path, 'large']) expect(tree.unchanged(linked), linked).not.to.equal(undefined);
    }
    const nextTree = openKnownTree(next, Date.now());
    for (const written of ['lib/deep/7.js', 'lib/deep', ''])
      expect(nextTree.unchanged(written), `${written} could change unseen`).to.equal(undefined);
    await damage(join(next.releaseDir, path));
    const { along, ...verified } = await verifyWithAlong({
      ...{ kind: 'verify', ...next, ignore: [] },
      along: { ...live, ignore: [] },
    });
    for (const { differences } of [verified, along ?? { differences: [] }]) {
      expect(differences.map((found) => `${found.path} ${found.kind}`)).to.deep.equal([`${path} content`]);
    }
  });

  it('is read where it has changed, and not for that where it has not', async () => {
    const { live, file } = await scene();
    await damage(file('large'));
    await damage(file(path));
    await believe(live);
    await writeFile(file('new'), '');
    const { differences } = await verifyRelease({ ...live, ignore: [] });
    expect(differences.map((found) => `${found.path} ${found.kind}`)).to.deep.equal([
      ...['large content', 'new extra'],
    ]);
  });

  it('is read where it looks otherwise, even if size and date are the same', async () => {
    const { stageNext, file } = await scene();
    await damage(file(path));
    const { damagedFiles, along } = await stageNext();
    expect(damagedFiles).to.deep.equal([file(path)]);
    expect(along?.differences.map(({ kind }) => kind)).to.deep.equal(['content']);
  });

  for (const [what, change, kind] of [
    ['a file is gone', (file: (name: string) => string) => rm(file('lib/deep/7.js')), 'missing'],
    ['there is one more', (file: (name: string) => string) => writeFile(file('lib/new'), ''), 'extra'],
    ['a mode has changed', (file: (name: string) => string) => chmod(file('large'), 0o755), 'mode'],
  ] as const) {
    it(`is looked at in full when ${what}`, async () => {
      const { live, stageNext, file } = await scene();
      await change(file);
      const { differences } = await verifyRelease({ ...live, ignore: [] });
      expect(differences.map((found) => found.kind)).to.deep.equal([kind]);
      expect((await stageNext()).along?.differences).to.deep.equal(differences);
    });
  }

  it('is read again after a week, and if the clock was set back', async () => {
    for (const readMs of [Date.now() - weekMs, Date.now() + weekMs]) {
      const { live, stageNext, file } = await scene();
      await damage(file(path));
      await believe(live, readMs);
      expect((await verifyRelease({ ...live, ignore: [] })).total).to.equal(1);
      expect((await stageNext()).damagedFiles).to.deep.equal([file(path)]);
    }
  });

  it('is read again after a week by the search for drift', async () => {
    const { live, file } = await scene();
    const stager = createStager(await stagerBundle());
    const look = () => stager.drift({ ...live, expected: [] });
    const readMs = Date.now() - weekMs / 2;
    await damage(file(path));
    await believe(live, readMs);
    const { ctimeMs } = await stat(file(path));
    await eventually(() => Date.now() - ctimeMs > settledAfterMs, { what: 'the file to come to rest' });
    expect((await look()).drift, 'it is not read').to.equal(undefined);
    expect(readIndex(indexFileOf(live.recordFile))?.header.readMs).to.equal(readMs);
    await believe(live, Date.now() - weekMs);
    expect((await look()).drift?.paths).to.deep.equal([{ path, kind: 'changed' }]);
    expect(readIndex(indexFileOf(live.recordFile))?.header.readMs).to.be.greaterThan(readMs);
  });

  it('is read if nothing, or nothing sound, is known of it', async () => {
    const { live, stageNext, file } = await scene();
    await damage(file(path));
    await believe(live);
    const index = await readFile(indexFileOf(live.recordFile));
    await writeFile(indexFileOf(live.recordFile), index.subarray(0, index.length / 2));
    expect((await verifyRelease({ ...live, ignore: [] })).total).to.equal(1);
    await rm(indexFileOf(live.recordFile));
    expect((await stageNext()).damagedFiles).to.deep.equal([file(path)]);
  });
});
