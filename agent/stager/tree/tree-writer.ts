import { chmodSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { CapstanError } from '../../../shared/model/errors.js';
import { emptyHex, type Hex, sha256 } from '../../../shared/release/digest.js';
import type { Frame, Layout, Segment } from '../../../shared/release/layout.js';
import type { FileEntry, Manifest } from '../../../shared/release/manifest.js';
import { quoted } from '../../../shared/release/path-rules.js';
import type { FrameIntake } from '../fetching/fetch.js';
import { createPartFiles, type PartFile } from './part-files.js';
import {
  beginFile,
  copyFile,
  createFile,
  createHashingReader,
  fileMode,
  isUnfinished,
  statOf,
} from './tree-files.js';

/** A content that a tree needs, and all the files that have it. */
export interface Wanted {
  readonly sha256: Hex;
  readonly size: number;
  readonly files: readonly FileEntry[];
}

/** Writes a tree from contents that come in any order, checking each one's digest before it counts. */
export interface TreeWriter {
  readonly root: string;
  /** Contents that are not there yet. */
  readonly missing: ReadonlyMap<Hex, Wanted>;
  /** Takes a whole content; false, and nothing is written, if the bytes are not what they should be. */
  takeContent(hex: Hex, bytes: Buffer): boolean;
  /** To be called when all files of a content have been made by somebody else. */
  made(hex: Hex): void;
  /**
   * Takes frames for these contents. Parts that an earlier try has left are found again by their digest.
   * @param contents of which the layout says where they lie
   */
  intake(layout: Layout, contents: Iterable<Hex>): ChunkIntake;
  /** Makes what holds no bytes; symbolic links last, so that nothing is ever written through one. */
  finish(): void;
  /** Lets go of files that are open. */
  close(): void;
}

export interface ChunkIntake extends FrameIntake {
  /** Frames still needed that are one chunk each of a large file, by the digest of their raw bytes. */
  chunks(): ReadonlyMap<Hex, { readonly index: number; readonly length: number }>;
}

/** The frames are what the layout says, but do not make the file: no store is to blame, and none can help. */
export class BadContent extends Error {
  override readonly name = 'BadContent';
  readonly reason: CapstanError;
  constructor(path: string) {
    super(`bad content: ${path}`);
    this.reason = new CapstanError(
      'corrupt',
      `the layout of the release does not lead to the bytes its manifest promises for ${quoted(path)}`,
      { hint: 'publish the release again' },
    );
  }
}

interface Piece {
  readonly target: Target;
  readonly segment: Segment;
  /** Where the segment goes in the file. */
  readonly at: number;
}

interface Target extends Wanted {
  /** Where it is put together, if it comes in several parts, or an earlier try has left some of it. */
  readonly file: PartFile | undefined;
  /** Segments that have not come yet. */
  missing: number;
}

/**
 * @param root an empty directory, or what `surveyTree` left of an earlier try
 * @param survey the paths that are there for good; undefined: none, and nothing else either
 */
export function createTreeWriter(root: string, manifest: Manifest, survey?: ReadonlySet<string>): TreeWriter {
  const present = survey ?? new Set<string>();
  const reader = createHashingReader();
  const partFiles = createPartFiles();
  /** Contents that were begun since. */
  const begunHere = new Set<Hex>();
  const missing = wantedContents(manifest, present);
  const onlyCopies = twinsPresent(manifest, present);
  for (const { kind, path } of manifest.entries) {
    if (kind === 'dir' && !present.has(path)) mkdirSync(`${root}/${path}`, 0o755);
  }
  for (const [hex, path] of onlyCopies) {
    for (const file of missing.get(hex)?.files ?? []) {
      discardUnfinished(`${root}/${file.path}`);
      copyFile(`${root}/${path}`, `${root}/${file.path}`, fileMode(file.executable));
    }
    missing.delete(hex);
  }
  const unfinishedPath = ({ files }: Wanted): string => `${root}/${files[0]?.path ?? ''}`;
  /** In a new tree most need not be looked for. */
  const mayBeBegun = (hex: Hex): boolean => survey !== undefined || begunHere.has(hex);

  const takeContent = (hex: Hex, bytes: Buffer): boolean => {
    const wanted = missing.get(hex);
    if (wanted?.size !== bytes.length || sha256(bytes) !== hex) return false;
    if (mayBeBegun(hex)) discardUnfinished(unfinishedPath(wanted));
    for (const { path, executable } of wanted.files) {
      createFile(`${root}/${path}`, bytes, fileMode(executable));
    }
    missing.delete(hex);
    return true;
  };

  const complete = (target: Target): void => {
    const path = unfinishedPath(target);
    const [first, ...others] = target.files;
    if (first === undefined) return;
    if (target.file?.digest() !== target.sha256) {
      unlinkSync(path);
      throw new BadContent(first.path);
    }
    for (const other of others) copyFile(path, `${root}/${other.path}`, fileMode(other.executable));
    chmodSync(path, fileMode(first.executable));
    missing.delete(target.sha256);
  };

  /** Whether a chunk is where it belongs already. */
  const isThere = ({ target, at }: Piece, { rawLength, rawSha256 }: Frame): boolean =>
    reader.readPart(unfinishedPath(target), at, rawLength)?.sha256 === rawSha256;

  const takePiece = ({ target, segment, at }: Piece, raw: Buffer): void => {
    const bytes = raw.subarray(segment.offset, segment.offset + segment.length);
    if (bytes.length === target.size) {
      if (!takeContent(target.sha256, bytes)) throw new BadContent(target.files[0]?.path ?? '');
      return;
    }
    target.file?.write(bytes, at);
    target.missing -= 1;
    if (target.missing === 0) complete(target);
  };

  return {
    root,
    missing,
    takeContent,
    made: (hex) => void missing.delete(hex),
    intake(layout, contents) {
      const pieces = new Map<number, Piece[]>();
      for (const hex of contents) {
        const wanted = missing.get(hex);
        if (wanted === undefined) continue;
        const path = unfinishedPath(wanted);
        const begun = mayBeBegun(hex) && keepUnfinished(path, wanted.size);
        const segments = layout.contents.get(hex) ?? [];
        const isWhole = !begun && segments.length === 1;
        if (!begun && !isWhole) {
          beginFile(path, wanted.size);
          begunHere.add(hex);
        }
        const file = isWhole ? undefined : partFiles.open(path, wanted.size, !begun);
        const target = { ...wanted, file, missing: 0 };
        for (const piece of piecesOf(target, segments)) {
          const frame = layout.frames[piece.segment.frame];
          if (begun && isWholeChunk(piece.segment, frame) && isThere(piece, frame)) continue;
          target.missing += 1;
          const list = pieces.get(piece.segment.frame) ?? [];
          list.push(piece);
          pieces.set(piece.segment.frame, list);
        }
        if (target.missing === 0) complete(target);
      }
      return {
        get needed() {
          return [...pieces.keys()].sort((a, b) => a - b);
        },
        take(index, raw) {
          const due = pieces.get(index) ?? [];
          pieces.delete(index);
          for (const piece of due) takePiece(piece, raw);
        },
        chunks: () => chunksOf(pieces.keys(), layout),
      };
    },
    finish() {
      for (const entry of manifest.entries) {
        if (entry.kind !== 'file' || entry.sha256 !== emptyHex || present.has(entry.path)) continue;
        createFile(`${root}/${entry.path}`, Buffer.alloc(0), fileMode(entry.executable));
      }
      for (const entry of manifest.entries) {
        if (entry.kind === 'link') symlinkSync(entry.target, `${root}/${entry.path}`);
      }
    },
    close() {
      partFiles.close();
    },
  };
}

function wantedContents(manifest: Manifest, present: ReadonlySet<string>): Map<Hex, Wanted> {
  const files = new Map<Hex, FileEntry[]>();
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file' || entry.size === 0 || present.has(entry.path)) continue;
    const same = files.get(entry.sha256);
    if (same === undefined) files.set(entry.sha256, [entry]);
    else same.push(entry);
  }
  const wanted = new Map<Hex, Wanted>();
  for (const [hex, same] of files) wanted.set(hex, { sha256: hex, size: same[0]?.size ?? 0, files: same });
  return wanted;
}

/** Where an earlier try has left a content, for those that other files have as well. */
function twinsPresent(manifest: Manifest, present: ReadonlySet<string>): ReadonlyMap<Hex, string> {
  const found = new Map<Hex, string>();
  if (present.size === 0) return found;
  for (const entry of manifest.entries) {
    if (entry.kind === 'file' && present.has(entry.path)) found.set(entry.sha256, entry.path);
  }
  return found;
}

function piecesOf(target: Target, segments: readonly Segment[]): readonly Piece[] {
  let at = 0;
  return segments.map((segment) => {
    const piece = { target, segment, at };
    at += segment.length;
    return piece;
  });
}

const isWholeChunk = (segment: Segment, frame: Frame | undefined): frame is Frame =>
  frame?.rawSha256 !== undefined && segment.offset === 0 && segment.length === frame.rawLength;

function chunksOf(indexes: Iterable<number>, { frames }: Layout): ReturnType<ChunkIntake['chunks']> {
  const chunks = new Map<Hex, { readonly index: number; readonly length: number }>();
  for (const index of indexes) {
    const frame = frames[index];
    if (frame?.rawSha256 !== undefined) chunks.set(frame.rawSha256, { index, length: frame.rawLength });
  }
  return chunks;
}

/** Whether there is the beginning of a file that can be gone on with; anything else in its place is removed. */
function keepUnfinished(path: string, size: number): boolean {
  const stats = statOf(path);
  if (stats === undefined) return false;
  if (isUnfinished(stats) && stats.size === size) return true;
  unlinkSync(path);
  return false;
}

function discardUnfinished(path: string): void {
  if (statOf(path) !== undefined) unlinkSync(path);
}
