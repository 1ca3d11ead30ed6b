import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CapstanError } from '../../model/errors.js';
import type { Hex } from '../../release/digest.js';
import type { ObjectKey } from '../object-key.js';
import { withRetry } from '../retry.js';
import { bufferSource, type ObjectSource, type Store, type UploadNote } from '../store.js';

/** An object to be sent. */
export interface Upload {
  readonly key: ObjectKey;
  readonly source: ObjectSource;
  readonly note?: UploadNote;
}

/** @param noteFile for what the store has to know to go on after an interruption */
export const fileUpload = (key: ObjectKey, path: string, size: number, noteFile: string): Upload => ({
  key,
  source: { size, open: () => createReadStream(path, { highWaterMark: 256 * 1024 }) },
  note: {
    read: () => readFile(noteFile, 'utf8').catch(() => undefined),
    write: (text) => writeFile(noteFile, text),
  },
});

export async function textUpload(kind: 'manifests' | 'layouts', hex: Hex, text: Buffer): Promise<Upload> {
  return { key: { kind, hex }, source: bufferSource(await promisify(gzip)(text)) };
}

interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
  /** Told of each wait for a store that does not answer. */
  readonly onWait?: ((error: CapstanError, waitMs: number) => void) | undefined;
}

/** How often a store that does not answer is tried before publishing fails: about a minute. */
const attempts = 10;

/**
 * Sends objects in their order.
 * @returns the bytes that were sent; what the store had is not sent again
 */
export async function uploadAll(
  store: Store,
  uploads: readonly Upload[],
  { signal, onProgress, onWait }: UploadOptions,
): Promise<number> {
  const total = uploads.reduce((sum, { source }) => sum + source.size, 0);
  const options = signal === undefined ? {} : { signal };
  let before = 0;
  let sent = 0;
  for (const { key, source, note } of uploads) {
    const base = before;
    const counted: ObjectSource = {
      size: source.size,
      async *open() {
        let done = base;
        for await (const chunk of source.open()) {
          yield chunk;
          done += chunk.length;
          onProgress(done, total);
        }
      },
    };
    await withRetry(
      async () => {
        if (await store.has(key, options)) return;
        let had = 0;
        await store.put(key, counted, { ...options, note, onResume: (bytes) => (had = bytes) });
        sent += source.size - had;
      },
      { attempts, signal, ...(onWait === undefined ? {} : { onWait }) },
    );
    before += source.size;
    onProgress(before, total);
  }
  return sent;
}
