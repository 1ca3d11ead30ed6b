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
  let last: { readonly index: number; readonly raw: Buffer } | undefined;

  const fetchFrom = async (index: number): Promise<void> => {
    packed.clear();
    const [range] = planRanges(layout.frames.slice(index, index + aheadFrames));
    const pack = range === undefined ? undefined : layout.packs[range.pack];
    if (range === undefined || pack === undefined) return;
    let at = index;
    const { offset, length } = range;
    const bytes = store.getRange(
      { kind: 'packs', hex: pack.hex },
      { offset, length, objectSize: pack.size },
      options,
    );
    for await (const found of cutFrames(range, bytes)) {
      packed.set(at, Buffer.from(found.packed));
      at += 1;
    }
  };

  return {
    async read(index) {
      if (last?.index === index) return last.raw;
      if (!packed.has(index)) await fetchFrom(index);
      const frame = layout.frames[index];
      const bytes = packed.get(index);
      if (frame === undefined || bytes === undefined) throw new Error(`there is no frame ${index}`);
      last = { index, raw: unpackFrame(bytes, frame) };
      return last.raw;
    },
  };
}
