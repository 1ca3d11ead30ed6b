import { linkSync, type Stats, unlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { hasCode, isDiskFull } from '../../../shared/distribution/disk-full.js';
import type { Hex } from '../../../shared/release/digest.js';
import { readChunkBytes } from '../../../shared/release/file-reader.js';
import type { LinksMade } from '../drift/links-made.js';
import { copyFile, createFile, createHashingReader, fileMode, statOf } from '../tree/tree-files.js';
import type { ChunkIntake, TreeWriter, Wanted } from '../tree/tree-writer.js';
import type { LocalFile, LocalRelease } from './local-releases.js';

/** What fetching may go on in between, so that neither waits for the other. Milliseconds. */
const sliceMs = 20;

/** What came from other releases on this node. */
export interface Reuse {
  /** Bytes. */
  bytes: number;
  /** Files that are not what their release's manifest says, by their paths. */
  readonly damaged: Set<string>;
  /** Files that are what it says: they were read in full, now or when they last changed. */
  readonly sound: Set<string>;
  /** How files look that were linked to; undefined: nobody wants to know. */
  readonly links: LinksMade | undefined;
}

/** Lets others run whenever a slice of time is over. */
function slices(signal: AbortSignal): () => Promise<void> | undefined {
  let until = performance.now() + sliceMs;
  return () => {
    if (performance.now() < until) return undefined;
    return setImmediate(undefined, { signal }).then(() => {
      until = performance.now() + sliceMs;
    });
  };
}

/**
 * Makes files of those that other releases have: linked where these are as read-only as they should be, else copied. Each
 * is checked before, and read for that unless it is known not to have changed; one that is not what it should be is not
 * used. What cannot be had stays missing.
 */
export async function reuseFiles(
  writer: TreeWriter,
  contents: readonly Hex[],
  releases: readonly LocalRelease[],
  reuse: Reuse,
  signal: AbortSignal,
): Promise<void> {
  const reader = createHashingReader();
  const pause = slices(signal);
  for (const hex of contents) {
    const wanted = writer.missing.get(hex);
    if (wanted === undefined) continue;
    for (const [release, file] of candidates(hex, releases)) {
      const known = release.unchanged(file);
      const sound = known === undefined ? readSound(file, wanted, reader) : asKnown(known);
      if (sound === undefined) {
        reuse.damaged.add(file.path);
        continue;
      }
      reuse.sound.add(file.path);
      let linked = false;
      for (const { path, executable } of wanted.files) {
        linked = place(file.path, `${writer.root}/${path}`, fileMode(executable), sound) || linked;
        reuse.bytes += wanted.size;
      }
      // To be copied changes no time of a file: if another one shows than before, somebody has written to it.
      if (linked) reuse.links?.note(hex, sound.stats, statOf(file.path), Date.now());
      writer.made(hex);
      break;
    }
    const pausing = pause();
    if (pausing !== undefined) await pausing;
  }
}

function* candidates(
  hex: Hex,
  releases: readonly LocalRelease[],
): Generator<readonly [LocalRelease, LocalFile]> {
  for (const release of releases) for (const file of release.find(hex)) yield [release, file];
}

interface Sound {
  /** How it looked when it was found right. */
  readonly stats: Stats;
  /** Its mode, if it may be linked to; undefined: only copied. */
  readonly linkableMode: number | undefined;
  /** Of a small file that was read. Only valid until the next one is. */
  readonly bytes: Buffer | undefined;
}

/** @param stats of a file that need not be read */
const asKnown = (stats: Stats): Sound => ({ stats, linkableMode: linkableMode(stats), bytes: undefined });

/** Reads a file, and finds out whether it is what it should be. */
function readSound(
  { path, size }: LocalFile,
  wanted: Wanted,
  reader: ReturnType<typeof createHashingReader>,
): Sound | undefined {
  try {
    if (size < readChunkBytes) {
      const found = reader.readSmall(path, size);
      if (found?.sha256 !== wanted.sha256) return undefined;
      return { ...asKnown(found.stats), bytes: found.bytes };
    }
    const stats = statOf(path);
    if (stats === undefined || reader.hashFile(path) !== wanted.sha256) return undefined;
    return asKnown(stats);
  } catch {
    return undefined; // gone, or not readable
  }
}

const ownUid = process.geteuid?.();

/** A file that belongs to somebody else may be changed by them. */
const linkableMode = ({ mode, uid }: { readonly mode: number; readonly uid: number }): number | undefined =>
  uid === ownUid ? mode & 0o7777 : undefined;

/**
 * Links where that gives the same as a copy; not every file system can, nor any number of times.
 * @returns whether it did
 */
function place(from: string, to: string, mode: number, { linkableMode: linkable, bytes }: Sound): boolean {
  if (linkable === mode && tryLink(from, to)) return true;
  if (statOf(to) !== undefined) unlinkSync(to);
  if (bytes === undefined) copyFile(from, to, mode);
  else createFile(to, bytes, mode);
  return false;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isDiskFull(error)) throw error;
    if (!hasCode(error, 'EEXIST')) return false; // EMLINK, EXDEV, EPERM and whatever else there may be
    unlinkSync(to); // the beginning of it, from an earlier try
    return tryLink(from, to);
  }
}

/** Where on this node a chunk should be. */
export interface LocalChunk {
  readonly path: string;
  readonly at: number;
  readonly length: number;
}

/** Has large files of which chunks can be taken. */
export type ChunkHolder = Pick<LocalRelease, 'find' | 'chunks'>;

/** Which of the chunks that are wanted large files on this node have, by digest. */
export async function findChunks(
  wanted: ReadonlyMap<Hex, { readonly length: number }>,
  holders: readonly ChunkHolder[],
): Promise<ReadonlyMap<Hex, LocalChunk>> {
  const found = new Map<Hex, LocalChunk>();
  if (wanted.size === 0) return found;
  for (const holder of holders) {
    for (const [content, chunks] of await holder.chunks()) {
      const [file] = holder.find(content);
      if (file === undefined) continue;
      let at = 0;
      for (const { sha256, length } of chunks) {
        if (!found.has(sha256) && wanted.get(sha256)?.length === length) {
          found.set(sha256, { path: file.path, at, length });
        }
        at += length;
      }
    }
  }
  return found;
}

/** Gives chunks that were found to who wants them; one that is not what it should be stays wanted. */
export async function reuseChunks(
  intake: ChunkIntake,
  found: ReadonlyMap<Hex, LocalChunk>,
  reuse: Reuse,
  signal: AbortSignal,
): Promise<void> {
  const reader = createHashingReader();
  const pause = slices(signal);
  for (const [sha256, { index, length }] of intake.chunks()) {
    const chunk = found.get(sha256);
    if (chunk === undefined) continue;
    const read = readChunk(chunk, reader);
    if (read?.sha256 === sha256) {
      intake.take(index, read.bytes);
      reuse.bytes += length;
    } else reuse.damaged.add(chunk.path);
    const pausing = pause();
    if (pausing !== undefined) await pausing;
  }
}

function readChunk({ path, at, length }: LocalChunk, reader: ReturnType<typeof createHashingReader>) {
  try {
    return reader.readPart(path, at, length);
  } catch {
    return undefined; // gone, or not readable
  }
}
