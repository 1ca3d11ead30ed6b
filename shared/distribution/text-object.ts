import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { sha256 } from '../release/digest.js';
import { type ContentKey, objectPath } from './object-key.js';
import type { GetOptions, StoreReader } from './store.js';

/** The most that `size` bytes of text may take once compressed: gzip adds a little to what it cannot shrink. */
export const maxCompressed = (size: number): number => size + Math.ceil(size / 1000) + 1024;

/** What a store has for a manifest or layout, and what is in it. */
export interface TextObject {
  readonly text: Buffer;
  readonly compressed: Buffer;
}

/**
 * Fetches a manifest or layout. Nothing larger than `size` is ever held, and what is returned has the right digest.
 * @param size of the canonical text, in bytes, as the registration says
 * @throws CapstanError as `StoreReader`; `corrupt` names the store
 */
export async function getText(
  store: StoreReader,
  key: ContentKey,
  size: number,
  options: GetOptions = {},
): Promise<TextObject> {
  const compressed = await store.get(key, maxCompressed(size), options);
  return { text: await expand(compressed, key, size, store.url), compressed };
}

/** Unpacks and checks what was stored as `key`. */
export async function expand(
  compressed: Buffer,
  key: ContentKey,
  size: number,
  from: string,
): Promise<Buffer> {
  const corrupt = (problem: string, cause?: unknown): CapstanError =>
    new CapstanError('corrupt', `${objectPath(key)} from ${from} ${problem}`, { cause });
  let text: Buffer;
  try {
    text = await promisify(gunzip)(compressed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw corrupt('cannot be unpacked to the size it should have', cause);
  }
  // gzip ends with the size of what it holds; a reader takes no notice of what comes after that.
  if (compressed.readUInt32LE(compressed.length - 4) !== size) throw corrupt('goes on after its end');
  if (text.length !== size) throw corrupt(`has ${text.length} bytes instead of ${size}`);
  if (sha256(text) !== key.hex) throw corrupt('does not have the digest it is named by');
  return text;
}
