import type { ZstdCodec } from '../../shared/io/zstd.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Hex } from '../../shared/release/digest.js';
import type { Layout } from '../../shared/release/layout.js';
import { type FrameIntake, fetchFrames } from './fetch.js';
import type { LocalRelease } from './local-releases.js';
import type { Description } from './obtain.js';
import type { Exchange } from './peers/exchange.js';
import type { Reporter } from './reporter.js';
import { findChunks, type Reuse, reuseChunks, reuseFiles } from './reuse.js';
import type { Sources } from './sources.js';
import { together } from './together.js';
import { BadContent, type TreeWriter } from './tree-writer.js';
import { usePatch } from './use-patch.js';

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
  const { writer, description, releases, reuse, signal } = options;
  const here: Hex[] = [];
  const elsewhere: Hex[] = [];
  for (const hex of writer.missing.keys()) {
    (releases.some((release) => release.find(hex).length > 0) ? here : elsewhere).push(hex);
  }
  let read = 0;
  await together(signal, [
    (stop) => reuseFiles(writer, here, releases, reuse, stop),
    async (stop) => {
      if (elsewhere.length === 0) return;
      const layout = (await description.partialLayout()) ?? (await description.wholeLayout());
      read += await fetchFor(layout, elsewhere, { ...options, signal: stop });
    },
  ]);
  if (writer.missing.size > 0) {
    read += await fetchFor(await layoutOfRest(options), [...writer.missing.keys()], options);
  }
  if (writer.missing.size > 0) {
    read += await fetchFor(await description.wholeLayout(), [...writer.missing.keys()], options);
  }
  const [left] = writer.missing.values();
  if (left === undefined) return read;
  throw new CapstanError('internal', `no bytes came for ${left.files[0]?.path ?? left.sha256}`);
}

/** The partial layout only says where those contents lie that the release before does not have. */
async function layoutOfRest({ writer, description }: AssembleOptions): Promise<Layout> {
  const partial = await description.partialLayout();
  const serves =
    partial !== undefined && [...writer.missing.keys()].every((hex) => partial.contents.has(hex));
  return serves ? partial : await description.wholeLayout();
}

/** Has contents made of chunks that are here, and of frames that are fetched, as far as the layout has them. */
async function fetchFor(layout: Layout, contents: readonly Hex[], options: AssembleOptions): Promise<number> {
  const { writer, description, releases, reuse, sources, exchange, packSize, reporter, signal } = options;
  const isPartial = layout === (await description.partialLayout());
  const coldBytes = isPartial
    ? packSize / maxChainFactor
    : layout.frames.reduce((sum, { length }) => sum + length, 0);
  try {
    const intake = writer.intake(
      layout,
      contents.filter((hex) => layout.contents.has(hex)),
    );
    const chunks = intake.chunks();
    const found = await findChunks(chunks, releases);
    const local = new Set([...found.keys()].map((hex) => chunks.get(hex)?.index));
    const fetched = intake.needed.filter((index) => !local.has(index));
    let read = 0;
    await together(signal, [
      (stop) => reuseChunks(intake, found, reuse, stop),
      async (stop) => {
        const rest: FrameIntake = {
          needed: fetched,
          take: (index, raw) => {
            intake.take(index, raw);
          },
        };
        const delta = isPartial ? await description.delta() : undefined;
        const patch = delta && (await usePatch({ ...options, delta, layout, intake: rest, signal: stop }));
        const needed = fetched.filter((index) => patch?.taken.has(index) !== true);
        read = patch?.bytes ?? 0;
        read += await fetchFrames({
          ...{ layout, sources, exchange, coldBytes, reporter },
          intake: { ...rest, needed },
          signal: stop,
        });
      },
    ]);
    if (intake.needed.length === 0) return read;
    // Chunks that were not sound here.
    return read + (await fetchFrames({ layout, intake, sources, exchange, coldBytes, reporter, signal }));
  } catch (error) {
    if (!(error instanceof BadContent)) throw error;
    // A delta is an abbreviation that nobody has to rely on; the layout is not.
    if (!isPartial) throw error.reason;
    return 0;
  }
}
