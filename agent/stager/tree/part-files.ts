import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Hex } from '../../../shared/release/digest.js';
import { readChunkBytes } from '../../../shared/release/file-reader.js';
import { isAllZero, writeFully } from './tree-files.js';

/** Open at once: each connection is in the middle of one, and some are just done with. */
const maxOpen = 8;

/** A large file of full size that is there, whose parts come in any order, each once. */
export interface PartFile {
  write(bytes: Buffer, at: number): void;
  /**
   * The SHA-256 of all of it, to be asked when no part is missing. Parts that came in order have been hashed on their
   * way; what did not is read again.
   */
  digest(): Hex;
}

export interface PartFiles {
  /** @param isHole whether what is not written is zero */
  open(path: string, size: number, isHole: boolean): PartFile;
  /** Lets go of all files. */
  close(): void;
}

export function createPartFiles(): PartFiles {
  /** In the order in which they were opened. */
  const descriptors = new Map<PartFile, number>();
  const close = (file: PartFile): void => {
    const fd = descriptors.get(file);
    if (fd === undefined) return;
    descriptors.delete(file);
    closeSync(fd);
  };
  const descriptorOf = (file: PartFile, path: string): number => {
    const open = descriptors.get(file);
    if (open !== undefined) return open;
    const [oldest] = descriptors.size < maxOpen ? [] : descriptors.keys();
    if (oldest !== undefined) close(oldest);
    const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
    descriptors.set(file, fd);
    return fd;
  };
  return {
    open(path, size, isHole) {
      const hash = createHash('sha256');
      let hashed = 0;
      const file: PartFile = {
        write(bytes, at) {
          if (!isHole || !isAllZero(bytes)) writeFully(descriptorOf(file, path), bytes, at);
          if (at !== hashed) return;
          hash.update(bytes);
          hashed += bytes.length;
        },
        digest() {
          const rest = Buffer.allocUnsafe(Math.min(readChunkBytes, size - hashed));
          while (hashed < size) {
            const got = readSync(
              descriptorOf(file, path),
              rest,
              0,
              Math.min(rest.length, size - hashed),
              hashed,
            );
            if (got === 0) break; // shorter than it was: another digest
            hash.update(rest.subarray(0, got));
            hashed += got;
          }
          close(file);
          return hash.digest('hex');
        },
      };
      return file;
    },
    close() {
      for (const file of [...descriptors.keys()]) close(file);
    },
  };
}
