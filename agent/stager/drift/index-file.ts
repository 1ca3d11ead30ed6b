import { closeSync, openSync, readSync } from 'node:fs';
import { CapstanError } from '../../../shared/model/errors.js';
import { decodeHeader, decodeRecord, type IndexHeader, type IndexRecord } from './tree-index.js';

const chunkBytes = 32 * 1024;

/** Reads an index a chunk at a time, so that it takes the same memory whatever its size. */
export interface IndexReader {
  readonly header: IndexHeader;
  /**
   * The next record; undefined at the end.
   * @throws CapstanError `corrupt` if the file is not whole
   */
  next(): IndexRecord | undefined;
  close(): void;
}

/** @throws CapstanError `corrupt`, or what opening it throws */
export function openIndex(path: string): IndexReader {
  const fd = openSync(path, 'r');
  let closed = false;
  const close = (): void => {
    if (!closed) closeSync(fd);
    closed = true;
  };
  const damaged = (): CapstanError => new CapstanError('corrupt', `${path} is not whole`);
  const text = texts(fd);
  const first = text();
  const header = first === undefined ? undefined : decodeHeader(first);
  if (header === undefined) {
    close();
    throw damaged();
  }
  let left = header.records;
  return {
    header,
    next() {
      const found = text();
      if (found === undefined) {
        if (left > 0) throw damaged();
        return undefined;
      }
      left -= 1;
      const record = decodeRecord(found);
      if (record === undefined) throw damaged();
      return record;
    },
    close,
  };
}

/** What stands between two NULs, one after the other; what follows the last one is not read. */
function texts(fd: number): () => string | undefined {
  let buffer = Buffer.allocUnsafeSlow(chunkBytes);
  let [at, end] = [0, 0];
  return () => {
    for (;;) {
      const stop = buffer.subarray(0, end).indexOf(0, at);
      if (stop !== -1) {
        const text = buffer.toString('utf8', at, stop);
        at = stop + 1;
        return text;
      }
      buffer.copyWithin(0, at, end);
      end -= at;
      at = 0;
      if (end === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const got = readSync(fd, buffer, end, buffer.length - end, null);
      if (got === 0) return undefined;
      end += got;
    }
  };
}
