import { CapstanError } from '../model/errors.js';
import type { Digest } from '../model/ids.js';
import { type DeltaRef, maxDeltas, type ReleaseRef } from '../model/release.js';
import { applyDelta, maxDeltaBytes } from '../release/delta.js';
import { hexOf, sha256 } from '../release/digest.js';
import {
  checkLayoutServes,
  type Layout,
  maxLayoutBytes,
  packSizeOf,
  parseLayout,
} from '../release/layout.js';
import { type Manifest, maxManifestBytes, parseManifest } from '../release/manifest.js';
import type { CallOptions, StoreReader } from './store.js';
import { getText } from './text-object.js';

interface CheckOptions extends CallOptions {
  /** Releases that are registered: those that deltas may lead from. None by default. */
  readonly known?: (digest: Digest) => ReleaseRef | undefined;
}

/**
 * Checks that a store has all of a release and that what is said about it is true, short of reading the packs:
 * manifest and layout are sound and belong together, the sizes are right, each pack is there, and each delta leads
 * from a release that is known to this one.
 * @throws CapstanError `notFound`, `corrupt`, `invalid`, or as the store fails
 */
export async function checkReleaseStored(
  store: StoreReader,
  ref: ReleaseRef,
  options: CheckOptions = {},
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
  const { deltas } = ref;
  if (deltas.length > maxDeltas || new Set(deltas.map(({ from }) => from)).size !== deltas.length) {
    throw new CapstanError('invalid', 'the release has too many deltas, or two from the same release');
  }
  for (const delta of deltas) await checkDelta(store, ref, delta, layout, options);
  return manifest;
}

async function checkDelta(
  store: StoreReader,
  ref: ReleaseRef,
  { from, digest, size, rawSize, patch }: DeltaRef,
  layout: Layout,
  { known, ...options }: CheckOptions,
): Promise<void> {
  const base = known?.(from);
  if (base === undefined) {
    throw new CapstanError('invalid', `a delta leads from ${from}, which is no release of this application`);
  }
  if (size > maxDeltaBytes) throw new CapstanError('invalid', 'a delta of the release is too large');
  const pair = { from: hexOf(from), to: hexOf(ref.digest) };
  const bytes = await store.get({ kind: 'deltas', ...pair }, size, options);
  if (bytes.length !== size || sha256(bytes) !== hexOf(digest)) {
    throw new CapstanError('corrupt', `the store has another delta from ${base.version} to ${ref.version}`, {
      hint: 'somebody else may have published the same meanwhile; publish again',
    });
  }
  const manifestKey = { kind: 'manifests', hex: pair.from } as const;
  const manifest = await getText(store, manifestKey, base.manifestSize, options);
  const { manifestSize } = ref;
  const applied = applyDelta(bytes, manifest.text, { toHex: pair.to, manifestSize, rawSize });
  const packs = new Map(layout.packs.map((pack) => [pack.hex, pack.size]));
  if (applied.layout.packs.some((pack) => packs.get(pack.hex) !== pack.size)) {
    throw new CapstanError(
      'corrupt',
      `the delta from ${base.version} leads to packs that the release does not have`,
    );
  }
  if (patch !== undefined && !(await store.has({ kind: 'patches', ...pair }, options))) {
    throw new CapstanError('notFound', `the patch from ${base.version} is not in the store ${store.url}`);
  }
}
