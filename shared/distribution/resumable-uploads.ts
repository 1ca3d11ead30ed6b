import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CapstanError } from '../model/errors.js';
import { storeChecked } from './checked-file.js';
import { unfinishedDir } from './directory-store.js';
import { hasCode } from './disk-full.js';
import { type ObjectKey, objectPath } from './object-key.js';
import type { ObjectSource, Store } from './store.js';

/** Uploads into a directory store that go on where they broke off. */
export interface ResumableUploads {
  /** Bytes that are there of an object whose upload broke off, if it can go on; else 0. */
  had(key: ObjectKey): Promise<number>;
  /**
   * Puts an object there. What came of it is kept if the source fails, and only then.
   * @param source of the bytes from `from` on; `size` is that of the whole
   * @param from what `had` said, or 0
   * @throws CapstanError as the store; `conflict` if there are not as many bytes any more
   */
  put(key: ObjectKey, source: ObjectSource, from: number): Promise<void>;
}

const suffix = '.part';
const keptMs = 24 * 3_600_000;
const mostKept = 32;

/**
 * Only of packs: they are what is large, and their digest tells in the end whether both halves belong together.
 * @param root of a store that only this process takes uploads for
 */
export function resumableUploads(root: string, store: Store): ResumableUploads {
  const folder = join(root, unfinishedDir);
  const active = new Set<string>();

  const partOf = (key: ObjectKey): string | undefined =>
    key.kind === 'packs' && !active.has(key.hex) ? join(folder, `${key.hex}${suffix}`) : undefined;

  return {
    async had(key) {
      const part = partOf(key);
      return part === undefined ? 0 : ((await statOf(part))?.size ?? 0);
    },

    async put(key, source, from) {
      const temporary = partOf(key);
      const there = temporary === undefined ? 0 : ((await statOf(temporary))?.size ?? 0);
      if (from !== 0 && from !== there) {
        throw new CapstanError('conflict', `there are ${there} bytes of ${objectPath(key)}, not ${from}`);
      }
      // Whoever comes while another sends the same does not get in its way.
      if (temporary === undefined || key.kind !== 'packs' || active.has(key.hex)) {
        await store.put(key, source);
        return;
      }
      active.add(key.hex);
      const seen = { breakOff: false };
      const watched = async function* (): AsyncGenerator<Buffer> {
        let at = from;
        try {
          for await (const chunk of source.open()) {
            at += chunk.length;
            yield chunk;
          }
        } catch (error) {
          if (at === source.size) return; // all of it came before whoever sent it was gone
          seen.breakOff = true;
          throw error;
        }
      };
      try {
        if (from === 0) await rm(temporary, { force: true });
        await storeChecked({ root, temporary, key }, watched(), source.size, { from });
      } catch (error) {
        if (seen.breakOff) await removeOld(folder);
        else await rm(temporary, { force: true });
        throw error;
      } finally {
        active.delete(key.hex);
      }
    },
  };
}

/** So that what nobody goes on with does not stay. */
async function removeOld(folder: string): Promise<void> {
  const parts: { readonly path: string; readonly changedAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = name.endsWith(suffix) ? await statOf(path) : undefined;
    if (stats !== undefined) parts.push({ path, changedAt: stats.mtimeMs });
  }
  parts.sort((a, b) => b.changedAt - a.changedAt);
  for (const [index, { path, changedAt }] of parts.entries()) {
    if (index >= mostKept || changedAt < Date.now() - keptMs) await rm(path, { force: true });
  }
}

async function statOf(
  path: string,
): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw CapstanError.from(error, 'failed');
  }
}
