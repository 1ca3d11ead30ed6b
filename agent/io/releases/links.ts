import { chmod, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseSpec } from '../../../shared/model/release-spec.js';

/** What a link in an application's home points at, as a directory name below `releases/`; undefined if there is none. */
export async function readLink(path: string): Promise<string | undefined> {
  try {
    return basename(await readlink(path));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Replaces the link in one step: a reader finds the old one or the new one, never none. */
export async function replaceLink(path: string, target: string | undefined): Promise<void> {
  if ((await readLink(path)) === target) return;
  if (target === undefined) {
    await rm(path, { force: true });
    return;
  }
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await symlink(join('releases', target), temporary);
  await rename(temporary, path);
}

/**
 * Links the shared directories and files into a release that was just unpacked. What the release itself carries at
 * such a place gives way, as Capistrano's users know it. Can be repeated.
 */
export async function linkShared(release: string, shared: string, spec: LinkingSpec): Promise<void> {
  for (const path of [...spec.shared.dirs, ...spec.shared.files])
    await link(release, path, sharedTarget(release, shared, path, spec));
}

/** The places in a release that do not lead to what is shared though they should, a sentence each. */
export async function findUnlinked(
  release: string,
  shared: string,
  spec: LinkingSpec,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of [...spec.shared.dirs, ...spec.shared.files]) {
    if ((await linkTarget(join(release, path))) === sharedTarget(release, shared, path, spec)) continue;
    found.push(`"${path}" is not the link to what is shared`);
  }
  return found;
}

type LinkingSpec = Pick<ReleaseSpec, 'shared' | 'swap'>;

/** Where the release's directory is moved about, only an absolute link leads to the same from everywhere. */
const sharedTarget = (release: string, shared: string, path: string, { swap }: LinkingSpec): string =>
  swap === 'exchange' ? join(shared, path) : relative(dirname(join(release, path)), join(shared, path));

async function link(release: string, path: string, target: string): Promise<void> {
  const place = join(release, path);
  await insideWritable(release, dirname(path), async () => {
    if ((await linkTarget(place)) === target) return;
    await rm(place, { recursive: true, force: true });
    await symlink(target, place);
  });
}

/**
 * Makes a folder of a release if it is not there. Where one on the way is read-only, it is opened for the owner and closed
 * again. A link on the way is not followed: it could lead to what the application's own user may change, and from there
 * to any place of the host.
 * @throws CapstanError `invalid` if something else than a directory is on the way
 */
export async function insideWritable(
  release: string,
  folder: string,
  work: () => Promise<void>,
): Promise<void> {
  const parts = folder === '.' ? [] : folder.split('/');
  const opened: { readonly path: string; readonly mode: number }[] = [];
  try {
    for (let depth = 0; depth <= parts.length; depth++) {
      const path = join(release, ...parts.slice(0, depth));
      if (await makeDirectory(path)) await chmod(path, 0o755);
      const stats = await lstat(path);
      if (!stats.isDirectory()) throw notDirectory(parts.slice(0, depth).join('/'), folder);
      const { mode } = stats;
      if ((mode & 0o200) !== 0) continue;
      await chmod(path, mode | 0o200);
      opened.push({ path, mode });
    }
    await work();
  } finally {
    for (const { path, mode } of opened.reverse()) await chmod(path, mode);
  }
}

/** @returns whether it is a new one */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const notDirectory = (path: string, folder: string): CapstanError =>
  new CapstanError(
    'invalid',
    `"${path}" is not a directory of the release, so nothing can be put into "${folder}"`,
    {
      hint: 'share or render a place that is not reached through a link',
    },
  );

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (['ENOENT', 'EINVAL', 'ENOTDIR'].some((code) => isCode(error, code))) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
