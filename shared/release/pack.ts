import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { type Hex, sha256 } from './digest.js';
import type { Frame, Layout, Segment } from './layout.js';
import { type Content, distinctContents, type FramePlan, planFrames } from './segmenting.js';
import { changed, type TreeSnapshot } from './tree.js';

/** As good as zstd's level 3 on real releases, and in every Node. */
const level = 6;

interface BuiltPack {
  readonly hex: Hex;
  readonly size: number;
  readonly layout: Layout;
}

interface PackOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the uncompressed bytes packed so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Packs every distinct content of a tree into one new file. Frames are compressed side by side, a few at a time, so
 * memory does not grow with the tree. Each content is hashed again on its way.
 * @throws CapstanError `conflict` if a file is not what the snapshot says
 */
export async function buildPack(
  tree: TreeSnapshot,
  manifestHex: Hex,
  file: string,
  { signal, onProgress }: PackOptions = {},
): Promise<BuiltPack> {
  const packHash = createHash('sha256');
  const frames: Frame[] = [];
  const segments = new Map<Hex, Segment[]>();
  const reader = contentReader(tree.root);
  const out = openSync(file, 'wx', 0o600);
  let size = 0;
  let done = 0;
  try {
    for await (const { plan, raw, packed } of compressed(
      planFrames(distinctContents(tree.manifest)),
      reader,
    )) {
      if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
      addSegments(segments, plan, frames.length);
      frames.push({ pack: 0, offset: size, length: packed.length, rawLength: raw, sha256: sha256(packed) });
      packHash.update(packed);
      writeFully(out, packed);
      size += packed.length;
      done += raw;
      onProgress?.(done);
    }
  } finally {
    reader.close();
    closeSync(out);
  }
  const hex = packHash.digest('hex');
  const packs = frames.length === 0 ? [] : [{ hex, size }];
  return { hex, size, layout: { manifest: manifestHex, packs, frames, contents: segments } };
}

function addSegments(segments: Map<Hex, Segment[]>, plan: FramePlan, frame: number): void {
  let offset = 0;
  for (const { content, length } of plan.parts) {
    const list = segments.get(content.sha256) ?? [];
    list.push({ frame, offset, length });
    segments.set(content.sha256, list);
    offset += length;
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

interface CompressedFrame {
  readonly plan: FramePlan;
  /** Uncompressed bytes. */
  readonly raw: number;
  readonly packed: Buffer;
}

/** Compresses frames in Node's thread pool, some ahead of the one that is handed out. */
async function* compressed(
  plans: Iterable<FramePlan>,
  reader: ContentReader,
): AsyncGenerator<CompressedFrame> {
  const ahead: Promise<CompressedFrame>[] = [];
  const width = availableParallelism() * 2;
  for (const plan of plans) {
    const bytes = reader.read(plan);
    const frame = promisify(gzip)(bytes, { level }).then((packed) => ({ plan, raw: bytes.length, packed }));
    frame.catch(() => undefined); // looked at when its turn comes
    ahead.push(frame);
    if (ahead.length >= width) yield await next(ahead);
  }
  while (ahead.length > 0) yield await next(ahead);
}

function next(queue: Promise<CompressedFrame>[]): Promise<CompressedFrame> {
  const first = queue.shift();
  if (first === undefined) throw new Error('the queue is empty');
  return first;
}

interface ContentReader {
  read(plan: FramePlan): Buffer;
  close(): void;
}

/** Reads the parts of contents in order, checking each content's digest when its last part has been read. */
function contentReader(root: string): ContentReader {
  let open: { readonly fd: number; readonly hash: ReturnType<typeof createHash> } | undefined;
  const close = (): void => {
    if (open !== undefined) closeSync(open.fd);
    open = undefined;
  };
  const readPart = (content: Content, offset: number, into: Buffer): void => {
    if (offset === 0) {
      close();
      open = { fd: openContent(root, content), hash: createHash('sha256') };
    }
    if (open === undefined) throw new Error('the parts of a content must be read in order');
    for (let done = 0; done < into.length; ) {
      const got = readSync(open.fd, into, done, into.length - done, offset + done);
      if (got === 0) throw changed(content.path);
      done += got;
    }
    open.hash.update(into);
    if (offset + into.length < content.size) return;
    if (open.hash.digest('hex') !== content.sha256) throw changed(content.path);
    close();
  };
  return {
    read({ parts }) {
      const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const { content, offset, length } of parts) {
        readPart(content, offset, bytes.subarray(at, at + length));
        at += length;
      }
      return bytes;
    },
    close,
  };
}

function openContent(root: string, content: Content): number {
  try {
    return openSync(`${root}/${content.path}`, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    throw new CapstanError('conflict', changed(content.path).message, { cause });
  }
}
