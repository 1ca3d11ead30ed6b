import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** How much of a file is in memory at once. */
export const readChunkBytes = 1024 * 1024;

/**
 * Reads a regular file in pieces of `readChunkBytes`, synchronously: on many small files that is several times
 * faster than promises. A piece is only valid until the next one is asked for.
 */
export function* readPieces(path: string, buffer: Buffer): Generator<Buffer> {
  const fd = openFile(path);
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${path} is no longer a file`);
    for (;;) {
      const size = fill(fd, buffer);
      if (size > 0) yield buffer.subarray(0, size);
      if (size < buffer.length) return;
    }
  } finally {
    closeSync(fd);
  }
}

/** Waits for nothing and nobody, whatever the path has become meanwhile. */
export const openFile = (path: string): number =>
  openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);

/** `read` may return less than there is; a short piece must mean the end. */
export function fill(fd: number, buffer: Buffer): number {
  let size = 0;
  while (size < buffer.length) {
    const got = readSync(fd, buffer, size, buffer.length - size, null);
    if (got === 0) break;
    size += got;
  }
  return size;
}
