import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listOf, parseAs, text } from '../../../shared/core/shapes.js';
import { syncDir, writeDurably } from '../../../shared/io/durable-file.js';
import { makeOwnDir } from '../../../shared/io/make-dir.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Epoch } from '../../../shared/model/ids.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import { lockDataDir } from '../data-dir-lock.js';
import { sqliteFile } from '../db/url.js';
import { unpackBackup } from './archive.js';
import { type Begun, beginEpoch } from './begin-epoch.js';
import { restoringDir } from './half-restored.js';
import { type BackupManifest, backupPaths, databaseName } from './manifest.js';

export interface RestorePlan {
  readonly file: string;
  readonly dataDir: string;
  /** Of the database. */
  readonly url: string;
  /** The epoch that begins is to be later than this one; 0: any. */
  readonly after: Epoch;
}

export interface RestoreWorld {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'hex'>;
}

export interface RestoreDone extends Begun {
  readonly manifest: BackupManifest;
}

/**
 * Puts a backup into a data directory in which there is none of what it holds, and begins another epoch. Cut short, it
 * leaves a mark by which no coordinator starts on a part of it, and by which the next one clears that away.
 * @throws CapstanError `refused` while a coordinator serves the directory, or if there are data; `corrupt` if the backup
 * is not as it was made; `notFound` if there is none
 */
export async function restoreBackup(plan: RestorePlan, world: RestoreWorld): Promise<RestoreDone> {
  const { file, dataDir } = plan;
  if (!existsSync(file)) throw new CapstanError('notFound', `There is no file ${file}.`);
  makeOwnDir(dataDir, { mode: 0o750, what: 'The data directory', setting: '--data-dir' });
  const unlock = lockDataDir(dataDir);
  const restoring = restoringDir(dataDir);
  try {
    await clearHalf(restoring);
    const targets = targetsOf(plan);
    refuseData(targets);
    await mkdir(restoring, { mode: 0o700 });
    const done = await unpackAndBegin(plan, join(restoring, 'backup'), world);
    // From here on what lies in those places is ours.
    await writeDurably(join(restoring, marksName), JSON.stringify([...targets.values()]));
    for (const { path } of done.manifest.files) {
      const to = targets.get(path);
      if (to !== undefined) await place(join(restoring, 'backup', path), to, dataDir);
    }
    await giveBack(dataDir, ['coordinator.lock', 'coordinator.pid']);
    await rm(restoring, { recursive: true });
    await syncDir(dataDir);
    return done;
  } catch (thrown) {
    await clearHalf(restoring);
    throw thrown;
  } finally {
    unlock();
  }
}

const marksName = 'targets.json';

type Targets = ReadonlyMap<string, string>;

const targetsOf = ({ dataDir, url }: RestorePlan): Targets =>
  new Map(
    backupPaths.map((path) => [
      path,
      (path === databaseName ? sqliteFile(url) : undefined) ?? join(dataDir, path),
    ]),
  );

function refuseData(targets: Targets): void {
  const found = [...targets.values()].filter((path) => existsSync(path));
  if (found.length === 0) return;
  throw new CapstanError('refused', `There are data already: ${found.join(', ')}.`, {
    hint: 'A restore replaces nothing. Move them away, all together, and keep them until the restored coordinator does its work; the folder of the store may stay.',
  });
}

/** What a restore that was cut short has put in place, and what it had unpacked. */
async function clearHalf(restoring: string): Promise<void> {
  const json = await readFile(join(restoring, marksName), 'utf8').catch(() => '');
  for (const path of parseAs(listOf(text), json) ?? []) {
    for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
  }
  await rm(restoring, { recursive: true, force: true });
}

async function unpackAndBegin(
  { file, url, after }: RestorePlan,
  folder: string,
  { clock, random }: RestoreWorld,
): Promise<RestoreDone> {
  await mkdir(folder, { mode: 0o700 });
  const manifest = await unpackBackup(file, folder);
  const isSqlite = sqliteFile(url) !== undefined;
  if (isSqlite !== (manifest.database === 'sqlite')) {
    throw new CapstanError(
      'refused',
      `The backup is of a coordinator with ${manifest.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, and --database names another one.`,
      {
        hint: 'Restore it with the --database that it was taken with; `settings` in its manifest.json has it.',
      },
    );
  }
  const restored = { takenAt: manifest.takenAt, restoredAt: clock.now() };
  const restoreId = random.hex(16);
  const database = isSqlite ? `sqlite:${join(folder, databaseName)}` : url;
  return { manifest, ...(await beginEpoch(database, { restored, restoreId, after, mayBeEmpty: isSqlite })) };
}

/** Into its place, whole or not at all; in the hands of who owns the data directory. */
async function place(from: string, to: string, dataDir: string): Promise<void> {
  const folder = dirname(to);
  const isNew = !existsSync(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(from, to.endsWith('.crt') ? 0o644 : 0o600);
  const staged = `${to}.restored`;
  await rename(from, staged).catch(async (cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EXDEV')) throw cause;
    await copyFile(from, staged);
    await sync(staged);
  });
  await rename(staged, to);
  await syncDir(folder);
  const { uid, gid } = await stat(dataDir);
  if (process.getuid?.() !== 0) return;
  await chown(to, uid, gid);
  if (isNew) await chown(folder, uid, gid);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What root has made on the way is to be the coordinator's. */
async function giveBack(dataDir: string, names: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dataDir);
  for (const name of names) await chown(join(dataDir, name), uid, gid).catch(() => undefined);
}
