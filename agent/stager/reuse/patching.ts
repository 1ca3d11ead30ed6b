import { closeSync, constants, openSync, readSync } from 'node:fs';
import { formatBytes } from '../../../shared/core/bytes.js';
import type { ZstdCodec } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Hex } from '../../../shared/release/digest.js';
import type { Layout } from '../../../shared/release/layout.js';
import type { Manifest } from '../../../shared/release/manifest.js';
import {
  type DictionaryPiece,
  type PatchRow,
  parsePatchIndex,
  patchHeaderBytes,
  readPatchHeader,
} from '../../../shared/release/patch.js';
import { type PatchRead, planReads, type UsableRow, usableRows } from '../../../shared/release/patch-use.js';
import { quoted } from '../../../shared/release/path-rules.js';
import type { FrameIntake } from '../fetching/fetch.js';

interface PatchRequest {
  /** Bytes of the whole patch. */
  readonly size: number;
  /** The release on disk that it leads from. */
  readonly from: {
    readonly hex: Hex;
    readonly manifest: Pick<Manifest, 'entries'>;
    readonly releaseDir: string;
  };
  /** Manifest of the release it leads to. */
  readonly to: Hex;
  readonly layout: Layout;
  readonly intake: FrameIntake;
  /** Bytes of the patch, from any store; fails as the stores do. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  /** Resolves with undefined where there is none; asked for when it is needed only. */
  readonly zstd: () => Promise<ZstdCodec | undefined>;
  /** What this machine has to spare. */
  readonly availableBytes: number;
}

export interface PatchOutcome {
  /** Indexes in the layout of the frames that were handed over; the others are to be fetched. */
  readonly taken: ReadonlySet<number>;
  /** Why the patch was not used, or not all of it. */
  readonly reason: string | undefined;
}

/** The beginning of a patch: of most the index, and of small ones all. */
const headBytes = 32 * 1024;
/** What the codec needs for itself. */
const codecBytes = 16 * 1024 * 1024;
/** A patch may need this part of what is to spare: the applications on this machine come first. */
const memoryShare = 1 / 4;

/**
 * Makes frames of a release from the files of an older one and a patch. Never reads more than the packs would take, and
 * hands over nothing that has not been checked; whatever is wrong with the patch, the files or the stores, what is not
 * taken is for the packs.
 * @throws CapstanError `cancelled`; and as `intake.take` throws
 */
export async function applyPatch(request: PatchRequest): Promise<PatchOutcome> {
  const { layout, intake, size, availableBytes } = request;
  const refused = (reason: string): PatchOutcome => ({ taken: new Set(), reason });
  const wanted = intake.needed.reduce((sum, index) => sum + (layout.frames[index]?.length ?? 0), 0);
  if (size >= wanted) return refused('what is missing is smaller than the patch');
  const zstd = await request.zstd();
  if (zstd === undefined) return refused('this Node.js has no zstd with dictionaries');
  const index = await readIndex(request).catch(reasonOf);
  if (typeof index === 'string') return refused(index);
  const { rows, held } = index;
  const reads = planReads(rows, held.length);
  const cost = reads.reduce((sum, { length }) => sum + length, 0);
  if (cost >= rows.reduce((sum, { saves }) => sum + saves, 0)) {
    return refused('what is missing is smaller than what the patch has of it');
  }
  const demand = memoryDemand(rows);
  if (demand > availableBytes * memoryShare) {
    const there = formatBytes(Math.max(0, availableBytes));
    return refused(`it takes ${formatBytes(demand)} of memory, more than a quarter of the ${there} to spare`);
  }
  return await takeAll({ ...request, rows, reads, held, codec: zstd });
}

/** Of the decoder at its largest row: dictionary and result, each once more inside the codec, and the packed bytes. */
function memoryDemand(rows: readonly UsableRow[]): number {
  const demands = rows.map(({ row }) => 2 * (dictionarySize(row) + row.rawLength) + row.length);
  return codecBytes + demands.reduce((most, demand) => Math.max(most, demand), 0);
}

const dictionarySize = ({ dictionary }: PatchRow): number =>
  dictionary.reduce((sum, { length }) => sum + length, 0);

/** What a failure says; one that is no reason to go on without the patch is thrown again. */
function reasonOf(error: unknown): string {
  if (error instanceof CapstanError && error.code !== 'cancelled') return error.message;
  throw error;
}

async function readIndex({ size, from, to, layout, intake, read }: PatchRequest) {
  let held = await read(0, Math.min(size, headBytes));
  const header = readPatchHeader(held, size);
  const end = patchHeaderBytes + header.indexLength;
  if (end > held.length) held = Buffer.concat([held, await read(held.length, end - held.length)]);
  const patch = parsePatchIndex(held.subarray(patchHeaderBytes, end), header, { from, to, objectSize: size });
  return { rows: usableRows(patch, end, layout, new Set(intake.needed)), held };
}

interface TakeRequest extends PatchRequest {
  readonly rows: readonly UsableRow[];
  readonly reads: readonly PatchRead[];
  /** The patch's first bytes. */
  readonly held: Buffer;
  readonly codec: ZstdCodec;
}

/** Row after row, while the next bytes come. */
async function takeAll(request: TakeRequest): Promise<PatchOutcome> {
  const { intake, read, reads, held } = request;
  const taken = new Set<number>();
  let reason: string | undefined;
  const start = ({ offset, length }: PatchRead): Promise<Buffer | string> =>
    length === 0 ? Promise.resolve(Buffer.alloc(0)) : read(offset, length).catch(reasonOf);

  const unpack = rowUnpacker(request);
  let next = started(reads[0], start);
  for (const [i, { offset, rows }] of reads.entries()) {
    const bytes = await next;
    if (typeof bytes !== 'object') return { taken, reason: bytes ?? reason };
    next = started(reads[i + 1], start);
    for (const usable of rows) {
      const raw = await unpack(usable, sliceOf(usable, held, bytes, offset)).catch(reasonOf);
      if (typeof raw === 'string') {
        reason = raw;
        continue;
      }
      for (const { index, isRight, offset: begin, length } of usable.parts) {
        const frame = raw.subarray(begin, begin + length);
        if (isRight(frame)) {
          intake.take(index, frame);
          taken.add(index);
        } else reason = 'it does not make the right bytes of the files on this node';
      }
    }
  }
  return { taken, reason };
}

/** Begins, and leaves a failure to whoever waits for it. */
function started<T>(item: T | undefined, start: (item: T) => Promise<Buffer | string>) {
  const promise = item === undefined ? undefined : start(item);
  promise?.catch(() => undefined);
  return promise;
}

/** Bytes of a row: in the first bytes, in those that were read, or begun in one and ended in the other. */
function sliceOf({ at, row }: UsableRow, held: Buffer, bytes: Buffer, offset: number): Buffer {
  if (at >= offset) return bytes.subarray(at - offset, at - offset + row.length);
  const begun = held.subarray(at, at + row.length);
  return begun.length === row.length
    ? begun
    : Buffer.concat([begun, bytes.subarray(0, row.length - begun.length)]);
}

/**
 * Unpacks rows one after the other. All have their dictionaries read into the same buffer: thousands of large ones would
 * be garbage faster than it is collected.
 */
function rowUnpacker({ from, codec, rows }: Pick<TakeRequest, 'from' | 'codec' | 'rows'>) {
  const scratch = Buffer.allocUnsafeSlow(
    rows.reduce((most, { row }) => Math.max(most, dictionarySize(row)), 0),
  );
  return async ({ row }: UsableRow, packed: Buffer): Promise<Buffer> => {
    let end = 0;
    for (const piece of row.dictionary) {
      readPiece(scratch.subarray(end, end + piece.length), from, piece);
      end += piece.length;
    }
    return await codec.decompress(packed, scratch.subarray(0, end), row.rawLength);
  };
}

/** @throws CapstanError `corrupt` if the file is not there, or is shorter */
function readPiece(
  bytes: Buffer,
  { manifest, releaseDir }: PatchRequest['from'],
  piece: DictionaryPiece,
): void {
  const path = manifest.entries[piece.entry]?.path ?? '';
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const fd = openSync(`${releaseDir}/${path}`, flags);
    try {
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(fd, bytes, done, bytes.length - done, piece.offset + done);
        if (got === 0) throw new Error('it is shorter than it was');
        done += got;
      }
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('corrupt', `${quoted(path)} of the release before cannot be read: ${why}`, {
      cause,
    });
  }
}
