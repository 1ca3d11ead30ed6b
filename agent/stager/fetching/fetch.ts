import { unpackFrame } from '../../../shared/release/frame.js';
import type { Frame, Layout } from '../../../shared/release/layout.js';
import { planRanges } from '../../../shared/release/range-plan.js';
import type { Exchange } from '../peers/exchange.js';
import type { Reporter } from '../reporter.js';
import { Errands } from './errands.js';
import type { Sources } from './sources.js';
import type { Surplus } from './surplus.js';
import { together } from './together.js';

/** Requests under way at once. */
const connections = 4;

/** What an installation has read of packs and patches, over all it tried. */
export interface Fetched {
  bytes: number;
  readonly surplus: Surplus;
}

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
  readonly fetched: Fetched;
  /** Indexes of frames of which only a part is needed: the rest may be needed later. */
  readonly partly: ReadonlySet<number>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How much more than all of it an installation may fetch. */
const maxWaste = 0.01;

/**
 * Fetches frames, and hands each over once it is checked. What has come is never asked for again: after a break the
 * rest is, from the very byte; a corrupt frame alone is had from elsewhere. Memory is bounded by a frame and a piece
 * for each connection.
 */
export async function fetchFrames(request: FetchRequest): Promise<void> {
  const { layout, intake, sources, exchange, coldBytes, fetched, partly, reporter, signal } = request;
  const indexes = new Map<Frame, number>();
  for (const index of intake.needed) {
    const frame = layout.frames[index];
    if (frame !== undefined) indexes.set(frame, index);
  }
  const needed = [...indexes.keys()];
  if (needed.length === 0) return;
  const total = needed.reduce((sum, frame) => sum + frame.length, 0);
  let done = 0;
  reporter.progress('fetch', done, total);
  const take = (frame: Frame, raw: Buffer): void => {
    const index = indexes.get(frame);
    if (index === undefined) return;
    intake.take(index, raw);
    done += frame.length;
    reporter.progress('fetch', done, total);
  };
  const absent = needed.filter((frame) => !takeFromSurplus(frame, layout, fetched.surplus, take));
  const traded = await exchange?.fetch({ layout, frames: absent, take, stores: sources, signal });
  fetched.bytes += traded?.bytes ?? 0;
  const left = traded?.left ?? absent;
  const due = left.reduce((sum, frame) => sum + frame.length, 0);
  const mostBytes = Math.max(coldBytes, total) * (1 + maxWaste);
  const spareBytes = Math.max(0, mostBytes - fetched.bytes - due);
  const ranges = planRanges(left, { spareBytes, connections });
  let errands: Errands | undefined;
  const work = (stop: AbortSignal): Promise<void> => {
    errands ??= new Errands({
      packs: layout.packs,
      ranges,
      sources,
      take,
      surplus: fetched.surplus,
      keep: (pack, frame, packed) => {
        if (partly.has(indexes.get(frame) ?? -1)) fetched.surplus.keep(pack.hex, frame.offset, packed);
        exchange?.keep(pack, frame, packed);
      },
      signal: stop,
    });
    return errands.work();
  };
  try {
    await together(
      signal,
      Array.from({ length: Math.min(connections, ranges.length) }, () => work),
    );
  } finally {
    fetched.bytes += errands?.bytesRead ?? 0;
  }
}

function takeFromSurplus(
  frame: Frame,
  { packs }: Layout,
  surplus: Surplus,
  take: (frame: Frame, raw: Buffer) => void,
): boolean {
  const packed = surplus.find(packs[frame.pack]?.hex ?? '', frame.offset, frame.length);
  const raw = packed && soundFrame(frame, packed);
  if (raw === undefined) return false;
  take(frame, raw);
  return true;
}

function soundFrame(frame: Frame, packed: Buffer): Buffer | undefined {
  try {
    return unpackFrame(packed, frame);
  } catch {
    return undefined; // it came from a store like all else, and is fetched again
  }
}
