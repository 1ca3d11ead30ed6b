import { createHash, hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs';
import type { Hex } from '../../../shared/release/digest.js';
import { readChunkBytes, readPieces } from '../../../shared/release/file-reader.js';

/**
 * Files are not writable, even for their owner: a release is not to be edited, and an application that runs under the
 * agent's own user finds out at once. Directories stay writable for the agent, which must be able to remove them.
 */
export const fileMode = (executable: boolean): number => (executable ? 0o555 : 0o444);

/** While its parts come, a file is writable; so nothing is ever written into one that other releases share. */
const unfinishedMode = 0o644;

export const statOf = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

export function createFile(path: string, bytes: Buffer, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    writeFully(fd, bytes, 0);
  } finally {
    closeSync(fd);
  }
}

/** Makes a second file of the same content; file systems that can share the blocks do. */
export function copyFile(from: string, to: string, mode: number): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  chmodSync(to, mode);
}

/** Makes a file whose parts come later, in any order: a hole of its full size. */
export function beginFile(path: string, size: number): void {
  const fd = openSync(path, 'wx', unfinishedMode);
  try {
    ftruncateSync(fd, size);
  } finally {
    closeSync(fd);
  }
}

/** What need not be written where there is a hole. */
export function isAllZero(bytes: Buffer): boolean {
  if (bytes[0] !== 0 || bytes.at(-1) !== 0) return false;
  // Each half like the other, and so on down to one byte.
  let length = bytes.length;
  for (; length > 1; length = Math.ceil(length / 2)) {
    const half = Math.floor(length / 2);
    if (bytes.compare(bytes, length - half, length, 0, half) !== 0) return false;
  }
  return true;
}

/** True for what `beginFile` has made, and nobody else has a share in. */
export const isUnfinished = (stats: Stats): boolean =>
  stats.isFile() && stats.nlink === 1 && (stats.mode & 0o7777) === unfinishedMode;

/** `write` may take less than it is given. */
export function writeFully(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

export interface PartRead {
  /** Only valid until the next call to the same reader. */
  readonly bytes: Buffer;
  readonly sha256: Hex;
}

/** Reads files and hashes them on the way, with as few calls as can be: a tree may have a hundred thousand of them. */
export interface HashingReader {
  /** The SHA-256 of a regular file. */
  hashFile(path: string): Hex;
  /** All of a file below `readChunkBytes`; undefined if it is no regular file of this size. */
  readSmall(path: string, size: number): (PartRead & { readonly stats: Stats }) | undefined;
  /** A part of a file, up to `readChunkBytes`; undefined if the file is shorter. */
  readPart(path: string, at: number, length: number): PartRead | undefined;
}

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function createHashingReader(): HashingReader {
  const scratch = Buffer.allocUnsafe(readChunkBytes);
  const read = (fd: number, at: number, length: number): PartRead | undefined => {
    const bytes = scratch.subarray(0, length);
    for (let done = 0; done < length; ) {
      const got = readSync(fd, bytes, done, length - done, at + done);
      if (got === 0) return undefined;
      done += got;
    }
    return { bytes, sha256: hash('sha256', bytes, 'hex') };
  };
  return {
    hashFile(path) {
      const digest = createHash('sha256');
      for (const piece of readPieces(path, scratch)) digest.update(piece);
      return digest.digest('hex');
    },
    readSmall(path, size) {
      const fd = openSync(path, readFlags);
      try {
        const stats = fstatSync(fd);
        if (!stats.isFile() || stats.size !== size || size > scratch.length) return undefined;
        const found = read(fd, 0, size);
        return found === undefined ? undefined : { ...found, stats };
      } finally {
        closeSync(fd);
      }
    },
    readPart(path, at, length) {
      if (length > scratch.length) return undefined;
      const fd = openSync(path, readFlags);
      try {
        return read(fd, at, length);
      } finally {
        closeSync(fd);
      }
    },
  };
}
