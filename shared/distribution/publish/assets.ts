import type { CapstanError } from '../../model/errors.js';
import type { AssetFolder } from '../../model/release.js';
import { assetTrees } from '../../release/asset-folders.js';
import type { TreeSnapshot } from '../../release/tree.js';
import { noAssetStore } from '../assets/check-assets.js';
import { folderKey, publishAssets } from '../assets/publish-assets.js';
import type { ObjectKey } from '../object-key.js';
import type { Store } from '../store.js';

interface SendAssets {
  readonly assetStore?: Store | undefined;
  readonly claim?: (keys: readonly ObjectKey[]) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onWait?: (error: CapstanError, waitMs: number) => void;
}

/**
 * Sends what `assets:` names before the release itself, so that no node ever runs one whose assets are not there.
 * @throws CapstanError `refused` without a store for them, or as `publishAssets`
 */
export async function sendAssets(
  { assetStore, claim, signal, onWait }: SendAssets,
  tree: TreeSnapshot,
  dirs: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<readonly AssetFolder[]> {
  if (dirs.length === 0) return [];
  if (assetStore === undefined) throw noAssetStore();
  await claim?.(assetTrees(tree.manifest, dirs).map(folderKey));
  return publishAssets({ store: assetStore, tree, dirs, signal, onProgress, onWait });
}
