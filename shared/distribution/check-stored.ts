import { CapstanError } from '../model/errors.js';
import type { ReleaseRef } from '../model/release.js';
import { hexOf } from '../release/digest.js';
import { checkLayoutServes, maxLayoutBytes, packSizeOf, parseLayout } from '../release/layout.js';
import { type Manifest, maxManifestBytes, parseManifest } from '../release/manifest.js';
import type { CallOptions, StoreReader } from './store.js';
import { getText } from './text-object.js';

/**
 * Checks that a store has all of a release and that what is said about it is true, short of reading the packs:
 * manifest and layout are sound and belong together, the sizes are right, each pack is there.
 * @throws CapstanError `notFound`, `corrupt`, `invalid`, or as the store fails
 */
export async function checkReleaseStored(
  store: StoreReader,
  ref: ReleaseRef,
  options: CallOptions = {},
): Promise<Manifest> {
  if (ref.manifestSize > maxManifestBytes || ref.layout.size > maxLayoutBytes) {
    throw new CapstanError('invalid', 'the manifest or the layout of the release is too large');
  }
  const manifestKey = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
  const layoutKey = { kind: 'layouts', hex: hexOf(ref.layout.digest) } as const;
  const manifest = parseManifest((await getText(store, manifestKey, ref.manifestSize, options)).text);
  const layout = parseLayout((await getText(store, layoutKey, ref.layout.size, options)).text);
  checkLayoutServes(layout, manifest, manifestKey.hex);
  const told = [ref.contentSize, ref.fileCount, ref.packSize];
  const real = [manifest.contentSize, manifest.fileCount, packSizeOf(layout)];
  if (told.some((size, index) => size !== real[index])) {
    throw new CapstanError(
      'corrupt',
      'the sizes given for the release are not those of its manifest and layout',
    );
  }
  for (const { hex } of layout.packs) {
    if (!(await store.has({ kind: 'packs', hex }, options))) {
      throw new CapstanError('notFound', `pack ${hex} is not in the store ${store.url}`);
    }
  }
  return manifest;
}
