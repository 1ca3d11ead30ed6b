import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { linkShared } from '../../../agent/io/releases/links.js';
import type { ReleasePlace, StageJob, StageResult } from '../../../agent/stager/protocol.js';
import { removeReleases } from '../../../agent/stager/remove.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { verifyRelease } from '../../../agent/stager/verify.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { lyingStore } from '../../support/lying-store.js';
import { noise } from '../../support/noise.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

const quiet = { progress: () => undefined, note: () => undefined };
const never = new AbortController().signal;

const spec = 'apiVersion: capstan/v1\nkind: Release\nshared: { dirs: [uploads], files: [secrets.env] }\n';

/** A node with its store, on which releases of one application are staged one after the other. */
class Node {
  readonly dir: string;
  readonly #places = new Map<string, ReleasePlace>();
  readonly #refs = new Map<string, ReleaseRef>();

  constructor(dir: string) {
    this.dir = dir;
  }

  source(version: string): string {
    return join(this.dir, 'sources', version);
  }

  place(version: string): ReleasePlace {
    const releaseDir = join(this.dir, 'srv/web/releases', version);
    return { releaseDir, recordFile: join(this.dir, 'state/releases/web', `${version}.json`) };
  }

  file(version: string, path: string): string {
    return join(this.place(version).releaseDir, path);
  }

  /** Publishes what `change` makes of the tree before. */
  async publish(
    version: string,
    change: (root: string) => Promise<void>,
    from?: string,
  ): Promise<ReleaseRef> {
    await mkdir(this.source(version), { recursive: true });
    if (from !== undefined) await cp(this.source(from), this.source(version), { recursive: true });
    await change(this.source(version));
    const base = from === undefined ? undefined : this.#refs.get(from);
    const store = directoryStore(join(this.dir, 'store'));
    const ref = await publish(this.source(version), store, version, base === undefined ? [] : [base]);
    this.#refs.set(version, ref);
    return ref;
  }

  job(version: string, changes: Partial<StageJob> = {}): StageJob {
    const ref = this.#refs.get(version);
    if (ref === undefined) throw new Error(`${version} was not published`);
    return {
      ...stageJob(this.dir, ref, [`file:${join(this.dir, 'store')}`]),
      ...this.place(version),
      reuseFrom: [...this.#places.values()].reverse(),
      ...changes,
    };
  }

  async stage(version: string, changes: Partial<StageJob> = {}): Promise<StageResult> {
    const result = await stageRelease(this.job(version, changes), quiet, never);
    this.#places.set(version, this.place(version));
    expect(await readTree(this.place(version).releaseDir)).to.deep.equal(
      await readTree(this.source(version)),
    );
    expect(await readdir(this.job(version).stagingDir)).to.deep.equal([]);
    return result;
  }
}

const bytesFrom = ({ fetchedFrom }: StageResult, source: string): number =>
  fetchedFrom.filter((from) => from.source.startsWith(source)).reduce((sum, { bytes }) => sum + bytes, 0);

/** Two releases: some files as they were, one changed, one new, one whose execute bit changed, large ones that grew. */
async function twoReleases(): Promise<Node> {
  const node = new Node(await tempDir());
  await node.publish('v1', async (root) => {
    await mkdir(join(root, 'lib/deep'), { recursive: true });
    for (let n = 0; n < 40; n++) await writeFile(join(root, 'lib/deep', `${n}.js`), noise(n, 9000));
    await writeFile(join(root, 'same'), noise(100, 50_000));
    await writeFile(join(root, 'run'), noise(101, 5000));
    await writeFile(join(root, 'large-same'), noise(102, 2_000_000));
    await writeFile(join(root, 'large'), noise(103, 3_000_000));
  });
  await node.publish(
    'v2',
    async (root) => {
      await writeFile(join(root, 'lib/deep/7.js'), noise(700, 9000));
      await writeFile(join(root, 'new'), noise(200, 20_000));
      await chmod(join(root, 'run'), 0o755);
      const large = noise(103, 3_000_000);
      const grown = [large.subarray(0, 1_500_000), Buffer.from('put in'), large.subarray(1_500_000)];
      await writeFile(join(root, 'large'), Buffer.concat(grown));
      await cp(join(root, 'same'), join(root, 'same-again'));
    },
    'v1',
  );
  await node.stage('v1');
  return node;
}

describe('a release made of others on the node', function () {
  this.timeout(60_000);

  it('links what is the same, copies what has another mode, and fetches what is new', async () => {
    const node = await twoReleases();
    const result = await node.stage('v2');
    const links = async (path: string): Promise<number> => (await stat(node.file('v2', path))).nlink;
    expect(await links('same')).to.equal(3); // in v1, and twice here
    expect(await links('large-same')).to.equal(2);
    expect(await links('run')).to.equal(1);
    expect(await links('lib/deep/7.js')).to.equal(1);
    expect((await stat(node.file('v2', 'run'))).mode & 0o7777).to.equal(0o555);
    expect((await stat(node.file('v1', 'run'))).mode & 0o7777).to.equal(0o444);
    expect(bytesFrom(result, 'disk')).to.be.greaterThan(2_000_000);
    // The two small files and the chunks of the large one that changed; not the large file.
    expect(bytesFrom(result, 'file:')).to.be.within(29_000, 300_000);
    expect(result.damagedFiles).to.deep.equal([]);
    expect(result.remarks).to.deep.equal([]);
    const { total } = await verifyRelease({ ...node.place('v2'), ignore: [] });
    expect(total).to.equal(0);
  });

  it('verifies one of those along, and reads again only what it did not make use of', async () => {
    const along = async (damage: (node: Node) => Promise<void>) => {
      const node = await twoReleases();
      await damage(node);
      const live = { ...node.place('v1'), ignore: [] };
      const result = await node.stage('v2', { along: live });
      return { ...result, node, live };
    };
    const whole = await along(() => Promise.resolve());
    expect(whole.along).to.include({ total: 0, filesChecked: 44 });

    const torn = await along(async (node) => {
      for (const path of ['lib/deep/3.js', 'lib/deep/7.js']) {
        await chmod(node.file('v1', path), 0o644);
        await writeFile(node.file('v1', path), noise(999, 9000));
        await chmod(node.file('v1', path), 0o444);
      }
      await chmod(node.file('v1', 'same'), 0o755);
      await writeFile(node.file('v1', 'besides'), '');
    });
    const found = torn.along?.differences.map(({ path, kind }) => `${path} ${kind}`);
    const torns = ['lib/deep/3.js content', 'lib/deep/7.js content', 'same mode', 'besides extra'];
    expect(found).to.deep.equal(torns);
    expect(torn.along).to.deep.equal(await verifyRelease(torn.live));
    const sound = new Set([torn.node.file('v1', 'lib/deep/3.js')]);
    expect((await verifyRelease(torn.live, { sound })).total, 'it was not read').to.equal(3);

    const unreadable = await along((node) => writeFile(node.place('v1').recordFile, '{'));
    expect(unreadable.along).to.equal(undefined);
  });

  it('outlives those it was made of', async () => {
    const node = await twoReleases();
    await node.stage('v2');
    await removeReleases({
      kind: 'remove',
      releases: [node.place('v1')],
      stagingDir: node.job('v1').stagingDir,
      slowly: false,
    });
    expect((await verifyRelease({ ...node.place('v2'), ignore: [] })).total).to.equal(0);
    expect((await stat(node.file('v2', 'large-same'))).nlink).to.equal(1);
    expect(await readdir(dirname(node.place('v2').recordFile))).to.deep.equal([
      'v2.chunks.gz',
      'v2.json',
      'v2.manifest.gz',
    ]);
  });

  it('does not trust what is on the disk: what is not what it was is fetched, and named', async () => {
    const node = await twoReleases();
    for (const path of ['same', 'lib/deep/3.js']) {
      await chmod(node.file('v1', path), 0o644);
      const bytes = await readFile(node.file('v1', path));
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      await writeFile(node.file('v1', path), bytes);
      await chmod(node.file('v1', path), 0o444);
    }
    await rm(node.file('v1', 'lib/deep/4.js'));
    await appendFile(node.file('v1', 'large-same'), 'x').catch(() => undefined);
    const result = await node.stage('v2');
    expect(result.damagedFiles).to.include.members([
      node.file('v1', 'same'),
      node.file('v1', 'lib/deep/3.js'),
      node.file('v1', 'lib/deep/4.js'),
    ]);
    expect(bytesFrom(result, 'file:')).to.be.greaterThan(50_000);
  });

  it('takes the chunks of a large file that has changed in place from wherever they are still right', async () => {
    const node = await twoReleases();
    const path = node.file('v1', 'large');
    await chmod(path, 0o644);
    const bytes = await readFile(path);
    bytes.fill(0x55, 100_000, 100_100);
    await writeFile(path, bytes);
    await chmod(path, 0o444);
    const result = await node.stage('v2');
    expect(result.damagedFiles).to.deep.equal([path]);
    expect(bytesFrom(result, 'file:')).to.be.lessThan(900_000);
  });

  it('uses nothing that other releases share, or that lies behind a link', async () => {
    const node = new Node(await tempDir());
    const files = async (root: string): Promise<void> => {
      await mkdir(join(root, 'uploads'), { recursive: true });
      await mkdir(join(root, 'docs'), { recursive: true });
      await writeFile(join(root, 'capstan.yml'), spec);
      await writeFile(join(root, 'uploads/default.png'), noise(1, 3000));
      await writeFile(join(root, 'docs/a'), noise(2, 3000));
    };
    await node.publish('v1', files);
    await node.publish('v2', (root) => writeFile(join(root, 'new'), 'new'), 'v1');
    await node.stage('v1');
    const { releaseDir } = node.place('v1');
    const shared = join(node.dir, 'srv/web/shared');
    await linkShared(releaseDir, shared, { shared: { dirs: ['uploads'], files: ['secrets.env'] } });
    await mkdir(join(shared, 'uploads'), { recursive: true });
    // As it was in the release, and writable by everybody who shares it.
    await writeFile(join(shared, 'uploads/default.png'), noise(1, 3000), { mode: 0o444 });
    await cp(join(releaseDir, 'docs'), join(shared, 'docs'), { recursive: true });
    await rm(join(releaseDir, 'docs'), { recursive: true });
    await symlink(join(shared, 'docs'), join(releaseDir, 'docs'));
    await node.stage('v2');
    for (const path of ['uploads/default.png', 'docs/a']) {
      expect((await stat(node.file('v2', path))).nlink, path).to.equal(1);
    }
  });

  it('is made of copies where links cannot be made', async function () {
    const node = await twoReleases();
    // Owned by the same user, of the same mode, but on another file system.
    const elsewhere = join('/dev/shm', `capstan-test-${process.pid}`);
    const away = await mkdir(elsewhere, { recursive: true }).then(
      () => true,
      () => false,
    );
    if (!away || (await stat(elsewhere)).dev === (await stat(node.dir)).dev) this.skip();
    try {
      await cp(node.place('v1').releaseDir, join(elsewhere, 'v1'), { recursive: true });
      const { recordFile } = node.place('v1');
      const result = await node.stage('v2', {
        reuseFrom: [{ releaseDir: join(elsewhere, 'v1'), recordFile }],
      });
      expect(bytesFrom(result, 'disk')).to.be.greaterThan(2_000_000);
      expect((await stat(node.file('v2', 'same'))).nlink).to.equal(1);
      expect((await stat(node.file('v2', 'large-same'))).mode & 0o7777).to.equal(0o444);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('needs two requests for an update, and none for the same release under another configuration', async () => {
    const node = await twoReleases();
    const { url, requests } = await lyingStore(join(node.dir, 'store'));
    const result = await node.stage('v2', { stores: [url] });
    expect(requests.map(({ path }) => path.slice(0, path.indexOf('/')))).to.deep.equal(['deltas', 'packs']);
    expect(result.fetchedFrom.map(({ source }) => source)).to.deep.equal([url, 'disk']);
    const again = node.place('v2-again');
    const job = { ...node.job('v2', { stores: [url] }), ...again };
    const second = await stageRelease(job, quiet, never);
    expect(second.fetchedFrom.map(({ source }) => source)).to.deep.equal(['disk']);
    expect(await readTree(again.releaseDir)).to.deep.equal(await readTree(node.source('v2')));
    expect(requests).to.have.length(2);
  });

  for (const [what, harm] of [
    ['gone', (path: string) => rm(path)],
    ['cut short', async (path: string) => writeFile(path, (await readFile(path)).subarray(0, -3))],
    ['other bytes', async (path: string) => writeFile(path, noise(9, (await readFile(path)).length))],
  ] as const) {
    it(`takes the whole manifest and layout where the delta is ${what}`, async () => {
      const node = await twoReleases();
      const deltas = join(node.dir, 'store/deltas');
      for (const name of await readdir(deltas)) await harm(join(deltas, name));
      const result = await node.stage('v2');
      expect(result.remarks.join()).to.match(/^the delta from sha256:[0-9a-f]{12} was not used: /);
      expect(bytesFrom(result, 'disk')).to.be.greaterThan(2_000_000);
    });
  }

  it('needs no list of chunks, and no manifest, to come out right', async () => {
    const node = await twoReleases();
    const records = dirname(node.place('v1').recordFile);
    await writeFile(join(records, 'v1.chunks.gz'), 'not gzip');
    const some = await node.stage('v2');
    expect(bytesFrom(some, 'file:')).to.be.greaterThan(29_000);
    await removeReleases({
      kind: 'remove',
      releases: [node.place('v2')],
      stagingDir: node.job('v2').stagingDir,
      slowly: false,
    });
    await writeFile(join(records, 'v1.manifest.gz'), 'not gzip');
    const none = await node.stage('v2');
    expect(bytesFrom(none, 'disk')).to.equal(0);
    expect(none.damagedFiles).to.deep.equal([join(records, 'v1.manifest.gz')]);
  });
});
