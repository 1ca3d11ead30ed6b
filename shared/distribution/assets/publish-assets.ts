import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CapstanError } from '../../model/errors.js';
import type { AssetFolder } from '../../model/release.js';
import { type AssetTree, assetTrees } from '../../release/asset-folders.js';
import { hexOf } from '../../release/digest.js';
import type { FileEntry } from '../../release/manifest.js';
import { quoted } from '../../release/path-rules.js';
import type { TreeSnapshot } from '../../release/tree.js';
import { inParallel } from '../in-parallel.js';
import type { AssetKey, ContentKey } from '../object-key.js';
import { withRetry } from '../retry.js';
import { bufferSource, type CallOptions, type ObjectSource, type Store } from '../store.js';

interface AssetsRequest {
  readonly store: Store;
  readonly tree: TreeSnapshot;
  /** What `assets:` names. */
  readonly dirs: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of each wait for a store that does not answer. */
  readonly onWait?: ((error: CapstanError, waitMs: number) => void) | undefined;
}

/** How often a store that does not answer is tried before publishing fails: about a minute. */
const attempts = 10;
/** Files on their way at once; an HTTP store opens four connections. */
const inFlight = 4;

/** What a publisher claims before it looks what is there. */
export const folderKey = ({ digest }: AssetFolder): ContentKey => ({
  kind: 'folders',
  hex: hexOf(digest),
});

export const assetKey = ({ digest }: AssetFolder, { path }: FileEntry): AssetKey => ({
  kind: 'assets',
  folder: hexOf(digest),
  path,
});

/**
 * Sends the folders that a release names under `assets:` to the public store: their files, and last of all a list of them,
 * so that a folder that is listed is complete. One that is there already costs one request.
 * @throws CapstanError `invalid` for a folder that cannot be published, `conflict` for a file that has changed, or as the
 *   store fails
 */
export async function publishAssets(request: AssetsRequest): Promise<readonly AssetFolder[]> {
  const { store, tree, dirs, signal } = request;
  const options = signal === undefined ? {} : { signal };
  const folders = assetTrees(tree.manifest, dirs);
  const lacking: AssetTree[] = [];
  for (const folder of folders)
    if (!(await retried(request, () => store.has(folderKey(folder), options)))) lacking.push(folder);
  const total = lacking.flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const note = (size: number): void => {
    done += size;
    request.onProgress?.(done, total);
  };
  for (const folder of lacking) {
    await sendFiles(request, folder, note, options);
    const list = bufferSource(await promisify(gzip)(folder.manifest));
    await retried(request, () => store.put(folderKey(folder), list, options));
  }
  return folders.map(({ dir, digest }) => ({ dir, digest }));
}

async function sendFiles(
  request: AssetsRequest,
  folder: AssetTree,
  note: (size: number) => void,
  options: CallOptions,
): Promise<void> {
  const { store, tree } = request;
  await inParallel(folder.files, inFlight, async (file) => {
    const key = assetKey(folder, file);
    const source = checkedFile(join(tree.root, folder.dir, file.path), file);
    await retried(request, async () => {
      if (!(await store.has(key, options))) await store.put(key, source, options);
    });
    note(file.size);
  }).catch((error: unknown) => {
    throw CapstanError.from(error, 'failed');
  });
}

/** The bytes that the manifest promises, or none that counts: the last piece is held back until all were checked. */
function checkedFile(path: string, { size, sha256 }: FileEntry): ObjectSource {
  return {
    size,
    async *open() {
      const hash = createHash('sha256');
      let last: Buffer | undefined;
      for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
        const bytes = chunk as Buffer;
        hash.update(bytes);
        if (last !== undefined) yield last;
        last = bytes;
      }
      if (hash.digest('hex') !== sha256) {
        throw new CapstanError('conflict', `${quoted(path)} has changed while it was published`, {
          hint: 'publish again when nothing writes to the folder',
        });
      }
      if (last !== undefined) yield last;
    },
  };
}

const retried = <T>({ signal, onWait }: AssetsRequest, run: () => Promise<T>): Promise<T> =>
  withRetry(run, { attempts, signal, ...(onWait === undefined ? {} : { onWait }) });
