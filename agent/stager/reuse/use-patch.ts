import type { PairKey } from '../../../shared/distribution/object-key.js';
import type { ZstdCodec } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { DeltaRef } from '../../../shared/model/release.js';
import type { Layout } from '../../../shared/release/layout.js';
import { readEntries } from '../../../shared/release/manifest.js';
import type { FrameIntake } from '../fetching/fetch.js';
import type { Source, Sources } from '../fetching/sources.js';
import type { Reporter } from '../reporter.js';
import type { LocalRelease } from './local-releases.js';
import { applyPatch } from './patching.js';

interface UsePatch {
  /** A release on this node, and what is known of the way from it. */
  readonly delta: { readonly from: LocalRelease; readonly ref: DeltaRef };
  readonly layout: Layout;
  readonly intake: FrameIntake;
  readonly sources: Sources;
  readonly reporter: Reporter;
  readonly zstd: () => Promise<ZstdCodec | undefined>;
  /** Told why the patch was not used, or not all of it. */
  readonly onRemark: (text: string) => void;
  readonly signal: AbortSignal;
}

interface UsedPatch {
  /** Indexes of the frames that need not be fetched. */
  readonly taken: ReadonlySet<number>;
  /** Bytes of the patch that were read. */
  readonly bytes: number;
}

/** Makes what frames can be made with the release's patch, if there is one. */
export async function usePatch({ delta, ...options }: UsePatch): Promise<UsedPatch> {
  const { layout, intake, zstd, reporter, onRemark } = options;
  const { from, ref } = delta;
  if (ref.patch === undefined || intake.needed.length === 0) return { taken: new Set(), bytes: 0 };
  const { size } = ref.patch;
  const to = layout.manifest;
  let bytes = 0;
  const onBytes = (count: number): void => {
    bytes += count;
    reporter.progress('fetch', bytes, size);
  };
  const key: PairKey = { kind: 'patches', from: from.hex, to };
  const { taken, reason } = await applyPatch({
    ...{ size, to, layout, intake, zstd },
    from: {
      hex: from.hex,
      releaseDir: from.releaseDir,
      manifest: { entries: readEntries(from.manifestText) },
    },
    read: (offset, length) => readPart({ ...options, onBytes }, key, { offset, length, objectSize: size }),
    availableBytes: process.availableMemory(),
  });
  if (reason !== undefined) {
    const how = taken.size === 0 ? 'was not used' : 'was used in part';
    onRemark(`the patch from sha256:${from.hex.slice(0, 12)} ${how}: ${reason}`);
  }
  return { taken, bytes };
}

async function readPart(
  {
    sources,
    signal,
    onBytes,
  }: Pick<UsePatch, 'sources' | 'signal'> & { readonly onBytes: (count: number) => void },
  key: PairKey,
  range: { readonly offset: number; readonly length: number; readonly objectSize: number },
): Promise<Buffer> {
  const attempt = async (source: Source): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    checkRanges(source);
    for await (const piece of source.store.getRange(key, range, { signal })) {
      onBytes(piece.length);
      await sources.received(source, piece.length);
      checkRanges(source);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  };
  return await sources.fromAny('the patch', key, attempt, signal);
}

/** From a store that sends whole objects only, parts of a patch would cost more than they save. */
function checkRanges({ name, store }: Source): void {
  if (store.sendsRanges?.() !== false) return;
  throw new CapstanError('failed', `${name} sends no parts of objects`);
}
