import { unpackFrame } from '../release/frame.js';
import type { Layout } from '../release/layout.js';
import { cutFrames, planRanges } from '../release/range-plan.js';
import type { CallOptions, StoreReader } from './store.js';

/** How many frames after the one asked for are fetched with it. */
const aheadFrames = 16;

/** Reads frames one after the other, a few ahead in one request; memory is bounded by what is held ahead. */
export interface FrameSource {
  /** The unpacked bytes of a frame. @throws CapstanError `corrupt`, or as the store fails */
  read(index: number): Promise<Buffer>;
}

export function frameSource(store: StoreReader, layout: Layout, options: CallOptions = {}): FrameSource {
  const packed = new Map<number, Buffer>();
  let windowStart = 0;
  let last: { readonly index: number; readonly raw: Buffer } | undefined;

  const fetchFrames = async (index: number, count: number): Promise<void> => {
    const [range] = planRanges(layout.frames.slice(index, index + count));
    const pack = range === undefined ? undefined : layout.packs[range.pack];
    if (range === undefined || pack === undefined) return;
    let at = index;
    const wanted = { offset: range.offset, length: range.length, objectSize: pack.size };
    const bytes = store.getRange({ kind: 'packs', hex: pack.hex }, wanted, options);
    for await (const found of cutFrames(range, bytes)) {
      packed.set(at, Buffer.from(found.packed));
      at += 1;
    }
  };

  /** A content that was there before leads back to one frame; what was fetched ahead is still needed then. */
  const provide = async (index: number): Promise<void> => {
    if (packed.has(index)) return;
    if (index < windowStart) {
      await fetchFrames(index, 1);
      return;
    }
    packed.clear();
    windowStart = index;
    await fetchFrames(index, aheadFrames);
  };

  return {
    async read(index) {
      if (last?.index === index) return last.raw;
      await provide(index);
      const frame = layout.frames[index];
      const bytes = packed.get(index);
      if (frame === undefined || bytes === undefined) throw new Error(`there is no frame ${index}`);
      if (index < windowStart) packed.delete(index);
      last = { index, raw: unpackFrame(bytes, frame) };
      return last.raw;
    },
  };
}
