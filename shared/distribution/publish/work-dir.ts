import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../disk-full.js';

/**
 * Where a publisher keeps its pack until it is sent. One that was interrupted after packing leaves it to the next try;
 * what is of no use any more goes with the next publishing.
 */
export interface WorkDir {
  readonly path: string;
  /** Moves the files of an interrupted run that left this note here. @returns false if there is none */
  takeOver(note: string): Promise<boolean>;
  /** Removes it; but if there is a note, what it speaks of is left to the next try. */
  leave(): Promise<void>;
  remove(): Promise<void>;
}

/** What a run leaves. */
export const workFiles = {
  pack: 'pack',
  layout: 'layout',
  /** How far the pack is sent, for stores that must be told. */ upload: 'upload',
  /** What these are; written last. */ note: 'packed',
};

/** Folders are named after the process they belong to, and where its number means something. */
const nobody = '0';
const namespace = pidNamespace();
const runPattern = /^(\d+)-(\d+)-[\w-]+$/;
const keptMs = 24 * 3600 * 1000;

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** @param parent a folder that others may write to as well, like /tmp */
export async function openWorkDir(parent: string): Promise<WorkDir> {
  const own = await privateFolder(parent);
  if (own === undefined) {
    const path = await mkdtemp(join(parent, 'capstan-publish-'));
    const remove = (): Promise<void> => removeFolder(path);
    return { path, takeOver: () => Promise.resolve(false), remove, leave: remove };
  }
  const path = await folderIn(own);
  const remove = async (): Promise<void> => {
    await removeFolder(path);
    await rmdir(own).catch(() => undefined); // others work there, or have left something
  };
  return {
    path,
    async takeOver(note) {
      for (const name of await leftBehind(own)) {
        const left = join(own, name);
        if ((await noteIn(left)) !== note) continue;
        const taken = join(path, 'earlier');
        if (!(await renamed(left, taken))) continue; // another publisher was faster
        for (const file of Object.values(workFiles)) await renamed(join(taken, file), join(path, file));
        return true;
      }
      return false;
    },
    async leave() {
      if ((await noteIn(path)) !== undefined) {
        const kept = new Set(Object.values(workFiles));
        for (const name of await readdir(path)) if (!kept.has(name)) await removeFolder(join(path, name));
        const name = `${namespace}-${nobody}-${randomBytes(8).toString('hex')}`;
        if (await renamed(path, join(own, name))) return;
      }
      await remove();
    },
    remove,
  };
}

/** Another publisher may have removed the folder, empty, just now. */
async function folderIn(own: string): Promise<string> {
  const prefix = join(own, `${namespace}-${process.pid}-`);
  try {
    return await mkdtemp(prefix);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(own, { mode: 0o700, recursive: true });
    return await mkdtemp(prefix);
  }
}

const renamed = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    () => false,
  );

const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** A folder that nobody else can write to; undefined if somebody has made one of its name. */
async function privateFolder(parent: string): Promise<string | undefined> {
  const uid = process.getuid?.() ?? 0;
  const path = join(parent, `capstan-publish-${uid}`);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const stats = await lstat(path);
  return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0 ? path : undefined;
}

/** Folders of runs that have ended, after those that are of no use were removed. */
async function leftBehind(folder: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const name of await readdir(folder)) {
    const [, where, pid] = runPattern.exec(name) ?? [];
    const path = join(folder, name);
    const isForeign = where !== namespace;
    if (pid === undefined || (!isForeign && pid !== nobody && isAlive(Number(pid)))) continue;
    const isPacked = (await noteIn(path)) !== undefined;
    const age = (await ageOf(path)) ?? 0;
    if (age > keptMs || !(isPacked || isForeign)) await removeFolder(path);
    else if (!isForeign) left.push(name);
  }
  return left;
}

const ageOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );

/** Undefined, too, if it was not written any more when the publisher was killed. */
const noteIn = (folder: string): Promise<string | undefined> =>
  readFile(join(folder, workFiles.note), 'utf8').then(
    (note) => (note === '' ? undefined : note),
    () => undefined,
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}
