import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkAssetsStored } from '../../../shared/distribution/assets/check-assets.js';
import { collectAssets } from '../../../shared/distribution/assets/collect-assets.js';
import { assetKey, folderKey, publishAssets } from '../../../shared/distribution/assets/publish-assets.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { objectPath, objectUrlPath, parseObjectPath } from '../../../shared/distribution/object-key.js';
import { openManagedStore } from '../../../shared/distribution/open-store.js';
import { bufferSource, type Store } from '../../../shared/distribution/store.js';
import { Claims } from '../../../shared/distribution/upkeep/claims.js';
import { type StoreProblem, verifyStore } from '../../../shared/distribution/upkeep/verify-store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { AssetFolder } from '../../../shared/model/release.js';
import { assetTrees } from '../../../shared/release/asset-folders.js';
import { hexOf } from '../../../shared/release/digest.js';
import { snapshotTree, type TreeSnapshot } from '../../../shared/release/tree.js';
import { publish } from '../../support/releases.js';
import { s3Env, startS3Stub } from '../../support/s3-stub.js';
import { tempDir } from '../../support/temp-dir.js';

async function treeOf(files: Readonly<Record<string, string>>): Promise<TreeSnapshot> {
  const root = await tempDir();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return snapshotTree(root);
}

async function failure(work: Promise<unknown>): Promise<CapstanError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => CapstanError.from(error),
  );
}

const emptyStore = async () => directoryStore(await tempDir());
const far = Number.MAX_SAFE_INTEGER;

describe('folders of assets', () => {
  it('have the same URL in every release, and another one when anything in them changes', async () => {
    const files = { 'public/build/main.js': 'x', 'public/build/img/a.png': 'y', 'index.js': '1' };
    const [one] = assetTrees((await treeOf(files)).manifest, ['public/build']);
    const [moved] = assetTrees((await treeOf({ 'dist/main.js': 'x', 'dist/img/a.png': 'y' })).manifest, [
      'dist',
    ]);
    expect(moved?.digest, 'wherever it lies').to.equal(one?.digest);
    expect(one?.files.map(({ path }) => path)).to.deep.equal(['img/a.png', 'main.js']);
    for (const change of [{ 'public/build/main.js': 'z' }, { 'public/build/new.js': '' }]) {
      const [other] = assetTrees((await treeOf({ ...files, ...change })).manifest, ['public/build']);
      expect(other?.digest).not.to.equal(one?.digest);
    }
  });

  it('must be there, and hold files and no links', async () => {
    const tree = await treeOf({ 'a/b': 'x', ab: 'y' });
    expect(() => assetTrees(tree.manifest, ['nope'])).to.throw(CapstanError, /"nope".* holds no files/);
    expect(() => assetTrees(tree.manifest, ['ab'])).to.throw(CapstanError, /holds no files/);
    await symlink('b', join(tree.root, 'a/link'));
    const { manifest } = await snapshotTree(tree.root);
    expect(() => assetTrees(manifest, ['a'])).to.throw(CapstanError, /"a\/link" is a link/);
    const odd = await treeOf({ 'a/new\nline.js': 'x' });
    expect(() => assetTrees(odd.manifest, ['a'])).to.throw(/"a\/new\\nline.js" has a control character/);
  });

  it('keep odd names on the way to a URL and back', () => {
    const key = { kind: 'assets', folder: 'ab'.repeat(32), path: "[id]/a b+c%#?'(x)*!.css" } as const;
    expect(parseObjectPath(objectPath(key))).to.deep.equal(key);
    expect(objectUrlPath(key)).to.match(/\/%5Bid%5D\/a%20b%2Bc%25%23%3F%27%28x%29%2A%21\.css$/);
    const folder = 'ab'.repeat(32);
    for (const path of [`assets/${folder}`, `assets/${folder}/`, `assets/${folder}/../x`, 'assets/ab/x']) {
      expect(parseObjectPath(path), path).to.equal(undefined);
    }
  });
});

describe('publishing assets', () => {
  const files = { 'web/a.js': 'a', 'web/b.js': 'b', 'web/c/d.css': 'c', 'other/x.svg': 'x' };

  it('sends each folder once, and lists it when all of it is there', async () => {
    const store = await emptyStore();
    let puts = 0;
    const counting: Store = {
      ...store,
      put: (...args) => {
        puts += 1;
        return store.put(...args);
      },
    };
    const tree = await treeOf(files);
    const told: (readonly [number, number])[] = [];
    const publishIt = (...dirs: readonly string[]) =>
      publishAssets({ store: counting, tree, dirs, onProgress: (...progress) => told.push(progress) });
    await publishIt('other');
    expect(told, 'what is there to send').to.deep.equal([[1, 1]]);
    const folders = await publishIt('web', 'other');
    expect(puts, 'four files and two lists').to.equal(6);
    expect(told.at(-1), 'and not what is there').to.deep.equal([3, 3]);
    expect(await publishIt('other', 'web')).to.have.length(2);
    expect(puts, 'nothing twice').to.equal(6);
    expect(told, 'nothing to tell').to.have.length(4);
    await checkAssetsStored(tree.manifest, folders, { store });
  });

  it('is not complete before its last file is there, and goes on where it was', async () => {
    const store = await emptyStore();
    const tree = await treeOf(files);
    const sent: string[] = [];
    const breaking: Store = {
      ...store,
      put: async (key, ...rest) => {
        if (key.kind === 'assets' && key.path === 'b.js') throw new CapstanError('refused', 'no more');
        await store.put(key, ...rest);
        sent.push(objectPath(key));
      },
    };
    expect(await failure(publishAssets({ store: breaking, tree, dirs: ['web'] }))).to.include({
      message: 'no more',
    });
    const [folder] = assetTrees(tree.manifest, ['web']);
    if (folder === undefined) throw new Error('no folder');
    expect(await store.has(folderKey(folder))).to.equal(false);
    const missing = await failure(checkAssetsStored(tree.manifest, [folder], { store }));
    expect(missing.code).to.equal('notFound');
    sent.length = 0;
    const resuming: Store = {
      ...store,
      put: (key, ...rest) => {
        sent.push(key.kind === 'assets' ? key.path : key.kind);
        return store.put(key, ...rest);
      },
    };
    await publishAssets({ store: resuming, tree, dirs: ['web'] });
    expect(sent.at(-1)).to.equal('folders');
    expect(sent).to.include('b.js');
    expect(await store.has(folderKey(folder))).to.equal(true);
  });

  it('is not taken for what somebody else has put there before', async () => {
    const store = await emptyStore();
    const tree = await treeOf(files);
    const [folder] = assetTrees(tree.manifest, ['web']);
    const [, planted] = folder?.files ?? [];
    if (folder === undefined || planted === undefined) throw new Error('no folder');
    await store.put(assetKey(folder, planted), bufferSource(Buffer.from('!')));
    const folders = await publishAssets({ store, tree, dirs: ['web'] });
    const error = await failure(checkAssetsStored(tree.manifest, folders, { store }));
    expect(error.code).to.equal('corrupt');
    expect(error.message).to.match(/b\.js in the store of assets is not "web\/b\.js" of the release$/);
    // Read back once, when the first release with it was registered.
    await checkAssetsStored(tree.manifest, folders, { store, isKnown: (known) => known === folder.digest });
  });

  it('and verifying them names what is missing or not what it was', async () => {
    const root = await tempDir();
    const store = directoryStore(root);
    const tree = await treeOf({ ...files, 'web/empty': '' });
    const assets = await publishAssets({ store, tree, dirs: ['web', 'other'] });
    const source = await tempDir();
    const main = directoryStore(await tempDir());
    await writeFile(join(source, 'a'), 'a');
    const release = { ...(await publish(source, main)), assets, app: 'web' as AppName };
    const verify = async (): Promise<readonly (readonly [string, string])[]> => {
      const found: StoreProblem[] = [];
      await verifyStore({
        ...{ reader: main, lister: main, assets: store },
        releases: [{ ...release, publishedAt: 0, publishedBy: 'ci' }],
        onProblem: (problem) => found.push(problem),
      });
      return found.map(({ object, problem }) => [object.replace(/[0-9a-f]{64}/, '…'), problem]);
    };
    expect(await verify()).to.deep.equal([]);
    const [web, other] = assets;
    const pathOf = (folder: AssetFolder | undefined, path: string): string =>
      join(root, 'assets', folder === undefined ? '' : hexOf(folder.digest), path);
    await chmod(pathOf(web, 'a.js'), 0o644);
    await writeFile(pathOf(web, 'a.js'), 'z');
    await rm(pathOf(web, 'b.js'));
    await rm(pathOf(web, 'empty'));
    await rm(join(root, 'folders', other === undefined ? '' : hexOf(other.digest)));
    expect(await verify()).to.deep.equal([
      ['assets/…/a.js', 'has another digest than was registered'],
      ['assets/…/b.js', 'is missing'],
      ['assets/…/empty', 'is missing'],
      ['folders/…', 'is missing'],
    ]);
  });

  it('keeps nothing of a file that changed after it was read', async () => {
    const store = await emptyStore();
    const tree = await treeOf(files);
    await writeFile(join(tree.root, 'web/a.js'), 'z');
    expect((await failure(publishAssets({ store, tree, dirs: ['web'] }))).code).to.equal('conflict');
    const stored = await readdir(store.url.slice('file:'.length), { recursive: true });
    expect(stored.filter((path) => path.endsWith('a.js'))).to.deep.equal([]);
  });

  it('refuses a release whose folders are not what it says, or that has nowhere to go', async () => {
    const tree = await treeOf(files);
    const store = await emptyStore();
    const folders = await publishAssets({ store, tree, dirs: ['web', 'other'] });
    const [web, other] = folders;
    if (web === undefined || other === undefined) throw new Error('no folders');
    const swapped = [{ ...web, digest: other.digest }];
    expect((await failure(checkAssetsStored(tree.manifest, swapped, { store }))).code).to.equal('corrupt');
    expect((await failure(checkAssetsStored(tree.manifest, folders, { store: undefined }))).code).to.equal(
      'refused',
    );
    await checkAssetsStored(tree.manifest, [], { store: undefined });
  });

  it('tells S3 what browsers have to know', async () => {
    const stub = await startS3Stub();
    const store = openManagedStore(stub.url, { env: s3Env });
    await publishAssets({ store, tree: await treeOf({ "web/[a] b'.js": 'a' }), dirs: ['web'] });
    const put = stub.requests.find(({ method, path }) => method === 'PUT' && path.includes('/assets/'));
    expect(put?.headers).to.include({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect([...stub.objects.keys()].filter((key) => key.endsWith("/[a] b'.js"))).to.have.length(1);
  });
});

describe('collecting assets', () => {
  it('removes folders that no kept release refers to, unless they are young or claimed', async () => {
    const store = await emptyStore();
    const tree = await treeOf({ 'old/a': '1', 'old/b': '2', 'kept/a': '3', 'claimed/a': '4' });
    const [old, kept, claimed] = await publishAssets({ store, tree, dirs: ['old', 'kept', 'claimed'] });
    if (old === undefined || kept === undefined || claimed === undefined) throw new Error('no folders');
    const claims = new Claims(() => 0);
    await claims.claim('web@2', 'ci', [folderKey(claimed)]);
    const request = { store, claims, kept: [{ assets: [kept] }, {}], dryRun: false };
    const young = await collectAssets({ ...request, before: 0 });
    expect([young.removed.objects, young.young.objects, young.kept.objects]).to.deep.equal([0, 5, 2]);
    const dry = await collectAssets({ ...request, before: far, dryRun: true });
    expect(dry.removed).to.deep.include({ objects: 3 });
    expect(await store.has(folderKey(old))).to.equal(true);
    const report = await collectAssets({ ...request, before: far });
    expect([report.removed.objects, report.young.objects, report.kept.objects]).to.deep.equal([3, 2, 2]);
    for (const [folder, isThere] of [
      [old, false],
      [kept, true],
      [claimed, true],
    ] as const) {
      expect(await store.has(folderKey(folder))).to.equal(isThere);
      expect(await store.has({ kind: 'assets', folder: hexOf(folder.digest), path: 'a' })).to.equal(isThere);
    }
  });
});
