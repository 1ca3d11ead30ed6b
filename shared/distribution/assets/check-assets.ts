import { createHash } from 'node:crypto';
import { CapstanError } from '../../model/errors.js';
import type { Digest } from '../../model/ids.js';
import type { AssetFolder } from '../../model/release.js';
import { type AssetTree, assetTrees } from '../../release/asset-folders.js';
import type { FileEntry, Manifest } from '../../release/manifest.js';
import { quoted } from '../../release/path-rules.js';
import { inParallel } from '../in-parallel.js';
import { objectPath } from '../object-key.js';
import type { CallOptions, StoreReader } from '../store.js';
import { assetKey, folderKey } from './publish-assets.js';

/** Files that are read at once. */
const inFlight = 8;

interface AssetCheck extends CallOptions {
  /** Undefined: there is none. */
  readonly store: StoreReader | undefined;
  /** True for folders of which all was read back when another release was registered. */
  readonly isKnown?: (digest: Digest) => boolean;
}

/**
 * Checks that the public store has what a release's pages will refer to: that the folders are those of the release, and
 * that each is complete there, to the last byte: anybody may have been there before, and what browsers fetch once they
 * keep for good.
 * @throws CapstanError `refused` without a store, `corrupt`, `notFound`, or as the store fails
 */
export async function checkAssetsStored(
  manifest: Manifest,
  assets: readonly AssetFolder[],
  { store, isKnown = () => false, ...options }: AssetCheck,
): Promise<void> {
  if (assets.length === 0) return;
  if (store === undefined) throw noAssetStore();
  const folders = assetTrees(
    manifest,
    assets.map(({ dir }) => dir),
  );
  for (const [at, folder] of folders.entries()) {
    if (folder.digest !== assets[at]?.digest) {
      throw new CapstanError('corrupt', `the assets given for the release are not those in ${folder.dir}`);
    }
    if (!(await store.has(folderKey(folder), options))) {
      throw new CapstanError(
        'notFound',
        `the assets of ${folder.dir} are not all in the store ${store.url}`,
        {
          hint: 'publish the release again; what is there is not sent twice',
        },
      );
    }
    if (isKnown(folder.digest)) continue;
    await inParallel(folder.files, inFlight, (file) => checkAsset(store, folder, file, options));
  }
}

async function checkAsset(
  store: StoreReader,
  folder: AssetTree,
  file: FileEntry,
  options: CallOptions,
): Promise<void> {
  const key = assetKey(folder, file);
  const hash = createHash('sha256');
  const { size } = file;
  const all = { offset: 0, length: size, objectSize: size };
  if (size > 0) for await (const bytes of store.getRange(key, all, options)) hash.update(bytes);
  if (size > 0 ? hash.digest('hex') === file.sha256 : await store.has(key, options)) return;
  throw new CapstanError(
    'corrupt',
    `${objectPath(key)} in the store of assets is not ${quoted(`${folder.dir}/${file.path}`)} of the release`,
    { hint: 'remove it there, find out who put it there, and publish again' },
  );
}

export const noAssetStore = (): CapstanError =>
  new CapstanError('refused', 'The release has assets, and the coordinator has no store for them.', {
    hint: 'Start the coordinator with --assets-store, or take `assets:` out of capstan.yml.',
  });
