import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { CapstanError } from '../../shared/model/errors.js';
import { emptyHex, type Hex, sha256 } from '../../shared/release/digest.js';
import { readChunkBytes, readPieces } from '../../shared/release/file-reader.js';
import type { Layout, Segment } from '../../shared/release/layout.js';
import type { FileEntry, Manifest } from '../../shared/release/manifest.js';
import { quoted } from '../../shared/release/path-rules.js';

/**
 * Files are not writable, even for their owner: a release is not to be edited, and an application that runs under the
 * agent's own user finds out at once. Directories stay writable for the agent, which must be able to remove them.
 */
const fileMode = (executable: boolean): number => (executable ? 0o555 : 0o444);

/** Writes a tree from frames that come in any order, checking each file's digest before it counts. */
export interface TreeWriter {
  /** Indexes of the frames that are needed, in order. */
  readonly neededFrames: readonly number[];
  /** @throws BadContent if the bytes are not those the manifest promises */
  takeFrame(index: number, raw: Buffer): void;
  /** Makes what holds no bytes of a frame; symbolic links last, so that nothing is ever written through one. */
  finish(): void;
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

interface Target {
  readonly sha256: Hex;
  /** All files with this content. */
  readonly files: readonly FileEntry[];
  /** Segments that have not come yet. */
  missing: number;
}

interface Piece {
  readonly target: Target;
  readonly segment: Segment;
  /** Where the segment goes in the file. */
  readonly at: number;
}

/** @param root an empty directory */
export function createTreeWriter(root: string, manifest: Manifest, layout: Layout): TreeWriter {
  const pieces = planPieces(manifest, layout);
  const buffer = Buffer.allocUnsafe(readChunkBytes);
  for (const entry of manifest.entries) if (entry.kind === 'dir') mkdirSync(`${root}/${entry.path}`, 0o755);

  const writeWhole = ({ files, sha256: wanted }: Target, bytes: Buffer): void => {
    if (sha256(bytes) !== wanted) throw new BadContent(files[0]?.path ?? '');
    for (const { path, executable } of files) createFile(`${root}/${path}`, bytes, fileMode(executable));
  };

  const writePart = (target: Target, bytes: Buffer, at: number): void => {
    const first = target.files[0];
    if (first === undefined) return;
    const path = `${root}/${first.path}`;
    writeAt(path, bytes, at);
    if (target.missing > 0) return;
    if (hashFile(path, buffer) !== target.sha256) throw new BadContent(first.path);
    for (const { path: other, executable } of target.files.slice(1)) {
      copyFileSync(path, `${root}/${other}`, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      chmodSync(`${root}/${other}`, fileMode(executable));
    }
    chmodSync(path, fileMode(first.executable));
  };

  return {
    neededFrames: [...pieces.keys()].sort((a, b) => a - b),
    takeFrame(index, raw) {
      for (const { target, segment, at } of pieces.get(index) ?? []) {
        const bytes = raw.subarray(segment.offset, segment.offset + segment.length);
        target.missing -= 1;
        if (at === 0 && bytes.length === target.files[0]?.size) writeWhole(target, bytes);
        else writePart(target, bytes, at);
      }
      pieces.delete(index);
    },
    finish() {
      for (const entry of manifest.entries) {
        if (entry.kind !== 'file' || entry.sha256 !== emptyHex) continue;
        createFile(`${root}/${entry.path}`, Buffer.alloc(0), fileMode(entry.executable));
      }
      for (const entry of manifest.entries) {
        if (entry.kind === 'link') symlinkSync(entry.target, `${root}/${entry.path}`);
      }
    },
  };
}

/** What each frame is needed for. */
function planPieces(manifest: Manifest, layout: Layout): Map<number, Piece[]> {
  const files = new Map<Hex, FileEntry[]>();
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file' || entry.size === 0) continue;
    const same = files.get(entry.sha256);
    if (same === undefined) files.set(entry.sha256, [entry]);
    else same.push(entry);
  }
  const pieces = new Map<number, Piece[]>();
  for (const [hex, same] of files) {
    const segments = layout.contents.get(hex) ?? [];
    const target: Target = { sha256: hex, files: same, missing: segments.length };
    let at = 0;
    for (const segment of segments) {
      const list = pieces.get(segment.frame) ?? [];
      list.push({ target, segment, at });
      pieces.set(segment.frame, list);
      at += segment.length;
    }
  }
  return pieces;
}

function createFile(path: string, bytes: Buffer, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    writeFully(fd, bytes, 0);
  } finally {
    closeSync(fd);
  }
}

function writeAt(path: string, bytes: Buffer, at: number): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
  try {
    writeFully(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
}

function writeFully(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

/** Read back from where it was written: the parts may have come in any order. */
function hashFile(path: string, buffer: Buffer): Hex {
  const hash = createHash('sha256');
  for (const piece of readPieces(path, buffer)) hash.update(piece);
  return hash.digest('hex');
}
