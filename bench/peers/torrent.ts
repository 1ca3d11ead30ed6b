import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Bencoded = string | number | Buffer | readonly Bencoded[] | { readonly [key: string]: Bencoded };

/** Bytes. */
const pieceLength = 256 * 1024;

/**
 * Describes the files of a flat folder for BitTorrent (BEP 3).
 * @returns the hash that stands for it, in hex
 */
export async function writeTorrent(
  file: string,
  folder: string,
  name: string,
  announce: string,
): Promise<string> {
  const names = (await readdir(folder)).toSorted();
  const contents = await Promise.all(names.map((each) => readFile(join(folder, each))));
  const all = Buffer.concat(contents);
  const pieces: Buffer[] = [];
  for (let at = 0; at < all.length; at += pieceLength) {
    pieces.push(
      createHash('sha1')
        .update(all.subarray(at, at + pieceLength))
        .digest(),
    );
  }
  const files = names.map((each, index) => ({ length: contents[index]?.length ?? 0, path: [each] }));
  const info = { files, name, 'piece length': pieceLength, pieces: Buffer.concat(pieces) };
  await writeFile(file, bencode({ announce, info }));
  return createHash('sha1').update(bencode(info)).digest('hex');
}

function bencode(value: Bencoded): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`);
  if (typeof value === 'string') return bencode(Buffer.from(value));
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  if (isList(value)) return Buffer.concat([Buffer.from('l'), ...value.map(bencode), Buffer.from('e')]);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    Buffer.from('d'),
    ...entries.flatMap((entry) => entry.map(bencode)),
    Buffer.from('e'),
  ]);
}

const isList = (value: Bencoded): value is readonly Bencoded[] => Array.isArray(value);
