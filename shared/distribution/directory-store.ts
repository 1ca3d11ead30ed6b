import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CapstanError } from '../model/errors.js';
import { storeChecked } from './checked-file.js';
import { hasCode, isDiskFull } from './disk-full.js';
import { type ObjectKey, objectPath, parseObjectPath } from './object-key.js';
import type { CallOptions, ManagedStore } from './store.js';

/** Unfinished objects, in the store so that a rename finishes them. */
export const unfinishedDir = 'tmp';

/** A store in a directory: a disk, a network mount, or what a web server gives out. */
export function directoryStore(root: string): ManagedStore {
  const pathOf = (key: ObjectKey): string => join(root, objectPath(key));
  return {
    url: `file:${root}`,

    async has(key) {
      return (await sizeOf(pathOf(key))) !== undefined;
    },

    async get(key, maxBytes, { onBytes } = {}) {
      const path = pathOf(key);
      try {
        const file = await open(path, 'r');
        try {
          const { size } = await file.stat();
          if (size > maxBytes) throw new CapstanError('corrupt', `${path} is larger than it should be`);
          await onBytes?.(size);
          return await file.readFile();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw await readError(error, root, path);
      }
    },

    async *getRange(key, { offset, length, objectSize }, options = {}) {
      const path = pathOf(key);
      let rest = length;
      try {
        const { size } = await stat(path);
        if (size !== objectSize) throw wrongObjectSize(path, size, objectSize);
        const stream = createReadStream(path, { start: offset, end: offset + length - 1 });
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          throwIfAborted(options);
          rest -= chunk.length;
          yield chunk;
        }
      } catch (error) {
        throw await readError(error, root, path);
      }
      if (rest !== 0) throw wrongObjectSize(path, offset + length - rest, objectSize);
    },

    async put(key, source, options = {}) {
      if ((await sizeOf(pathOf(key))) !== undefined) return;
      const temporary = join(root, unfinishedDir, randomBytes(16).toString('hex'));
      try {
        await storeChecked({ root, temporary, key }, source.open(), source.size, options);
      } catch (error) {
        await rm(temporary, { force: true });
        throw writeError(error, root);
      }
    },

    async *list(kind, options = {}) {
      for await (const path of filesBelow(root, kind)) {
        throwIfAborted(options);
        const key = parseObjectPath(path);
        const stats = key === undefined ? undefined : await statsOf(join(root, path));
        if (key === undefined || stats === undefined) continue;
        yield { key, size: stats.size, changedAt: stats.mtimeMs };
      }
    },

    async remove(key) {
      await removeFile(pathOf(key), root);
    },

    async sweep(before, options = {}) {
      let swept = 0;
      for await (const path of filesBelow(root, unfinishedDir)) {
        throwIfAborted(options);
        const stats = await statsOf(join(root, path));
        if (stats === undefined || stats.mtimeMs >= before) continue;
        await removeFile(join(root, path), root);
        swept += 1;
      }
      return swept;
    },
  };
}

/** Paths below the root of all files in one of its folders, a few names of a directory in memory at a time. */
async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* filesBelow(root, path);
      else if (entry.isFile()) yield path;
    }
  } catch (error) {
    const problem = await readError(error, root, join(root, folder));
    if (problem.code !== 'notFound') throw problem;
  }
}

async function removeFile(path: string, root: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw writeError(error, root);
  }
}

const wrongObjectSize = (path: string, size: number, wanted: number): CapstanError =>
  new CapstanError('corrupt', `${path} has ${size} bytes instead of ${wanted}`);

async function sizeOf(path: string): Promise<number | undefined> {
  return (await statsOf(path))?.size;
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw CapstanError.from(error, 'unreachable');
  }
}

/** An object that is missing is one thing; a store that is missing (an unmounted disk) another. */
async function readError(error: unknown, root: string, path: string): Promise<CapstanError> {
  if (error instanceof CapstanError) return error;
  if (!hasCode(error, 'ENOENT', 'ENOTDIR')) {
    const message = error instanceof Error ? error.message : String(error);
    return new CapstanError('unreachable', `${path} cannot be read: ${message}`, { cause: error });
  }
  return (await sizeOf(root)) === undefined
    ? new CapstanError('unreachable', `the store ${root} is not there`, { cause: error })
    : new CapstanError('notFound', `${path} is not in the store`, { cause: error });
}

function writeError(error: unknown, root: string): CapstanError {
  if (error instanceof CapstanError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return isDiskFull(error)
    ? new CapstanError('failed', `the disk of the store ${root} is full`, {
        hint: 'free some space there and publish again; what is there already is not sent twice',
        cause: error,
      })
    : new CapstanError('failed', `the store ${root} cannot be written: ${message}`, { cause: error });
}

function throwIfAborted({ signal }: CallOptions): void {
  if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
}
