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

/** Fetching this much for nothing costs less than another request. */
const maxGapBytes = 64 * 1024;
/** So that one broken connection loses little, and several can work side by side. */
const maxRangeBytes = 8 * 1024 * 1024;

/** Groups frames, given in the layout's order, into few requests. */
export function planRanges(frames: Iterable<Frame>): readonly FrameRange[] {
  const ranges: FrameRange[] = [];
  let group: Frame[] = [];
  let first: Frame | undefined;
  let end = 0;
  const flush = (): void => {
    if (first === undefined) return;
    ranges.push({ pack: first.pack, offset: first.offset, length: end - first.offset, frames: group });
  };
  for (const frame of frames) {
    const joins =
      first?.pack === frame.pack &&
      frame.offset - end <= maxGapBytes &&
      frame.offset + frame.length - first.offset <= maxRangeBytes;
    if (!joins) {
      flush();
      group = [];
      first = frame;
    }
    group.push(frame);
    end = frame.offset + frame.length;
  }
  flush();
  return ranges;
}

/** Cuts the bytes of a range into its frames as they come; what lies between frames is dropped. */
export async function* cutFrames(
  range: FrameRange,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly frame: Frame; readonly packed: Buffer }> {
  const waiting = [...range.frames].reverse();
  let pieces: Buffer[] = [];
  let held = 0;
  let at = range.offset; // where the held bytes begin in the pack
  for await (const chunk of chunks) {
    pieces.push(chunk);
    held += chunk.length;
    for (let frame = waiting.at(-1); frame !== undefined; frame = waiting.at(-1)) {
      if (at + held < frame.offset + frame.length) break;
      const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, held);
      const begin = frame.offset - at;
      yield { frame, packed: bytes.subarray(begin, begin + frame.length) };
      const rest = bytes.subarray(begin + frame.length);
      waiting.pop();
      at = frame.offset + frame.length;
      pieces = rest.length === 0 ? [] : [rest];
      held = rest.length;
    }
  }
}
