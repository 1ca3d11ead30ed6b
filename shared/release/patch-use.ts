import { type Hex, sha256 } from './digest.js';
import type { Frame, Layout } from './layout.js';
import type { Patch, PatchRow } from './patch.js';

/** A row that makes frames that are wanted, and fewer bytes than they have in the packs. */
export interface UsableRow {
  readonly row: PatchRow;
  /** Where its zstd frame begins in the patch. */
  readonly at: number;
  /** Those of its frames that are wanted. */
  readonly parts: readonly UsablePart[];
  /** Bytes that need not be fetched from packs. */
  readonly saves: number;
}

interface UsablePart {
  /** In the layout's frames. */
  readonly index: number;
  /** Where its bytes are in what the row unpacks to. */
  readonly offset: number;
  readonly length: number;
  /** Whether bytes are those of the frame: a patch has no digests of its own, the release has. */
  readonly isRight: (raw: Buffer) => boolean;
}

/**
 * The rows of a patch that are of use with a layout, which need not be the one it was made for: what does not fit is left out,
 * and no frame is made twice, however many rows say that they make it.
 * @param indexEnd where the first zstd frame begins in the patch
 * @param needed indexes in the layout of the frames that are wanted
 */
export function usableRows(
  patch: Patch,
  indexEnd: number,
  layout: Layout,
  needed: ReadonlySet<number>,
): readonly UsableRow[] {
  const places = new Map(layout.frames.map((frame, index) => [placeOf(layout, frame), index]));
  const checks = frameChecks(layout);
  const rows: UsableRow[] = [];
  const wanted = new Set(needed);
  let at = indexEnd;
  let looks = maxLooks(layout);
  for (const row of patch.rows) {
    const begin = at;
    at += row.length;
    const first = places.get(`${row.pack} ${row.offset}`);
    if (first === undefined) continue;
    looks -= row.count;
    if (looks < 0) break;
    const parts = partsOf(row, first, layout, wanted, checks);
    const saves = (parts ?? []).reduce((sum, { index }) => sum + (layout.frames[index]?.length ?? 0), 0);
    if (parts === undefined || row.length >= saves) continue;
    rows.push({ row, at: begin, parts, saves });
    for (const { index } of parts) wanted.delete(index);
  }
  return rows;
}

/** Rows of a sound patch have no frame in common, so that each frame is looked at about once. */
const maxLooks = ({ frames }: Layout): number => 1000 + 16 * frames.length;

const placeOf = (layout: Layout, { pack, offset }: Frame): string =>
  `${layout.packs[pack]?.hex ?? ''} ${offset}`;

function partsOf(
  row: PatchRow,
  first: number,
  { frames }: Layout,
  needed: ReadonlySet<number>,
  checks: ReturnType<typeof frameChecks>,
): readonly UsablePart[] | undefined {
  if (first + row.count > frames.length) return undefined;
  const parts: UsablePart[] = [];
  let offset = 0;
  for (let index = first; index < first + row.count; index++) {
    const frame = frames[index];
    const before = index === first ? undefined : frames[index - 1];
    if (frame === undefined || (before !== undefined && !isNext(before, frame))) return undefined;
    if (needed.has(index)) {
      const isRight = checks(index, frame);
      if (isRight === undefined) return undefined;
      parts.push({ index, offset, length: frame.rawLength, isRight });
    }
    offset += frame.rawLength;
  }
  return offset === row.rawLength ? parts : undefined;
}

const isNext = (before: Frame, after: Frame): boolean =>
  after.pack === before.pack && after.offset === before.offset + before.length;

/** How a frame's unpacked bytes are checked: by their own digest, or by those of the contents that lie in it whole. */
function frameChecks(layout: Layout) {
  const whole = new Map<number, { readonly hex: Hex; readonly offset: number; readonly length: number }[]>();
  const split = new Set<number>();
  for (const [hex, segments] of layout.contents) {
    for (const { frame, offset, length } of segments) {
      if (segments.length > 1) split.add(frame);
      const list = whole.get(frame) ?? [];
      list.push({ hex, offset, length });
      whole.set(frame, list);
    }
  }
  return (index: number, { rawSha256 }: Frame): ((raw: Buffer) => boolean) | undefined => {
    if (rawSha256 !== undefined) return (raw) => sha256(raw) === rawSha256;
    const contents = whole.get(index);
    if (contents === undefined || split.has(index)) return undefined;
    return (raw) =>
      contents.every(({ hex, offset, length }) => sha256(raw.subarray(offset, offset + length)) === hex);
  };
}

/** Bytes of a patch that are read at once, and the rows in them. */
export interface PatchRead {
  readonly offset: number;
  readonly length: number;
  readonly rows: readonly UsableRow[];
}

/** Reading this much for nothing costs less than another request. */
const maxGapBytes = 16 * 1024;
/** So that little of the patch is in memory at a time, and little is lost when a connection breaks. */
const maxReadBytes = 4 * 1024 * 1024;

/** What is still to be read of a patch whose first bytes are there: first, with no length, what those have. */
export function planReads(rows: readonly UsableRow[], heldBytes: number): readonly PatchRead[] {
  const held = rows.filter((row) => endOf(row) <= heldBytes);
  const reads: PatchRead[] = [{ offset: heldBytes, length: 0, rows: held }];
  for (const row of rows.slice(held.length)) {
    const last = reads.at(-1);
    const offset = Math.max(row.at, heldBytes);
    const joins =
      last !== undefined &&
      last.length > 0 &&
      offset - last.offset - last.length <= maxGapBytes &&
      endOf(row) - last.offset <= maxReadBytes;
    if (joins) reads.pop();
    const begin = joins ? last.offset : offset;
    reads.push({
      offset: begin,
      length: endOf(row) - begin,
      rows: joins ? [...last.rows, row] : [row],
    });
  }
  return reads;
}

const endOf = ({ at, row }: UsableRow): number => at + row.length;
