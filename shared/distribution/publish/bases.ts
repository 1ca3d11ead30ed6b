import { CapstanError } from '../../model/errors.js';
import type { ReleaseRef } from '../../model/release.js';
import { type Hex, hexOf } from '../../release/digest.js';
import { checkLayoutServes, type Layout, maxLayoutBytes, parseLayout } from '../../release/layout.js';
import { type Manifest, maxManifestBytes, parseManifest } from '../../release/manifest.js';
import { type ObjectKey, objectPath } from '../object-key.js';
import type { CallOptions, StoreReader } from '../store.js';
import { getText } from '../text-object.js';

/** A release that nodes may have, to which the new one is compared. */
export interface Base {
  readonly ref: ReleaseRef;
  readonly hex: Hex;
  /** Canonical. */
  readonly manifestText: Buffer;
  readonly manifest: () => Manifest;
}

export interface Bases {
  /** The first that could be read. */
  readonly packs: { readonly ref: ReleaseRef; readonly layout: Layout } | undefined;
  /** All that could be read. */
  readonly deltas: readonly Base[];
}

export const noBases: Bases = { packs: undefined, deltas: [] };

interface ReadOptions extends CallOptions {
  /** Told what the new release may refer to, or is checked against, before it is looked whether that is there. */
  readonly claim?: (keys: readonly ObjectKey[]) => Promise<void>;
}

/**
 * Reads releases that are in the store. One that cannot be read is left out: publishing then takes more space.
 * @param onProblem told why one is left out
 */
export async function readBases(
  store: StoreReader,
  refs: readonly ReleaseRef[],
  onProblem: (ref: ReleaseRef, error: CapstanError) => void,
  options: ReadOptions = {},
): Promise<Bases> {
  const deltas: Base[] = [];
  let packs: Bases['packs'];
  for (const ref of refs) {
    try {
      await options.claim?.([
        { kind: 'manifests', hex: hexOf(ref.digest) },
        { kind: 'layouts', hex: hexOf(ref.layout.digest) },
      ]);
      const manifestText = await readManifest(store, ref, options);
      let manifest = (): Manifest => parseManifest(manifestText);
      if (packs === undefined) {
        const parsed = manifest(); // of the first only: others are needed once, and several take their room
        manifest = () => parsed;
        packs = { ref, layout: await readLayout(store, ref, parsed, options) };
      }
      deltas.push({ ref, hex: hexOf(ref.digest), manifestText, manifest });
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      onProblem(ref, CapstanError.from(error));
    }
  }
  return { packs, deltas };
}

async function readManifest(store: StoreReader, ref: ReleaseRef, options: CallOptions): Promise<Buffer> {
  checkSize(ref.manifestSize, maxManifestBytes);
  const key = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
  return (await getText(store, key, ref.manifestSize, options)).text;
}

/** Its packs must all be there: what is built on them would be worth nothing otherwise. */
async function readLayout(
  store: StoreReader,
  ref: ReleaseRef,
  manifest: Manifest,
  { claim, ...options }: ReadOptions,
): Promise<Layout> {
  checkSize(ref.layout.size, maxLayoutBytes);
  const key = { kind: 'layouts', hex: hexOf(ref.layout.digest) } as const;
  const layout = parseLayout((await getText(store, key, ref.layout.size, options)).text);
  checkLayoutServes(layout, manifest, hexOf(ref.digest));
  const keys = layout.packs.map(({ hex }) => ({ kind: 'packs', hex }) as const);
  await claim?.(keys);
  for (const key of keys) {
    if (await store.has(key, options)) continue;
    throw new CapstanError('notFound', `${objectPath(key)} is not in the store ${store.url}`);
  }
  return layout;
}

function checkSize(size: number, most: number): void {
  if (size > most) throw new CapstanError('invalid', 'its manifest or layout is too large');
}
