import type { Frame } from './layout.js';

/** Frames of one pack that are fetched with one request. */
export interface FrameRange {
  /** Index in the layout's packs. */
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
  /** In the order of their offsets. */
  readonly frames: readonly Frame[];
}

interface RangeLimits {
  /** How many bytes that nobody needs may be fetched between frames, over all ranges. */
  readonly spareBytes?: number;
  /** How many requests can be under way at once: what is large enough is spread over all of them. */
  readonly connections?: number;
}

/** Fetching this much for nothing costs less than another request. */
const maxGapBytes = 64 * 1024;
/** So that one broken connection loses little, and several can work side by side. */
const maxRangeBytes = 8 * 1024 * 1024;
/** Less than this is not worth a request of its own. */
const minShareBytes = 1024 * 1024;

/** Groups frames, given in the layout's order, into few requests. */
export function planRanges(
  frames: readonly Frame[],
  { spareBytes = Number.POSITIVE_INFINITY, connections = 1 }: RangeLimits = {},
): readonly FrameRange[] {
  const joined = joinedFrames(frames, spareBytes);
  const total = frames.reduce((sum, frame) => sum + frame.length, 0);
  const share = connections === 1 ? maxRangeBytes : Math.ceil(total / connections);
  const most = Math.min(maxRangeBytes, Math.max(minShareBytes, share));
  const ranges: FrameRange[] = [];
  let group: Frame[] = [];
  const flush = (): void => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    const { pack, offset } = first;
    ranges.push({ pack, offset, length: endOf(last) - offset, frames: group });
  };
  for (const frame of frames) {
    const [first] = group;
    if (first !== undefined && !(joined.has(frame) && endOf(frame) - first.offset <= most)) {
      flush();
      group = [];
    }
    group.push(frame);
  }
  flush();
  return ranges;
}

const endOf = ({ offset, length }: Frame): number => offset + length;

/** The frames that are near enough to the one before; where not all gaps can be afforded, the smallest ones are. */
function joinedFrames(frames: readonly Frame[], spareBytes: number): ReadonlySet<Frame> {
  const near: { readonly frame: Frame; readonly gap: number }[] = [];
  for (const [index, frame] of frames.entries()) {
    const before = frames[index - 1];
    if (before?.pack !== frame.pack) continue;
    const gap = frame.offset - endOf(before);
    if (gap <= maxGapBytes) near.push({ frame, gap });
  }
  const joined = new Set<Frame>();
  let spent = 0;
  for (const { frame, gap } of near.sort((a, b) => a.gap - b.gap)) {
    spent += gap;
    if (spent > spareBytes) break;
    joined.add(frame);
  }
  return joined;
}

export interface CutFrame {
  readonly frame: Frame;
  readonly packed: Buffer;
}

/** Cuts the bytes of a pack into frames; what has come of a frame is kept when a connection breaks. */
export interface FrameCutter {
  /** Where in the pack the next byte to be pushed lies. */
  readonly at: number;
  /** Where the last frame ends. */
  readonly end: number;
  /** Those that have not come whole. */
  readonly rest: readonly Frame[];
  /** The one of them of which some bytes have come. */
  readonly partial: Frame | undefined;
  /** Takes the bytes that follow. Memory is bounded by a frame and a piece. */
  push(piece: Buffer): Generator<CutFrame>;
}

/**
 * @param frames of one pack, in the order of their offsets, the first at `offset` or later
 * @param onSurplus told of what lies between frames, and where in the pack
 */
export function frameCutter(
  frames: readonly Frame[],
  offset: number,
  onSurplus?: (at: number, bytes: Buffer) => void,
): FrameCutter {
  let at = offset;
  let next = 0;
  let held: Buffer[] = [];
  const last = frames.at(-1);
  return {
    get at() {
      return at;
    },
    end: last === undefined ? offset : endOf(last),
    get rest() {
      return frames.slice(next);
    },
    get partial() {
      return held.length === 0 ? undefined : frames[next];
    },
    *push(piece) {
      for (let rest = piece; rest.length > 0; ) {
        const frame = frames[next];
        const gap = frame === undefined ? rest.length : Math.max(0, frame.offset - at);
        if (frame === undefined || gap > 0) {
          const surplus = rest.subarray(0, gap);
          if (frame !== undefined) onSurplus?.(at, surplus);
          at += surplus.length;
          rest = rest.subarray(surplus.length);
          continue;
        }
        const some = rest.subarray(0, endOf(frame) - at);
        at += some.length;
        rest = rest.subarray(some.length);
        held.push(some);
        if (at < endOf(frame)) return;
        const packed = held.length === 1 ? some : Buffer.concat(held, frame.length);
        held = [];
        next += 1;
        yield { frame, packed };
      }
    },
  };
}

/** Cuts the bytes of a range into its frames as they come. */
export async function* cutFrames(range: FrameRange, pieces: AsyncIterable<Buffer>): AsyncGenerator<CutFrame> {
  const cutter = frameCutter(range.frames, range.offset);
  for await (const piece of pieces) yield* cutter.push(piece);
}
