import { CapstanError } from '../../model/errors.js';
import type { AssetFolder } from '../../model/release.js';
import { assetTrees } from '../../release/asset-folders.js';
import type { Manifest } from '../../release/manifest.js';
import type { CallOptions, StoreReader } from '../store.js';
import { folderKey } from './publish-assets.js';

/**
 * Checks that the public store has what a release's pages will refer to: that the folders are those of the release, and
 * that each is complete there.
 * @param store undefined: there is none
 * @throws CapstanError `refused` without a store, `corrupt`, `notFound`, or as the store fails
 */
export async function checkAssetsStored(
  store: StoreReader | undefined,
  manifest: Manifest,
  assets: readonly AssetFolder[],
  options: CallOptions = {},
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
    if (await store.has(folderKey(folder), options)) continue;
    throw new CapstanError('notFound', `the assets of ${folder.dir} are not all in the store ${store.url}`, {
      hint: 'publish the release again; what is there is not sent twice',
    });
  }
}

export const noAssetStore = (): CapstanError =>
  new CapstanError('refused', 'The release has assets, and the coordinator has no store for them.', {
    hint: 'Start the coordinator with --assets-store and --assets-url, or take `assets:` out of capstan.yml.',
  });
