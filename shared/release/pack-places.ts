import type { Hex } from './digest.js';
import type { Frame, Layout, Pack, Segment } from './layout.js';
import type { OwnFrame } from './pack-writer.js';
import type { Content } from './segmenting.js';

/**
 * Where the contents of a release lie, while its pack is being written: the base's frames are numbered as there, and those
 * of the pack go on from `firstOwnFrame`.
 */
export type Places = ReadonlyMap<Hex, readonly Segment[]>;

export const firstOwnFrame = (base: Layout | undefined): number => base?.frames.length ?? 0;

/** A layout with more packs takes too many requests to read. */
const maxPacks = 32;
/** What the packs that a release refers to may take, of what its own bytes take. */
const maxRatio = 1.5;

/** Where a content lies in the base; undefined if it does not. */
export function placesInBase(base: Layout, { sha256, size }: Content): readonly Segment[] | undefined {
  const segments = base.contents.get(sha256);
  return segments?.reduce((sum, { length }) => sum + length, 0) === size ? segments : undefined;
}

/**
 * True if the release had better have a pack to itself: too much of the base's packs is of no use to it.
 * @param ownSize bytes of its own pack so far
 */
export function needsRebase(places: Places, base: Layout, ownSize: number): boolean {
  const used = usedBytes(places, base);
  const packs = new Set<number>();
  let estimate = ownSize;
  for (const [index, raw] of used) {
    const frame = base.frames[index];
    if (frame === undefined) continue;
    packs.add(frame.pack);
    estimate += frame.length * Math.min(1, raw / frame.rawLength);
  }
  const referred = [...packs].reduce((sum, pack) => sum + (base.packs[pack]?.size ?? 0), ownSize);
  return packs.size >= maxPacks || referred > maxRatio * estimate;
}

/** Unpacked bytes that are needed of each frame of the base. */
function usedBytes(places: Places, base: Layout | undefined): ReadonlyMap<number, number> {
  const used = new Map<number, number>();
  const end = firstOwnFrame(base);
  for (const list of places.values()) {
    for (const { frame, length } of list) {
      if (frame < end) used.set(frame, (used.get(frame) ?? 0) + length);
    }
  }
  return used;
}

interface OwnPack {
  readonly pack: Pack;
  readonly frames: readonly OwnFrame[];
}

/** The layout: those packs and frames of the base that are needed, then the release's own. */
export function layoutOf(manifest: Hex, places: Places, base: Layout | undefined, own: OwnPack): Layout {
  const packs: Pack[] = [];
  const frames: Frame[] = [];
  const baseFrames = new Map<number, number>();
  const basePacks = new Map<number, number>();
  for (const index of [...usedBytes(places, base).keys()].sort((a, b) => a - b)) {
    const frame = base?.frames[index];
    const pack = frame === undefined ? undefined : base?.packs[frame.pack];
    if (frame === undefined || pack === undefined) continue;
    if (!basePacks.has(frame.pack)) basePacks.set(frame.pack, packs.push(pack) - 1);
    baseFrames.set(index, frames.push({ ...frame, pack: basePacks.get(frame.pack) ?? 0 }) - 1);
  }
  const firstOwn = frames.length;
  if (own.frames.length > 0) {
    const pack = packs.push(own.pack) - 1;
    for (const frame of own.frames) frames.push({ ...frame, pack });
  }
  const before = firstOwnFrame(base);
  if (firstOwn === before) return { manifest, packs, frames, contents: places }; // nothing has moved
  const contents = new Map<Hex, readonly Segment[]>();
  for (const [hex, list] of places) {
    const moved = (frame: number): number =>
      frame < before ? (baseFrames.get(frame) ?? 0) : firstOwn + frame - before;
    contents.set(
      hex,
      list.map(({ frame, offset, length }) => ({ frame: moved(frame), offset, length })),
    );
  }
  return { manifest, packs, frames, contents };
}
