import { constants } from 'node:fs';
import { lstat, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseSpec } from '../../../shared/model/release-spec.js';
import type { HostUser } from '../../core/users.js';

/**
 * Makes the shared directories of a release that are not there, and those its shared files are to lie in, for their
 * owner. What is there stays as it is, whoever it belongs to. Can be repeated.
 * @throws CapstanError `refused` if somebody else's link lies on the way, for it could lead anywhere
 */
export async function makeShared(
  shared: string,
  { dirs, files }: ReleaseSpec['shared'],
  owner: HostUser | undefined,
): Promise<void> {
  if (dirs.length + files.length > 0) await mkdir(shared, { recursive: true });
  const folders = [...dirs, ...files.map((file) => dirname(file)).filter((folder) => folder !== '.')];
  for (const folder of folders) {
    const parts = folder.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      await makeOne(join(shared, ...parts.slice(0, depth)), owner);
    }
  }
}

/**
 * Nobody but the operator can make a shared file: without it, the release's link would lead nowhere.
 * @throws CapstanError `notFound` that says which one is not there, and where it belongs
 */
export async function requireSharedFiles(shared: string, { files }: ReleaseSpec['shared']): Promise<void> {
  for (const file of files) {
    const path = join(shared, file);
    if (await isThere(path)) continue;
    throw new CapstanError(
      'notFound',
      `the release shares the file ${file}, and there is no ${path}: put it there`,
    );
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  );

async function makeOne(path: string, owner: HostUser | undefined): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const stats = await lstat(path);
    if (stats.isSymbolicLink() && stats.uid !== process.getuid?.())
      throw new CapstanError('refused', `${path} is a link that belongs to somebody else than the agent`);
    return;
  }
  if (owner === undefined) return;
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await folder.chown(owner.uid, owner.gid);
  } finally {
    await folder.close();
  }
}
