import { closeSync, openSync, readSync } from 'node:fs';
import { CapstanError } from '../../../shared/model/errors.js';
import { decodeHeader, type IndexHeader } from './tree-index.js';

/** Less than two hundred records: what is in use when the young generation is collected moves to the old one. */
const pageBytes = 16 * 1024;

/** Reads an index a page at a time, so that it takes the same memory whatever its size. */
export interface IndexReader {
  readonly header: IndexHeader;
  /**
   * The next records, as they stand there; undefined at the end.
   * @throws CapstanError `corrupt` if the file is not whole
   */
  next(): readonly string[] | undefined;
  close(): void;
}

/** @throws CapstanError `corrupt`, or what opening it throws */
export function openIndex(path: string): IndexReader {
  const fd = openSync(path, 'r');
  const close = (): void => {
    closeSync(fd);
  };
  const damaged = (): CapstanError => new CapstanError('corrupt', `${path} is not whole`);
  const page = pages(fd);
  const [first = '', ...others] = page() ?? [];
  const header = decodeHeader(first);
  if (header === undefined) {
    close();
    throw damaged();
  }
  let [rest, left]: [readonly string[], number] = [others, header.records];
  return {
    header,
    next() {
      const records = rest.length > 0 ? rest : page();
      rest = [];
      left -= records?.length ?? 0;
      if (records === undefined && left > 0) throw damaged();
      return records;
    },
    close,
  };
}

/** What stands before NULs, a page of it at a time; what follows the last NUL is not read. */
function pages(fd: number): () => readonly string[] | undefined {
  let buffer = Buffer.allocUnsafeSlow(pageBytes);
  let end = 0;
  return () => {
    for (;;) {
      const got = readSync(fd, buffer, end, buffer.length - end, null);
      end += got;
      const stop = buffer.lastIndexOf(0, end - 1);
      if (end > 0 && stop !== -1) {
        const texts = buffer.toString('utf8', 0, stop).split('\0');
        buffer.copyWithin(0, stop + 1, end);
        end -= stop + 1;
        return texts;
      }
      if (got === 0) return undefined;
      if (end === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    }
  };
}
