import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { gzip, type ZlibOptions } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { type Hex, sha256 } from './digest.js';
import type { Frame, Pack } from './layout.js';

/** About as small as zstd's level 3 on real releases, and in every Node; level 6 saves a percent and takes half as long again. */
const strength = { level: 5, memLevel: 9 } as const;

/** Frames of a pack that is being written; `pack` is left to who knows which packs a layout has. */
export type OwnFrame = Omit<Frame, 'pack'>;

/**
 * Writes a pack to a file. Frames are compressed in Node's thread pool, a few ahead of the one that is written, so that
 * all cores work and memory does not grow with the pack.
 */
export interface PackWriter {
  /**
   * Adds a frame; the bytes must not change after that. Waits while too many are under way.
   * @returns its index
   */
  add(raw: Buffer, rawSha256?: Hex): Promise<number>;
  /** Waits until all is written. More may be added afterwards. */
  flush(): Promise<{ readonly pack: Pack; readonly frames: readonly OwnFrame[] }>;
  close(): void;
}

interface Pending {
  readonly rawLength: number;
  readonly rawSha256: Hex | undefined;
  readonly packed: Promise<Buffer>;
}

export function createPackWriter(file: string, signal?: AbortSignal): PackWriter {
  const out = openSync(file, 'wx', 0o600);
  const hash = createHash('sha256');
  const frames: OwnFrame[] = [];
  const pending: Pending[] = [];
  const width = availableParallelism() * 3;
  let added = 0;
  let size = 0;

  const writeNext = async (): Promise<void> => {
    const next = pending.shift();
    if (next === undefined) return;
    const packed = await next.packed;
    if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
    const { rawLength, rawSha256 } = next;
    const frame = { offset: size, length: packed.length, rawLength, sha256: sha256(packed) };
    frames.push(rawSha256 === undefined ? frame : { ...frame, rawSha256 });
    hash.update(packed);
    for (let done = 0; done < packed.length; ) done += writeSync(out, packed, done);
    size += packed.length;
  };

  return {
    async add(raw, rawSha256) {
      const packed = compress(raw);
      packed.catch(() => undefined); // looked at when its turn comes
      pending.push({ rawLength: raw.length, rawSha256, packed });
      added += 1;
      const index = added - 1;
      if (pending.length >= width) await writeNext();
      return index;
    },
    async flush() {
      while (pending.length > 0) await writeNext();
      return { pack: { hex: hash.copy().digest('hex'), size }, frames };
    },
    close: () => closeSync(out),
  };
}

/** What does not get smaller is stored: a little less than compressed, and whoever fetches it only has to copy it. */
async function compress(raw: Buffer): Promise<Buffer> {
  const packed = await gzipInOneGo(raw, strength);
  return packed.length < raw.length ? packed : await gzipInOneGo(raw, { level: 0 });
}

/** By default zlib comes back for more room every 16 KiB, and each time waits for the busy main thread. */
const gzipInOneGo = (raw: Buffer, options: ZlibOptions): Promise<Buffer> =>
  promisify<Buffer, ZlibOptions, Buffer>(gzip)(raw, {
    ...options,
    chunkSize: Math.max(1024, raw.length + (raw.length >> 8) + 64),
  });
