import { lstat, mkdtemp, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CapstanError } from '../../model/errors.js';
import type { ReleaseSpec } from '../../model/release-spec.js';
import { unpackArchive } from '../../release/archive.js';
import type { Entry } from '../../release/manifest.js';
import { findSpec, maxSpecBytes, specPath, specText } from '../../release/spec-file.js';
import type { TreeSnapshot } from '../../release/tree.js';

interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of an archive that are unpacked, of `total`. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * The directory to publish: the source itself, or what is in the archive.
 * @throws CapstanError `invalid` if it is neither
 */
export async function sourceTree(
  source: string,
  workDir: string,
  { signal, onProgress }: SourceOptions,
): Promise<string> {
  const path = resolve(source);
  let stats: Awaited<ReturnType<typeof stat>>;
  try {
    stats = await stat(path);
  } catch (cause) {
    throw new CapstanError('invalid', `${source} is not there`, {
      cause,
      hint: 'give a directory or a tar file',
    });
  }
  if (stats.isDirectory()) return path;
  if (!stats.isFile()) {
    throw new CapstanError('invalid', `${source} is neither a directory nor a file`, {
      hint: 'give a directory or a tar file',
    });
  }
  const directory = await mkdtemp(join(workDir, 'tree-'));
  await unpackArchive(path, directory, { signal, onProgress: (done) => onProgress(done, stats.size) });
  return directory;
}

/**
 * Checks the text of `capstan.yml`, and whether it goes with the tree once that is known: throws what is wrong, and says
 * what of it publishing has to know.
 */
export type CheckSpec = (
  text: string,
  fileName: string,
  entryAt?: (path: string) => Entry | undefined,
) => Pick<ReleaseSpec, 'assets' | 'database'> | undefined;

/**
 * Tells a slip in `capstan.yml` before a large tree is read. What is odd about the file itself is told when it is.
 * @throws what `checkSpec` throws
 */
export async function checkSpecFirst(root: string, checkSpec: CheckSpec): Promise<void> {
  const path = join(root, specPath);
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size > maxSpecBytes) return;
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined) checkSpec(specText(bytes), specPath);
}

/**
 * @returns what `checkSpec` says; undefined for a static release
 * @throws CapstanError `invalid` for a tree without files, or what `checkSpec` throws
 */
export async function checkTree(
  { root, manifest }: TreeSnapshot,
  source: string,
  checkSpec: CheckSpec,
): Promise<ReturnType<CheckSpec>> {
  if (manifest.fileCount === 0) throw new CapstanError('invalid', `there are no files in ${source}`);
  if (findSpec(manifest) === undefined) return undefined;
  const entryAt = (path: string): Entry | undefined => manifest.entries.find((entry) => entry.path === path);
  return checkSpec(specText(await readFile(join(root, specPath))), specPath, entryAt);
}
