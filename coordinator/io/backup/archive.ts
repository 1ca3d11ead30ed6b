import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { syncDir } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { unpackArchive } from '../../../shared/release/archive.js';
import { type BackupManifest, digestOfFile, manifestName, readManifest } from './manifest.js';

/** @throws CapstanError `conflict` */
export const taken = (file: string): CapstanError =>
  new CapstanError('conflict', `There is a file ${file} already.`, {
    hint: 'Choose another name, or say --force to have it replaced.',
  });

/** Beside the file that it will be, for its user alone: it holds the key that all nodes trust. */
export async function makeScratch(file: string): Promise<string> {
  const scratch = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(scratch, { mode: 0o700 });
  return scratch;
}

/**
 * Packs what lies in a folder into one file, which is there whole or not at all, also after a power failure.
 * @param scratch a folder of `makeScratch`
 * @throws CapstanError `conflict` if the file is there and may not be replaced
 */
export async function packBackup(
  scratch: string,
  manifest: BackupManifest,
  { file, force }: { readonly file: string; readonly force: boolean },
): Promise<void> {
  await writeFile(join(scratch, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  const packed = join(scratch, 'backup.tar.gz');
  const names = [manifestName, ...manifest.files.map(({ path }) => path)];
  await create({ file: packed, cwd: scratch, gzip: true, portable: true, mode: 0o600 }, names);
  const handle = await open(packed, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (force) await rename(packed, file);
  else {
    await link(packed, file).catch((cause: unknown) => {
      const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      throw isThere ? taken(file) : cause;
    });
  }
  await syncDir(dirname(file));
}

/**
 * Unpacks a backup into an empty folder, and holds every file against what its manifest says.
 * @throws CapstanError `corrupt` if it is not as it was made, `refused` if it is of another format
 */
export async function unpackBackup(file: string, folder: string): Promise<BackupManifest> {
  try {
    await unpackArchive(file, folder);
  } catch (thrown) {
    const { code, message } = CapstanError.from(thrown);
    if (code !== 'invalid') throw thrown;
    throw new CapstanError('corrupt', message, { cause: thrown });
  }
  const json = await readFile(join(folder, manifestName), 'utf8').catch(() => '');
  const manifest = readManifest(json, file);
  const expected = new Set([manifestName, ...manifest.files.map(({ path }) => path as string)]);
  for (const path of await filesIn(folder)) {
    if (!expected.has(path)) throw damaged(file, `${path} does not belong to it`);
  }
  for (const { path, size, sha256 } of manifest.files) {
    const found = await digestOfFile(join(folder, path)).catch(() => undefined);
    if (found === undefined) throw damaged(file, `${path} is missing`);
    if (found.size !== size || found.sha256 !== sha256)
      throw damaged(file, `${path} is not what was backed up`);
  }
  return manifest;
}

/** @throws CapstanError `corrupt` for anything but files */
async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const files: string[] = [];
  for (const name of names) {
    const stats = await lstat(join(folder, name));
    if (stats.isDirectory()) continue;
    if (!stats.isFile()) throw damaged(folder, `${name} is no file`);
    files.push(name);
  }
  return files;
}

const damaged = (file: string, what: string): CapstanError =>
  new CapstanError('corrupt', `${file} is damaged: ${what}.`, {
    hint: 'Take another backup; nothing was changed.',
  });

/** Whatever happens, nothing stays of it. */
export const clearScratch = (scratch: string): Promise<void> => rm(scratch, { recursive: true, force: true });
