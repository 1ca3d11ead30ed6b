import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { CapstanError } from '../model/errors.js';
import { type Hex, sha256 } from './digest.js';
import { chunkBytes, createChunker } from './fastcdc.js';
import { readChunkBytes, readPieces } from './file-reader.js';
import type { Content } from './segmenting.js';
import { changed } from './tree.js';

/**
 * The bytes of several contents, one after the other.
 * @throws CapstanError `conflict` if a file does not have the content the snapshot says
 */
export function readGroup(root: string, contents: readonly Content[]): Buffer {
  const bytes = Buffer.allocUnsafe(contents.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const content of contents) {
    const part = bytes.subarray(at, at + content.size);
    readInto(part, root, content);
    if (sha256(part) !== content.sha256) throw changed(content.path);
    at += content.size;
  }
  return bytes;
}

/** Part of a content; whoever asks knows what it must be. */
export function readPart(root: string, content: Content, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  readInto(bytes, root, content, offset);
  return bytes;
}

function readInto(bytes: Buffer, root: string, content: Content, offset = 0): void {
  const fd = guarded(content, () =>
    openSync(`${root}/${content.path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
  try {
    for (let done = 0; done < bytes.length; ) {
      const got = guarded(content, () => readSync(fd, bytes, done, bytes.length - done, offset + done));
      if (got === 0) throw changed(content.path);
      done += got;
    }
  } finally {
    closeSync(fd);
  }
}

/** What cannot be read any more has changed since it was. */
function guarded<T>(content: Content, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw new CapstanError('conflict', changed(content.path).message, { cause });
  }
}

export interface Chunk {
  readonly sha256: Hex;
  /** A buffer of its own only after `keep`. */
  readonly bytes: Buffer;
  /** Says that the bytes are needed after the next chunk was asked for. */
  keep(): void;
}

/**
 * The chunks of a large content, in order.
 * @throws CapstanError `conflict` at the end if they do not have the digest the snapshot says
 */
export function* readLarge(root: string, content: Content): Generator<Chunk> {
  const chunker = createChunker();
  const hash = createHash('sha256');
  let buffer = Buffer.allocUnsafeSlow(chunkBytes.max);
  let held = 0;
  const chunkOf = (bytes: Buffer): Chunk => ({
    sha256: sha256(bytes),
    bytes,
    keep() {
      buffer = Buffer.allocUnsafeSlow(chunkBytes.max);
    },
  });
  for (const piece of piecesOf(root, content)) {
    hash.update(piece);
    for (let at = 0; at < piece.length; ) {
      const cut = chunker.next(piece, at);
      const end = cut === -1 ? piece.length : cut;
      held += piece.copy(buffer, held, at, end);
      at = end;
      if (cut === -1) break;
      const bytes = buffer.subarray(0, held);
      held = 0;
      yield chunkOf(bytes);
    }
  }
  if (held > 0) yield chunkOf(buffer.subarray(0, held));
  if (hash.digest('hex') !== content.sha256) throw changed(content.path);
}

function* piecesOf(root: string, content: Content): Generator<Buffer> {
  const pieces = readPieces(`${root}/${content.path}`, Buffer.allocUnsafeSlow(readChunkBytes));
  try {
    for (;;) {
      const next = guarded(content, () => pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    pieces.return(undefined);
  }
}
