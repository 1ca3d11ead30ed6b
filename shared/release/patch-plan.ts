import type { Hex } from './digest.js';
import type { Frame, Layout } from './layout.js';
import type { FileEntry, Manifest } from './manifest.js';
import { type DictionaryPiece, patchLimits } from './patch.js';
import { type Predecessor, predecessors } from './predecessor.js';

/**
 * Which frames of a release are worth trying as patches, and with what as their dictionaries. Groups of small files
 * have the files they come from; of a large file, only what has changed is taken, a mebibyte at a time, each with what
 * lies around that place in the older file. That finds more than the whole file as one dictionary does (the encoder's
 * tables hold only so much), and a decoder needs a few mebibytes however large the file is.
 */
export interface PlannedRow {
  /** Index of the first frame in the layout. */
  readonly first: number;
  readonly count: number;
  readonly pack: Hex;
  /** Where the first frame begins in the pack. */
  readonly offset: number;
  readonly rawLength: number;
  /** Bytes of the frames in the pack: what is saved. */
  readonly packedLength: number;
  /** Where the unpacked bytes can be read in the release's tree, one after the other. */
  readonly sources: readonly FilePiece[];
  readonly dictionary: readonly DictionaryPiece[];
}

/** Bytes of a file in a tree. */
export interface FilePiece {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export interface Side {
  readonly manifest: Manifest;
  readonly layout: Layout;
}

/** How much of a large file is one row. */
const runBytes = 1024 * 1024;
/** What is taken of the older file before and after the place where a run probably was. */
const marginBytes = 512 * 1024;
/** Below this the whole file is the dictionary. */
const wholeBytes = 2 * 1024 * 1024;

export interface PatchPlan {
  readonly rows: readonly PlannedRow[];
  /** Bytes of all frames that are to be fetched from packs without a patch, planned or not. */
  readonly freshBytes: number;
}

export function planPatch(from: Side, to: Side): PatchPlan {
  const predecessorOf = predecessors(from.manifest);
  const filesOfFrom = filesByContent(from.manifest);
  const align = aligner(from.layout, to.layout);
  const { candidates, freshBytes } = newFrames(from, filesOfFrom, to);
  const rows: PlannedRow[] = [];
  for (let i = 0; i < candidates.length; ) {
    const run = runFrom(candidates, i);
    i += run.length;
    const dictionary = dictionaryFor(run, predecessorOf, filesOfFrom, align);
    const row = dictionary === undefined ? undefined : rowOf(run, to.layout, dictionary);
    if (row !== undefined) rows.push(row);
  }
  return { rows, freshBytes };
}

/** A frame that is to be fetched by who has the older release, and what it is made of, in order. */
interface Candidate {
  readonly index: number;
  readonly frame: Frame;
  readonly uses: readonly [Use, ...Use[]];
}

interface Use {
  readonly file: Pick<FileEntry, 'path' | 'size' | 'sha256'>;
  /** Where the bytes begin in the file, and in the frame. */
  readonly at: number;
  readonly inFrame: number;
  readonly length: number;
}

function newFrames(
  from: Side,
  had: ReadonlyMap<Hex, Predecessor>,
  to: Side,
): { candidates: readonly Candidate[]; freshBytes: number } {
  const places = new Set(from.layout.frames.map((frame) => placeOf(from.layout, frame)));
  const chunks = new Set(from.layout.frames.flatMap(({ rawSha256 }) => rawSha256 ?? []));
  const candidates: Candidate[] = [];
  let freshBytes = 0;
  const unknown = new Set<number>();
  for (const [index, frame] of to.layout.frames.entries()) {
    const isKnown = frame.rawSha256 !== undefined && chunks.has(frame.rawSha256);
    if (!isKnown && !places.has(placeOf(to.layout, frame))) unknown.add(index);
  }
  for (const [index, uses] of usesByFrame(to, unknown)) {
    const frame = to.layout.frames[index];
    if (frame === undefined || uses.every(({ file }) => had.has(file.sha256))) continue;
    freshBytes += frame.length;
    const parts = frame.rawLength > patchLimits.raw ? undefined : tiling(uses, frame);
    if (parts !== undefined) candidates.push({ index, frame, uses: parts });
  }
  return { candidates: candidates.sort((a, b) => a.index - b.index), freshBytes };
}

const placeOf = (layout: Layout, { pack, offset }: Frame): string =>
  `${layout.packs[pack]?.hex ?? ''} ${offset}`;

function usesByFrame(
  { manifest, layout }: Side,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, readonly Use[]> {
  const found = new Map<number, Use[]>();
  const seen = new Set<Hex>();
  for (const file of manifest.entries) {
    if (file.kind !== 'file' || file.size === 0) continue;
    const segments = layout.contents.get(file.sha256) ?? [];
    if (!segments.some(({ frame }) => wanted.has(frame)) || seen.has(file.sha256)) continue;
    seen.add(file.sha256);
    let at = 0;
    for (const { frame, offset, length } of segments) {
      const uses = found.get(frame) ?? [];
      uses.push({ file, at, inFrame: offset, length });
      if (wanted.has(frame)) found.set(frame, uses);
      at += length;
    }
  }
  return found;
}

/**
 * Those uses that make up the frame from its first byte to its last, if they do, and if what comes of a patch can be
 * checked by who gets it: whole contents, or a chunk whose digest the layout tells.
 */
function tiling(uses: readonly Use[], frame: Frame): readonly [Use, ...Use[]] | undefined {
  const [first, ...rest] = [...uses].sort((a, b) => a.inFrame - b.inFrame);
  if (first === undefined) return undefined;
  const parts: [Use, ...Use[]] = [first];
  if (frame.rawSha256 === undefined) parts.push(...rest);
  let end = 0;
  for (const { inFrame, length, file } of parts) {
    if (inFrame !== end || (frame.rawSha256 === undefined && length !== file.size)) return undefined;
    end += length;
  }
  return end === frame.rawLength ? parts : undefined;
}

/** A group by itself; of a large file, the chunks that follow each other in the file and in the pack. */
function runFrom(candidates: readonly Candidate[], start: number): readonly Candidate[] {
  const run: Candidate[] = [];
  let bytes = 0;
  for (let i = start; i < candidates.length; i++) {
    const next = candidates[i];
    const last = run.at(-1);
    if (next === undefined) break;
    if (last !== undefined && !(follows(last, next) && bytes + next.frame.rawLength <= runBytes)) break;
    run.push(next);
    bytes += next.frame.rawLength;
  }
  return run;
}

function follows(last: Candidate, next: Candidate): boolean {
  const [before] = last.uses;
  const [after] = next.uses;
  return (
    last.frame.rawSha256 !== undefined &&
    next.frame.rawSha256 !== undefined &&
    next.index === last.index + 1 &&
    next.frame.pack === last.frame.pack &&
    next.frame.offset === last.frame.offset + last.frame.length &&
    after.file === before.file &&
    after.at === before.at + before.length
  );
}

function rowOf(
  run: readonly Candidate[],
  layout: Layout,
  dictionary: readonly DictionaryPiece[],
): PlannedRow | undefined {
  const [first] = run;
  const pack = first === undefined ? undefined : layout.packs[first.frame.pack];
  if (first === undefined || pack === undefined) return undefined;
  const sum = (sizeOf: (frame: Frame) => number): number =>
    run.reduce((total, { frame }) => total + sizeOf(frame), 0);
  return {
    first: first.index,
    count: run.length,
    pack: pack.hex,
    offset: first.frame.offset,
    rawLength: sum(({ rawLength }) => rawLength),
    packedLength: sum(({ length }) => length),
    sources: run.flatMap(({ uses }) =>
      uses.map(({ file, at, length }) => ({ path: file.path, offset: at, length })),
    ),
    dictionary,
  };
}

/** undefined if the older release has nothing like it, and zstd alone would not do better than the pack. */
function dictionaryFor(
  run: readonly Candidate[],
  predecessorOf: ReturnType<typeof predecessors>,
  filesOfFrom: ReadonlyMap<Hex, Predecessor>,
  align: ReturnType<typeof aligner>,
): readonly DictionaryPiece[] | undefined {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (first.frame.rawSha256 === undefined) {
    const files = first.uses.map(({ file }) => filesOfFrom.get(file.sha256) ?? predecessorOf(file));
    return wholeFiles(files.filter((found) => found !== undefined));
  }
  const [{ file, at }] = first.uses;
  const found = predecessorOf(file);
  if (found === undefined) return undefined;
  if (found.file.size <= wholeBytes) return wholeFiles([found]);
  const end = last.uses[0].at + last.uses[0].length;
  return [around(found, align(file, found.file, at, end))];
}

function wholeFiles(files: readonly Predecessor[]): readonly DictionaryPiece[] {
  const pieces: DictionaryPiece[] = [];
  let left: number = wholeBytes;
  const distinct = new Map(files.map(({ entry, file }) => [entry, file]));
  for (const [entry, file] of distinct) {
    const length = Math.min(file.size, left);
    if (length > 0) pieces.push({ entry, offset: 0, length });
    left -= length;
  }
  return pieces;
}

function around({ entry, file }: Predecessor, [begin, end]: readonly [number, number]): DictionaryPiece {
  const offset = Math.max(0, Math.min(begin - marginBytes, file.size - 2 * marginBytes));
  const length = Math.min(file.size - offset, end - begin + 2 * marginBytes);
  return { entry, offset, length };
}

/**
 * Where in the older file a run probably was. The chunks that both files have tell how far things have moved before it
 * and after it; without any, the file is taken to have grown evenly.
 */
function aligner(from: Layout, to: Layout) {
  const anchorsOf = (file: Use['file'], old: FileEntry): readonly Anchor[] => {
    const places = new Map<Hex, number>();
    for (const { hex, at } of chunksOf(from, old.sha256)) places.set(hex, at);
    return chunksOf(to, file.sha256).flatMap(({ hex, at }) => {
      const before = places.get(hex);
      return before === undefined ? [] : [{ at, moved: before - at }];
    });
  };
  let known: { readonly file: Use['file']; readonly anchors: readonly Anchor[] } | undefined;

  return (file: Use['file'], old: FileEntry, begin: number, end: number): readonly [number, number] => {
    if (known?.file !== file) known = { file, anchors: anchorsOf(file, old) };
    const { anchors } = known;
    const scaled = Math.floor((begin * old.size) / file.size) - begin;
    const before = anchors.findLast(({ at }) => at < begin)?.moved;
    const after = anchors.find(({ at }) => at >= end)?.moved;
    const first = begin + (before ?? after ?? scaled);
    const last = end + (after ?? before ?? scaled);
    const isOdd = last < first || last - first > 2 * runBytes;
    return isOdd ? [first, first + end - begin] : [first, last];
  };
}

interface Anchor {
  readonly at: number;
  readonly moved: number;
}

function chunksOf(layout: Layout, content: Hex): readonly { readonly hex: Hex; readonly at: number }[] {
  let at = 0;
  return (layout.contents.get(content) ?? []).flatMap(({ frame, length }) => {
    const hex = layout.frames[frame]?.rawSha256;
    const place = at;
    at += length;
    return hex === undefined ? [] : [{ hex, at: place }];
  });
}

function filesByContent(manifest: Manifest): ReadonlyMap<Hex, Predecessor> {
  const found = new Map<Hex, Predecessor>();
  for (const [entry, file] of manifest.entries.entries()) {
    if (file.kind === 'file' && file.size > 0 && !found.has(file.sha256))
      found.set(file.sha256, { entry, file });
  }
  return found;
}
