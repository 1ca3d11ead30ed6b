import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDurableDir, syncDir } from '../io/durable-file.js';
import { CapstanError } from '../model/errors.js';
import { digestCheck } from './digest-check.js';
import { type ObjectKey, objectPath } from './object-key.js';
import type { CallOptions } from './store.js';

interface CheckedOptions extends CallOptions {
  /** Bytes that the file has already; they are read back, and checked with what follows them. 0: it is made. */
  readonly from?: number;
}

/**
 * Writes an object's bytes to a file, then makes it the object: not before its size and digest have been checked, and
 * it is on disk.
 * @param temporary in the store, so that a rename finishes it
 * @param chunks the bytes after the first `from`
 * @param size of the whole
 * @throws CapstanError `corrupt`; or as the source, or the disk, fails: the file is then as it is
 */
export async function storeChecked(
  { root, temporary, key }: { readonly root: string; readonly temporary: string; readonly key: ObjectKey },
  chunks: AsyncIterable<Buffer>,
  size: number,
  options: CheckedOptions,
): Promise<void> {
  const path = join(root, objectPath(key));
  await makeDurableDir(dirname(temporary));
  await makeDurableDir(dirname(path));
  await writeChecked(temporary, key, chunks, size, options);
  await rename(temporary, path);
  await syncDir(dirname(path));
}

async function writeChecked(
  path: string,
  key: ObjectKey,
  chunks: AsyncIterable<Buffer>,
  size: number,
  { from = 0, signal }: CheckedOptions,
): Promise<void> {
  const check = digestCheck(key);
  const file = await open(path, from === 0 ? 'wx' : 'r+', 0o644);
  let done = 0;
  try {
    if (from > 0) {
      for await (const chunk of createReadStream(path, { end: from - 1 }) as AsyncIterable<Buffer>) {
        await check.write(chunk);
        done += chunk.length;
      }
    }
    for await (const chunk of chunks) {
      if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
      done += chunk.length;
      if (done > size) throw wrongSize(key, size);
      await check.write(chunk);
      await writeAll(file, chunk, done - chunk.length);
    }
    if (done !== size) throw wrongSize(key, size);
    await check.end();
    await file.sync();
  } finally {
    check.abandon();
    await file.close();
  }
}

/** `FileHandle.write` may write less than it was given, for example just before a limit; the next try then fails. */
async function writeAll(file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
  }
}

const wrongSize = (key: ObjectKey, size: number): CapstanError =>
  new CapstanError(
    'corrupt',
    `what was sent as ${objectPath(key)} does not have the ${size} bytes announced`,
  );
