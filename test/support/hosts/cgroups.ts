import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

/** The hierarchies that systemd makes use of; '' is version 2, the others are of version 1. */
const hierarchies = ['', 'name=systemd', 'memory', 'pids', 'cpu', 'cpuacct'];

/**
 * Where control groups called `name` belong: below this process's own in every hierarchy, where they stay within
 * whatever limits this process has. A host that is given none makes its groups at the very top, where two collide.
 */
export async function cgroupDirs(name: string): Promise<readonly string[]> {
  const [own, mounts] = await Promise.all([
    readFile('/proc/self/cgroup', 'utf8'),
    readFile('/proc/self/mounts', 'utf8'),
  ]);
  const mounted = mounts.split('\n').map((line) => line.split(' '));
  return own.split('\n').flatMap((line) => {
    const [, controllers = '', path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const names = controllers.split(',');
    if (path === undefined || !names.some((each) => hierarchies.includes(each))) return [];
    const kind = controllers === '' ? 'cgroup2' : 'cgroup';
    const mount = mounted.find(
      ([, , type, options = '']) =>
        type === kind && (controllers === '' || names.every((each) => options.split(',').includes(each))),
    );
    return mount?.[1] === undefined ? [] : [join(mount[1], path, name)];
  });
}

export async function makeCgroups(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) await mkdir(dir, { recursive: true });
}

/** Removes the groups and those below them, whose processes have been killed: the kernel needs a moment to let go of them. */
export async function removeCgroups(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    await eventually(async () => (await removeTree(dir), true), { what: `${dir} to be empty` });
  }
}

async function removeTree(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(dir, entry.name));
  await rmdir(dir).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
}
