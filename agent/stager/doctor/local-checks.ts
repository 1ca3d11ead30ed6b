import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { formatBytes } from '../../../shared/core/bytes.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { ZstdCodec } from '../../../shared/io/zstd.js';
import { bad, type Finding, note, ok, said } from './finding.js';

export const checkNode = (): Finding => ok('node', `Node.js ${process.versions.node}, ${process.arch}`);

export async function checkPatches(load: () => Promise<ZstdCodec | undefined>): Promise<Finding> {
  const codec = await load();
  if (codec !== undefined) return ok('patches', `zstd from ${codec.name}`);
  return note(
    'patches',
    'no zstd with dictionaries: changed files are fetched in chunks, not as patches',
    'install with optional packages (npm ci without --omit=optional), or use Node.js 22.19 or newer',
  );
}

/** The directory, or the nearest one above it that there is. */
export function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || at === dirname(at)) return at;
}

/** @param setting the flag that names it */
export function checkWritable(check: string, path: string, setting: string): Finding {
  const there = nearest(path);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    withProbe(there, (probe) => {
      writeFileSync(join(probe, 'file'), 'written');
    });
    return ok(check, there === path ? `${path} can be written` : `${path} can be made in ${there}`);
  } catch (error) {
    const hint = `run the agent as a user who may write ${there}, or name another directory with ${setting}`;
    return bad(check, `${path} cannot be written: ${said(error)}`, hint);
  }
}

/**
 * How files of one release can become files of the next without being copied. What is not there yet is taken to be like
 * the directory that it will be made in.
 */
export function checkLinks(root: string): Finding {
  const there = nearest(root);
  try {
    const { links, reflinks } = withProbe(there, (probe) => {
      const file = join(probe, 'file');
      writeFileSync(file, 'some bytes');
      return {
        links: works(() => linkSync(file, `${file}-link`)),
        reflinks: works(() => copyFileSync(file, `${file}-copy`, constants.COPYFILE_FICLONE_FORCE)),
      };
    });
    const detail = `hard links ${links ? 'work' : 'do not work'}, reflinks ${reflinks ? 'work' : 'do not'} in ${there}`;
    if (links || reflinks) return ok('links', detail);
    return note('links', detail, `each release takes its full size; put ${root} on ext4, XFS or Btrfs`);
  } catch (error) {
    return note('links', `not known: ${said(error)}`, `see what is said about ${root}`);
  }
}

/** Gives a directory of its own to `step`, and removes it. */
function withProbe<T>(folder: string, step: (probe: string) => T): T {
  const probe = mkdtempSync(join(folder, '.capstan-doctor-'));
  try {
    return step(probe);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function works(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

/** A release of an ordinary application has some ten thousand files. */
const fewInodes = 50_000;

/** @param check what it is called where it is told */
export function checkSpace(root: string, reserveBytes: number, check = 'space'): Finding {
  const there = nearest(root);
  const { bavail, bsize, files, ffree } = statfsSync(there);
  const free = bavail * bsize;
  const detail = `${formatBytes(free)} and ${files === 0 ? 'any number of' : ffree} files free in ${there}`;
  if (free <= reserveBytes) {
    return bad(
      check,
      `${detail}, of which ${formatBytes(reserveBytes)} must stay free`,
      'make room, or lower --reserve-mb or --keep-releases',
    );
  }
  if (files > 0 && ffree < fewInodes) {
    return note(check, detail, 'make room: a release may have tens of thousands of files');
  }
  return ok(check, detail);
}

export function checkShim(): Finding {
  const dist = join(packageRoot(), 'dist');
  const missing = ['capstan-shim.cjs', 'capstan-stager.cjs'].filter((name) => !existsSync(join(dist, name)));
  if (missing.length === 0) return ok('programs', `the shim and the stager are in ${dist}`);
  return bad('programs', `${missing.join(' and ')} missing in ${dist}`, `run npm ci in ${packageRoot()}`);
}

/**
 * @param bootedMark there when systemd is the host's first process
 * @param uid who the agent would run as
 */
export function checkServices(bootedMark = '/run/systemd/system', uid = process.getuid?.()): Finding {
  if (!existsSync(bootedMark)) return ok('services', 'no systemd here: programs are kept by the shim');
  if (uid === 0) return ok('services', 'programs run in units of systemd, and releases may use units');
  return note(
    'services',
    'the agent is not root: programs are kept by the shim, and releases that use units cannot be run',
    'run the agent as root if releases are to use units of systemd',
  );
}
