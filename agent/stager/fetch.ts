import type { Frame, Layout } from '../../shared/release/layout.js';
import { planRanges } from '../../shared/release/range-plan.js';
import { Errands } from './errands.js';
import type { Exchange } from './peers/exchange.js';
import type { Reporter } from './reporter.js';
import type { Sources } from './sources.js';
import { together } from './together.js';

/** Requests under way at once. */
const connections = 4;

/** Where frames go. */
export interface FrameIntake {
  /** Indexes in the layout of the frames to be fetched, in order. */
  readonly needed: readonly number[];
  /** Takes the unpacked bytes of a frame that has its digest; may throw, which ends the fetching. */
  take(index: number, raw: Buffer): void;
}

interface FetchRequest {
  readonly layout: Layout;
  readonly intake: FrameIntake;
  readonly sources: Sources;
  /** Other nodes, which are asked before stores; undefined: there are none. */
  readonly exchange: Exchange | undefined;
  /** What a node without anything would fetch at least, bytes: how much may be fetched along is measured by it. */
  readonly coldBytes: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How much more than all of it an installation may fetch. */
const maxWaste = 0.01;

/**
 * Fetches frames, and hands each over once it is checked. What has come is never asked for again: after a break the
 * rest is, from the very byte; a corrupt frame alone is had from elsewhere. Memory is bounded by a frame and a piece
 * for each connection.
 * @returns the bytes that were read of packs
 */
export async function fetchFrames(request: FetchRequest): Promise<number> {
  const { layout, intake, sources, exchange, coldBytes, reporter, signal } = request;
  const indexes = new Map<Frame, number>();
  for (const index of intake.needed) {
    const frame = layout.frames[index];
    if (frame !== undefined) indexes.set(frame, index);
  }
  const needed = [...indexes.keys()];
  if (needed.length === 0) return 0;
  const total = needed.reduce((sum, frame) => sum + frame.length, 0);
  const spareBytes = Math.max(total * maxWaste, coldBytes - total);
  let done = 0;
  reporter.progress('fetch', done, total);
  const take = (frame: Frame, raw: Buffer): void => {
    const index = indexes.get(frame);
    if (index === undefined) return;
    intake.take(index, raw);
    done += frame.length;
    reporter.progress('fetch', done, total);
  };
  const traded = await exchange?.fetch({ layout, frames: needed, take, stores: sources, signal });
  const ranges = planRanges(traded?.left ?? needed, { spareBytes, connections });
  let errands: Errands | undefined;
  const work = (stop: AbortSignal): Promise<void> => {
    errands ??= new Errands({
      packs: layout.packs,
      ranges,
      sources,
      take,
      keep: exchange?.keep,
      signal: stop,
    });
    return errands.work();
  };
  await together(
    signal,
    Array.from({ length: Math.min(connections, ranges.length) }, () => work),
  );
  return (traded?.bytes ?? 0) + (errands?.bytesRead ?? 0);
}
