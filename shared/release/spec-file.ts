import { isUtf8 } from 'node:buffer';
import { CapstanError } from '../model/errors.js';
import type { FileEntry, Manifest } from './manifest.js';

/** Where a release says how it is run. */
export const specPath = 'capstan.yml';

/** No honest one comes near; a YAML parser is not to be fed more. */
export const maxSpecBytes = 256 * 1024;

/**
 * The entry of the release's `capstan.yml`; undefined for a static release.
 * @throws CapstanError `invalid` if it is not a file of reasonable size
 */
export function findSpec(manifest: Manifest): FileEntry | undefined {
  const entry = manifest.entries.find(({ path }) => path === specPath);
  if (entry === undefined) return undefined;
  if (entry.kind !== 'file')
    throw new CapstanError('invalid', `${specPath} must be a file, not a ${entry.kind}`);
  if (entry.size > maxSpecBytes) {
    throw new CapstanError('invalid', `${specPath} is larger than ${maxSpecBytes} bytes`);
  }
  return entry;
}

/** @throws CapstanError `invalid` if the bytes are not text */
export function specText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new CapstanError('invalid', `${specPath} is not valid UTF-8`);
  return bytes.toString();
}
