import type { ZstdCodec } from '../../io/zstd.js';
import { CapstanError } from '../../model/errors.js';
import type { DeltaRef, ReleaseRef } from '../../model/release.js';
import { digestOf, type Hex, hexOf, sha256 } from '../../release/digest.js';
import type { Layout } from '../../release/layout.js';
import { parsePatchIndex, patchHeaderBytes, readPatchHeader } from '../../release/patch.js';
import type { PairKey } from '../object-key.js';
import { buildPatch } from '../patching.js';
import type { CallOptions, Store, StoreReader } from '../store.js';
import type { Base } from './bases.js';
import type { NewRelease } from './deltas.js';
import type { Upload } from './upload.js';

interface PatchRequest {
  readonly zstd: () => Promise<ZstdCodec | undefined>;
  /** The release it leads from. */
  readonly base: Base;
  readonly baseLayout: Layout;
  readonly to: NewRelease;
  /** Where the patch will be. */
  readonly store: Store;
  /** Where the base is read. */
  readonly reader: StoreReader;
  /** The tree that is published. */
  readonly root: string;
  readonly workDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

export interface MadePatch {
  readonly ref: NonNullable<DeltaRef['patch']>;
  /** undefined if the store has it. */
  readonly upload: Upload | undefined;
}

/** More is left to the packs. */
const maxPatchBytes = 128 * 1024 * 1024;

/** What a patch from a base is called. */
export const patchKey = (base: ReleaseRef, to: Hex): PairKey => ({
  kind: 'patches',
  from: hexOf(base.digest),
  to,
});

/**
 * The patch from a base: one that is in the store, by whoever put it there, or a new one.
 * @returns undefined if there is no zstd, or nothing worth it
 * @throws CapstanError as the stores fail
 */
export async function makePatch(request: PatchRequest): Promise<MadePatch | undefined> {
  const { base, baseLayout, to, store, reader, signal } = request;
  const key = patchKey(base.ref, to.hex);
  const options = signal === undefined ? {} : { signal };
  if (await store.has(key, options)) return await stored(request, key, options);
  const zstd = await request.zstd();
  if (zstd === undefined) return undefined;
  const from = { hex: base.hex, manifest: base.manifest(), layout: baseLayout };
  const { root, workDir, onProgress } = request;
  const patch = await buildPatch({ from, to, store: reader, root, workDir, zstd, signal, onProgress });
  if (patch === undefined || patch.source.size > maxPatchBytes) return undefined;
  const { digest, source } = patch;
  return { ref: { digest, size: source.size }, upload: { key, source } };
}

async function stored(
  { store, base, to }: PatchRequest,
  key: PairKey,
  options: CallOptions,
): Promise<MadePatch | undefined> {
  try {
    const bytes = await store.get(key, maxPatchBytes, options);
    const header = readPatchHeader(bytes, bytes.length);
    const index = bytes.subarray(patchHeaderBytes, patchHeaderBytes + header.indexLength);
    const from = { hex: base.hex, manifest: base.manifest() };
    parsePatchIndex(index, header, { from, to: to.hex, objectSize: bytes.length });
    return { ref: { digest: digestOf(sha256(bytes)), size: bytes.length }, upload: undefined };
  } catch (error) {
    if (CapstanError.from(error).code === 'corrupt') return undefined;
    throw error;
  }
}
