import { CapstanError } from '../model/errors.js';
import type { Hex } from './digest.js';
import type { Layout, Segment } from './layout.js';
import { type Fail, type Frame, frameRow, type Pack, packRow, parseFrame, parsePack } from './layout-rows.js';
import { isSize } from './lines.js';
import type { MissingContent } from './manifest-delta.js';

/**
 * Where a few contents of a release lie, for who knows in which order they come. Packs and frames are written as in a
 * layout; those that are not needed are left out. What follows says where the contents lie in the frames' unpacked
 * bytes, which are taken as one stream from frame to frame:
 *
 *     ["s",frame,offset,n]                    the next n contents, one after the other, from there on
 *     ["c",[frame,offset,length],…]           the next content, in several runs
 */

/** One frame may be part of many contents, so that a short text can describe a lot: a file of 100 GB has this many. */
const maxSegments = 2_000_000;

/** @param contents all of which the layout has */
export function* partialLayoutRows(
  layout: Layout,
  contents: readonly MissingContent[],
): Generator<readonly unknown[]> {
  const wanted = contents.map(({ sha256 }) => layout.contents.get(sha256) ?? []);
  const { packs, frames, frameIndexes } = narrowed(layout, wanted);
  for (const pack of packs) yield packRow(pack);
  for (const frame of frames) yield frameRow(frame);

  let run: { readonly frame: number; readonly offset: number; count: number } | undefined;
  let end: { readonly frame: number; readonly offset: number } | undefined;
  const flush = function* (): Generator<readonly unknown[]> {
    if (run !== undefined) yield ['s', run.frame, run.offset, run.count];
    run = undefined;
  };
  for (const segments of wanted) {
    const moved = segments.map((segment) => ({ ...segment, frame: frameIndexes.get(segment.frame) ?? 0 }));
    const [first, ...others] = runsOf(moved, frames);
    if (first === undefined) continue;
    if (others.length > 0) {
      yield* flush();
      yield ['c', ...[first, ...others].map(({ frame, offset, length }) => [frame, offset, length])];
      end = undefined;
      continue;
    }
    if (run === undefined || end?.frame !== first.frame || end.offset !== first.offset) {
      yield* flush();
      run = { frame: first.frame, offset: first.offset, count: 0 };
    }
    run.count += 1;
    end = endOf(moved, frames);
  }
  yield* flush();
}

/** The frames of these segments, and their packs, with indexes of their own. */
function narrowed({ packs, frames }: Layout, wanted: readonly (readonly Segment[])[]) {
  const used = [...new Set(wanted.flatMap((segments) => segments.map(({ frame }) => frame)))];
  used.sort((a, b) => a - b);
  const packIndexes = new Map<number, number>();
  const frameIndexes = new Map<number, number>();
  const kept: { packs: Pack[]; frames: Frame[] } = { packs: [], frames: [] };
  for (const index of used) {
    const frame = frames[index];
    const pack = frame === undefined ? undefined : packs[frame.pack];
    if (frame === undefined || pack === undefined) continue;
    if (!packIndexes.has(frame.pack)) {
      packIndexes.set(frame.pack, kept.packs.length);
      kept.packs.push(pack);
    }
    frameIndexes.set(index, kept.frames.length);
    kept.frames.push({ ...frame, pack: packIndexes.get(frame.pack) ?? 0 });
  }
  return { ...kept, frameIndexes };
}

/** Where the next byte after the last segment lies: at the beginning of the next frame if this one is at its end. */
function endOf(segments: readonly Segment[], frames: readonly Frame[]) {
  const last = segments.at(-1);
  if (last === undefined) return undefined;
  const offset = last.offset + last.length;
  const isWhole = offset === frames[last.frame]?.rawLength;
  return isWhole ? { frame: last.frame + 1, offset: 0 } : { frame: last.frame, offset };
}

function runsOf(segments: readonly Segment[], frames: readonly Frame[]): readonly Segment[] {
  const runs: { frame: number; offset: number; length: number }[] = [];
  let end: ReturnType<typeof endOf>;
  for (const segment of segments) {
    const last = runs.at(-1);
    if (last !== undefined && end?.frame === segment.frame && end.offset === segment.offset) {
      last.length += segment.length;
    } else runs.push({ ...segment });
    end = endOf([segment], frames);
  }
  return runs;
}

/** Reads a partial layout, row by row. */
export interface PartialLayoutReader {
  /** @throws what `fail` makes, for a row that cannot be right or is none of a partial layout */
  take(row: readonly unknown[], fail: Fail): void;
  /** @throws CapstanError `corrupt` if contents are left over */
  finish(manifest: Hex): Layout;
}

/** @param missing the contents, in their order */
export function partialLayoutReader(missing: () => readonly MissingContent[]): PartialLayoutReader {
  const packs: Pack[] = [];
  const frames: Frame[] = [];
  const contents = new Map<Hex, readonly Segment[]>();
  let expected: readonly MissingContent[] | undefined;
  let next = 0;
  let segmentCount = 0;

  /** `length` bytes from there on, from frame to frame. */
  const cut = (from: { frame: number; offset: number }, length: number, fail: Fail): Segment[] => {
    const segments: Segment[] = [];
    let { frame, offset } = from;
    for (let rest = length; rest > 0; ) {
      const rawLength = frames[frame]?.rawLength;
      if (rawLength === undefined) throw fail('speaks of a frame that is not listed');
      if (offset > rawLength) throw fail('goes beyond the end of a frame');
      const taken = Math.min(rest, rawLength - offset);
      if (taken > 0) {
        segments.push({ frame, offset, length: taken });
        segmentCount += 1;
        if (segmentCount > maxSegments) throw fail('describes more segments than any release has');
      }
      rest -= taken;
      frame = rest > 0 ? frame + 1 : frame;
      offset = rest > 0 ? 0 : offset + taken;
    }
    from.frame = frame;
    from.offset = offset;
    return segments;
  };
  const nextContent = (fail: Fail): MissingContent => {
    expected ??= missing();
    const content = expected[next];
    if (content === undefined) throw fail('describes more contents than are missing');
    next += 1;
    return content;
  };
  const takeSequence = (row: readonly unknown[], fail: Fail): void => {
    const [, frame, offset, count] = row;
    if (row.length !== 4 || !(isSize(frame) && isSize(offset) && isSize(count)) || count === 0) {
      throw fail('does not describe contents');
    }
    const at = { frame, offset };
    for (let i = 0; i < count; i++) {
      const { sha256, size } = nextContent(fail);
      contents.set(sha256, cut(at, size, fail));
    }
  };
  const takeRuns = (row: readonly unknown[], fail: Fail): void => {
    const { sha256, size } = nextContent(fail);
    let total = 0;
    const segments: Segment[] = [];
    for (const run of row.slice(1)) {
      const [frame, offset, length] = Array.isArray(run) ? (run as readonly unknown[]) : [];
      if (!(isSize(frame) && isSize(offset) && isSize(length))) throw fail('does not describe a content');
      total += length;
      if (total > size) throw fail('describes more bytes than the content has');
      for (const segment of cut({ frame, offset }, length, fail)) segments.push(segment);
    }
    if (total !== size) throw fail('describes fewer bytes than the content has');
    contents.set(sha256, segments);
  };

  return {
    take(row, fail) {
      const kind = row[0];
      if (kind === 'p' && frames.length === 0 && next === 0) packs.push(parsePack(row, fail));
      else if (kind === 'r' && next === 0) frames.push(parseFrame(row, packs, frames.at(-1), fail));
      else if (kind === 's') takeSequence(row, fail);
      else if (kind === 'c') takeRuns(row, fail);
      else throw fail('is of an unknown kind, or out of order');
    },
    finish(manifest) {
      if (next !== (expected ?? missing()).length) {
        throw new CapstanError('corrupt', 'the delta does not say where all new contents lie');
      }
      if (new Set(packs.map(({ hex }) => hex)).size !== packs.length) {
        throw new CapstanError('corrupt', 'the delta lists a pack twice');
      }
      return { manifest, packs, frames, contents };
    },
  };
}
