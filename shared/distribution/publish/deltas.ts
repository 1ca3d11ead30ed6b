import { CapstanError } from '../../model/errors.js';
import { type DeltaRef, maxDeltas } from '../../model/release.js';
import { applyDelta, encodeDelta, maxDeltaBytes } from '../../release/delta.js';
import { digestOf, type Hex, sha256 } from '../../release/digest.js';
import type { Layout } from '../../release/layout.js';
import type { Manifest } from '../../release/manifest.js';
import type { PairKey } from '../object-key.js';
import type { CallOptions, StoreReader } from '../store.js';
import type { Base } from './bases.js';

/** The release that is being published. */
export interface NewRelease {
  readonly hex: Hex;
  readonly manifest: Manifest;
  readonly manifestSize: number;
  readonly layout: Layout;
}

/** What deltas from these bases are called. */
export const deltaKeys = (bases: readonly Base[], to: Hex): readonly PairKey[] =>
  bases.map(({ hex }) => ({ kind: 'deltas', from: hex, to }));

interface DeltaObject {
  readonly ref: DeltaRef;
  readonly key: PairKey;
  /** undefined if the store has one that is as good. */
  readonly bytes: Buffer | undefined;
}

/**
 * Deltas from each base.
 * @param wholeSize stored bytes of manifest and layout: what a delta must save
 */
export async function makeDeltas(
  store: StoreReader,
  bases: readonly Base[],
  to: NewRelease,
  wholeSize: number,
  options: CallOptions = {},
): Promise<readonly DeltaObject[]> {
  const deltas: DeltaObject[] = [];
  const seen = new Set([to.hex]); // two versions may have the same content
  for (const base of bases.slice(0, maxDeltas)) {
    if (seen.has(base.hex)) continue;
    seen.add(base.hex);
    const { bytes, rawSize } = await encodeDelta({ hex: base.hex, manifest: base.manifest() }, to, to.layout);
    if (rawSize > maxDeltaBytes || bytes.length >= wholeSize) continue;
    const key: PairKey = { kind: 'deltas', from: base.hex, to: to.hex };
    const refOf = (stored: Buffer, unpacked: number): DeltaRef => ({
      from: base.ref.digest,
      digest: digestOf(sha256(stored)),
      size: stored.length,
      rawSize: unpacked,
      patch: undefined,
    });
    if (!(await store.has(key, options))) deltas.push({ key, ref: refOf(bytes, rawSize), bytes });
    else {
      const stored = await usable(store, key, base, to, options);
      if (stored !== undefined)
        deltas.push({ key, ref: refOf(stored.bytes, stored.rawSize), bytes: undefined });
    }
  }
  return deltas;
}

/**
 * A delta of the same name that somebody else has put there: it is as good as ours if it leads to the same manifest,
 * and to packs that will be kept because the release refers to them.
 */
async function usable(
  store: StoreReader,
  key: PairKey,
  base: Base,
  to: NewRelease,
  options: CallOptions,
): Promise<{ readonly bytes: Buffer; readonly rawSize: number } | undefined> {
  try {
    const bytes = await store.get(key, maxDeltaBytes, options);
    // gzip ends with the size of what it holds.
    const rawSize = bytes.readUInt32LE(bytes.length - 4);
    const { manifestSize } = to;
    const { layout } = applyDelta(bytes, base.manifestText, { toHex: to.hex, manifestSize, rawSize });
    const packs = new Set(to.layout.packs.map(({ hex }) => hex));
    return layout.packs.every(({ hex }) => packs.has(hex)) ? { bytes, rawSize } : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // too short for gzip
    if (CapstanError.from(error).code === 'corrupt') return undefined;
    throw error;
  }
}
