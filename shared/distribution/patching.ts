import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, createReadStream, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isNoRawDictionary, type ZstdCodec } from '../io/zstd.js';
import { CapstanError } from '../model/errors.js';
import type { Digest } from '../model/ids.js';
import { digestOf, type Hex } from '../release/digest.js';
import type { Layout } from '../release/layout.js';
import type { Manifest } from '../release/manifest.js';
import { encodePatchHead, type PatchRow } from '../release/patch.js';
import { type FilePiece, type PlannedRow, planPatch } from '../release/patch-plan.js';
import { changed } from '../release/tree.js';
import { type BaseContents, type ContentPiece, openBaseContents } from './base-contents.js';
import type { ObjectSource, StoreReader } from './store.js';

interface PatchSide {
  readonly hex: Hex;
  readonly manifest: Manifest;
  readonly layout: Layout;
}

interface PatchRequest {
  readonly from: PatchSide;
  readonly to: PatchSide;
  /** Has the packs of `from`. */
  readonly store: StoreReader;
  /** The tree of `to`. */
  readonly root: string;
  readonly zstd: ZstdCodec;
  /** For what is fetched and made. It must outlive the result. */
  readonly workDir: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the unpacked bytes looked at, of those there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Once this has passed, what is left is left to the packs. */
  readonly budgetMs?: number;
}

export interface BuiltPatch {
  readonly digest: Digest;
  readonly source: ObjectSource;
}

/** Measured: the next ones find a tenth more in three times the time, or less. docs/adr/0017 has the figures. */
const level = 4;
const defaultBudgetMs = 60_000;
/** Of the base's packs, bytes that are fetched for it at most. */
const maxBaseBytes = 512 * 1024 * 1024;
/**
 * A row must be so much smaller than the frames it stands for, and the patch than all that would be fetched. On a node,
 * zstd takes a tenth of a second of a processor before it does anything: a link of 10 Mbit/s moves these bytes in it.
 */
const worthRow = 0.9;
const worthPatch = { share: 0.2, bytes: 128 * 1024 } as const;
/** Rows in the works at once, for codecs that have threads of their own. */
const width = 2;

/**
 * Makes the patch that leads from one release to another. Memory is bounded: a few rows are in it at a time.
 * @returns undefined if it would not save enough
 * @throws CapstanError as the store fails; `corrupt` if the base is; `conflict` if the tree has changed
 */
export async function buildPatch(request: PatchRequest): Promise<BuiltPatch | undefined> {
  const { from, to, workDir, signal } = request;
  const deadline = performance.now() + (request.budgetMs ?? defaultBudgetMs);
  const plan = planPatch(from, to);
  const rows = affordable(plan.rows, from.layout);
  if (!isWorth(sum(rows), plan.freshBytes)) return undefined;
  const base = openBaseContents({
    store: request.store,
    layout: from.layout,
    file: join(workDir, 'patch-base'),
    signal,
  });
  const framesFile = join(workDir, 'patch-frames');
  const out = openSync(framesFile, 'wx', 0o600);
  try {
    await base.fetch(rows.flatMap((row) => piecesOf(row, from.manifest)));
    const made: PatchRow[] = [];
    let saved = 0;
    for await (const { row, packed } of encoded(request, rows, base, deadline)) {
      if (packed.length > row.packedLength * worthRow) continue;
      writeFully(out, packed);
      saved += row.packedLength - packed.length;
      const { pack, offset, count, rawLength, dictionary } = row;
      made.push({ pack, offset, count, rawLength, length: packed.length, dictionary });
    }
    const head = encodePatchHead({ from: from.hex, to: to.hex, rows: made }, from.manifest);
    if (!isWorth(saved - head.length, plan.freshBytes)) return undefined;
    return await patchFrom(head, framesFile, made);
  } finally {
    closeSync(out);
    base.close();
  }
}

const sum = (rows: readonly PlannedRow[]): number =>
  rows.reduce((total, { packedLength }) => total + packedLength, 0);

const isWorth = (saved: number, freshBytes: number): boolean =>
  saved >= worthPatch.bytes && saved >= freshBytes * worthPatch.share;

/** The first rows, as many as the base may be read for. */
function affordable(rows: readonly PlannedRow[], layout: Layout): readonly PlannedRow[] {
  const ratio = compressionOf(layout);
  let bytes = 0;
  const end = rows.findIndex(({ dictionary }) => {
    bytes += dictionary.reduce((total, { length }) => total + length * ratio, 0);
    return bytes > maxBaseBytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

function compressionOf({ frames }: Layout): number {
  let packed = 0;
  let raw = 0;
  for (const { length, rawLength } of frames) {
    packed += length;
    raw += rawLength;
  }
  return raw === 0 ? 1 : packed / raw;
}

function piecesOf({ dictionary }: PlannedRow, manifest: Manifest): readonly ContentPiece[] {
  return dictionary.flatMap(({ entry, offset, length }) => {
    const file = manifest.entries[entry];
    return file?.kind === 'file' ? [{ sha256: file.sha256, offset, length }] : [];
  });
}

interface EncodedRow {
  readonly row: PlannedRow;
  readonly packed: Buffer;
}

async function* encoded(
  { from, root, zstd, signal, onProgress }: PatchRequest,
  rows: readonly PlannedRow[],
  base: BaseContents,
  deadline: number,
): AsyncGenerator<EncodedRow> {
  const total = rows.reduce((bytes, { rawLength }) => bytes + rawLength, 0);
  const ahead: Promise<EncodedRow>[] = [];
  let done = 0;
  const oldest = async (): Promise<EncodedRow | undefined> => {
    const ready = await ahead.shift();
    done += ready?.row.rawLength ?? 0;
    onProgress?.(done, total);
    return ready;
  };
  for (const row of rows) {
    if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
    if (performance.now() > deadline) break;
    const dictionary = joined(piecesOf(row, from.manifest).map((piece) => base.read(piece)));
    if (isNoRawDictionary(dictionary)) continue;
    const raw = readPieces(root, row.sources);
    const next = zstd.compress(raw, dictionary, level).then((packed) => ({ row, packed }));
    next.catch(() => undefined); // looked at when its turn comes
    ahead.push(next);
    const ready = ahead.length >= width ? await oldest() : undefined;
    if (ready !== undefined) yield ready;
    await turn();
  }
  for (let ready = await oldest(); ready !== undefined; ready = await oldest()) yield ready;
}

/** Without a copy where there is one only: of large files, that is each of a few mebibytes. */
const joined = (pieces: readonly Buffer[]): Buffer => {
  const [first, second] = pieces;
  return first !== undefined && second === undefined ? first : Buffer.concat(pieces);
};

function readPieces(root: string, pieces: readonly FilePiece[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    readInto(bytes.subarray(at, at + piece.length), root, piece);
    at += piece.length;
  }
  return bytes;
}

function readInto(bytes: Buffer, root: string, { path, offset }: FilePiece): void {
  const fd = openSync(`${root}/${path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(fd, bytes, done, bytes.length - done, offset + done);
      if (got === 0) throw changed(path);
      done += got;
    }
  } finally {
    closeSync(fd);
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

async function patchFrom(head: Buffer, framesFile: string, rows: readonly PatchRow[]): Promise<BuiltPatch> {
  const size = rows.reduce((total, { length }) => total + length, head.length);
  const source: ObjectSource = {
    size,
    async *open() {
      yield head;
      yield* createReadStream(framesFile) as AsyncIterable<Buffer>;
    },
  };
  const hash: Hash = createHash('sha256');
  for await (const chunk of source.open()) hash.update(chunk);
  return { digest: digestOf(hash.digest('hex')), source };
}
