import { dirname, join } from 'node:path';
import type { ZstdCodec } from '../../shared/io/zstd.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Hex } from '../../shared/release/digest.js';
import type { Layout } from '../../shared/release/layout.js';
import type { FileEntry, Manifest } from '../../shared/release/manifest.js';
import { type Fetched, type FrameIntake, fetchFrames } from './fetching/fetch.js';
import type { Sources } from './fetching/sources.js';
import { Surplus } from './fetching/surplus.js';
import { together } from './fetching/together.js';
import type { Description } from './obtain.js';
import type { Exchange } from './peers/exchange.js';
import type { Reporter } from './reporter.js';
import { chunkListOf } from './reuse/chunk-list.js';
import type { LocalRelease } from './reuse/local-releases.js';
import { type ChunkHolder, findChunks, type Reuse, reuseChunks, reuseFiles } from './reuse/reuse.js';
import { usePatch } from './reuse/use-patch.js';
import { BadContent, type TreeWriter } from './tree/tree-writer.js';

export interface AssembleOptions {
  readonly writer: TreeWriter;
  readonly description: Description;
  readonly releases: readonly LocalRelease[];
  readonly reuse: Reuse;
  readonly sources: Sources;
  /** Other nodes, which are asked before stores; undefined: there are none. */
  readonly exchange: Exchange | undefined;
  /** Bytes of the packs that the release's layout refers to. */
  readonly packSize: number;
  readonly reporter: Reporter;
  /** What patches are applied with. */
  readonly zstd: () => Promise<ZstdCodec | undefined>;
  /** Told what was not as it should be, and made no difference but in bytes. */
  readonly onRemark: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A chain of packs is at most so many times as large as a single pack of the same. */
const maxChainFactor = 1.5;

/**
 * Has a tree written: what other releases on this node have comes from them, while what they do not have is fetched;
 * then what turned out not to be sound there. Nothing that is wrong on this node ends it.
 * @returns the bytes that were read of packs and patches
 */
export async function assemble(options: AssembleOptions): Promise<number> {
  const { writer, releases } = options;
  const here: Hex[] = [];
  const elsewhere: Hex[] = [];
  for (const hex of writer.missing.keys()) {
    (releases.some((release) => release.find(hex).length > 0) ? here : elsewhere).push(hex);
  }
  const fetched: Fetched = { bytes: 0, surplus: new Surplus(join(dirname(writer.root), 'surplus')) };
  try {
    await fetchAll(here, elsewhere, fetched, options);
  } finally {
    fetched.surplus.close();
  }
  const [left] = writer.missing.values();
  if (left === undefined) return fetched.bytes;
  throw new CapstanError('internal', `no bytes came for ${left.files[0]?.path ?? left.sha256}`);
}

/** @param here contents that other releases on this node should have */
async function fetchAll(
  here: readonly Hex[],
  elsewhere: readonly Hex[],
  fetched: Fetched,
  options: AssembleOptions,
): Promise<void> {
  const { writer, description, releases, reuse, signal } = options;
  await together(signal, [
    (stop) => reuseFiles(writer, here, releases, reuse, stop),
    async (stop) => {
      if (elsewhere.length === 0) return;
      const layout = (await description.partialLayout()) ?? (await description.wholeLayout());
      await fetchFor(layout, elsewhere, fetched, { ...options, signal: stop });
    },
  ]);
  if (writer.missing.size > 0) {
    await fetchFor(await layoutOfRest(options), [...writer.missing.keys()], fetched, options);
  }
  if (writer.missing.size > 0) {
    await fetchFor(await description.wholeLayout(), [...writer.missing.keys()], fetched, options);
  }
}

/** The partial layout only says where those contents lie that the release before does not have. */
async function layoutOfRest({ writer, description }: AssembleOptions): Promise<Layout> {
  const partial = await description.partialLayout();
  const serves =
    partial !== undefined && [...writer.missing.keys()].every((hex) => partial.contents.has(hex));
  return serves ? partial : await description.wholeLayout();
}

/** Has contents made of chunks that are here, and of frames that are fetched, as far as the layout has them. */
async function fetchFor(
  layout: Layout,
  contents: readonly Hex[],
  fetched: Fetched,
  options: AssembleOptions,
): Promise<void> {
  const { writer, description, releases, reuse, sources, exchange, packSize, reporter, signal } = options;
  const isPartial = layout === (await description.partialLayout());
  const coldBytes = isPartial
    ? packSize / maxChainFactor
    : layout.frames.reduce((sum, { length }) => sum + length, 0);
  try {
    const known = contents.filter((hex) => layout.contents.has(hex));
    const intake = writer.intake(layout, known);
    const chunks = intake.chunks();
    const found = await findChunks(chunks, [madeSoFar(writer, layout, description.manifest), ...releases]);
    const local = new Set([...found.keys()].map((hex) => chunks.get(hex)?.index));
    const elsewhere = intake.needed.filter((index) => !local.has(index));
    const partly = partlyUsed(layout, known);
    const request = { layout, sources, exchange, coldBytes, fetched, partly, reporter };
    await together(signal, [
      (stop) => reuseChunks(intake, found, reuse, stop),
      async (stop) => {
        const rest: FrameIntake = {
          needed: elsewhere,
          take: (index, raw) => {
            intake.take(index, raw);
          },
        };
        const delta = isPartial ? await description.delta() : undefined;
        const patch = delta && (await usePatch({ ...options, delta, layout, intake: rest, signal: stop }));
        fetched.bytes += patch?.bytes ?? 0;
        const needed = elsewhere.filter((index) => patch?.taken.has(index) !== true);
        await fetchFrames({ ...request, intake: { ...rest, needed }, signal: stop });
      },
    ]);
    // Chunks that were not sound here.
    if (intake.needed.length > 0) await fetchFrames({ ...request, intake, signal });
  } catch (error) {
    if (!(error instanceof BadContent)) throw error;
    // A delta is an abbreviation that nobody has to rely on; the layout is not.
    if (!isPartial) throw error.reason;
  }
}

/** The tree itself, as one more place that chunks can come from. */
function madeSoFar({ root, missing }: TreeWriter, layout: Layout, { entries }: Manifest): ChunkHolder {
  let files: ReadonlyMap<Hex, FileEntry> | undefined;
  return {
    find: (content) => {
      files ??= new Map(entries.flatMap((entry) => (entry.kind === 'file' ? [[entry.sha256, entry]] : [])));
      const file = missing.has(content) ? undefined : files.get(content);
      return file === undefined ? [] : [{ path: `${root}/${file.path}`, size: file.size }];
    },
    chunks: () => Promise.resolve(chunkListOf(layout)),
  };
}

/** Frames that hold more than these contents. */
function partlyUsed({ frames, contents }: Layout, wanted: readonly Hex[]): ReadonlySet<number> {
  const used = new Map<number, number>();
  for (const hex of wanted) {
    for (const { frame, length } of contents.get(hex) ?? []) used.set(frame, (used.get(frame) ?? 0) + length);
  }
  return new Set(
    [...used].filter(([index, length]) => length !== frames[index]?.rawLength).map(([index]) => index),
  );
}
