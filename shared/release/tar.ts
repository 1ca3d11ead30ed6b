import { Header, type HeaderData, Pax } from 'tar';
import type { Entry } from './manifest.js';

const blockBytes = 512;

/** One fixed time for all: 1980, since some tools complain about 1970. */
const mtime = new Date(Date.UTC(1980, 0, 1));

/** What ends a tar file. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** What follows the bytes of a file, up to the next block. */
export const tarPadding = (size: number): Buffer =>
  Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);

/** The header of an entry, with an extended one before it where the plain one cannot hold a name or a size. */
export function tarHeader(entry: Entry): Buffer {
  const data = dataOf(entry);
  const header = new Header(data);
  const block = Buffer.alloc(blockBytes);
  if (!header.encode(block, 0)) return block;
  const { path = '', linkpath, size } = data;
  const extended = new Pax({
    path,
    mtime,
    ...(linkpath === undefined ? {} : { linkpath }),
    ...(size === undefined || size < 8 ** 11 ? {} : { size }),
  });
  return Buffer.concat([extended.encode(), block]);
}

function dataOf(entry: Entry): HeaderData {
  const common = { mtime, uid: 0, gid: 0, uname: '', gname: '' };
  switch (entry.kind) {
    case 'dir':
      return { ...common, path: `${entry.path}/`, type: 'Directory', mode: 0o755, size: 0 };
    case 'link':
      return {
        ...common,
        path: entry.path,
        type: 'SymbolicLink',
        mode: 0o777,
        size: 0,
        linkpath: entry.target,
      };
    case 'file':
      return {
        ...common,
        path: entry.path,
        type: 'File',
        mode: entry.executable ? 0o755 : 0o644,
        size: entry.size,
      };
  }
}
