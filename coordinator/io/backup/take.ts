import { copyFile, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { packageVersion } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { lockDataDir } from '../data-dir-lock.js';
import { sqliteFile } from '../db/url.js';
import { clearScratch, makeScratch, packBackup, taken } from './archive.js';
import { refuseHalfRestored } from './half-restored.js';
import {
  type BackupFile,
  type BackupManifest,
  backupFormat,
  backupPaths,
  databaseName,
  digestOfFile,
} from './manifest.js';

export interface BackupPlan {
  readonly dataDir: string;
  /** Of the database. */
  readonly url: string;
  /** The operators' port of the coordinator that serves the data, if one does. */
  readonly address: string;
  readonly insecureLoopback: boolean;
  /** The file it is to be; or a folder that is there, which it is put into under a name made of the time. */
  readonly to: string;
  readonly force: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Backup {
  readonly file: string;
  /** Of the whole file. */
  readonly size: number;
  readonly sha256: string;
  readonly manifest: BackupManifest;
}

/** No database is so large that its copy takes longer. */
const copyLimitMs = 30 * 60_000;

/**
 * Takes a backup, of a coordinator that runs or of one that does not. The file is there whole or not at all.
 * @throws CapstanError `notFound` if there is nothing to back up, `conflict` if the file is there already, `unreachable`
 * if the coordinator that holds the data does not answer
 */
export async function takeBackup(plan: BackupPlan, clock: Pick<Clock, 'now'>): Promise<Backup> {
  const takenAt = clock.now();
  const file = await fileFor(plan, takenAt);
  const scratch = await makeScratch(file).catch((cause: unknown) => {
    throw new CapstanError('failed', `Nothing can be written beside ${file}: ${String(cause)}.`, { cause });
  });
  try {
    const facts = await copyDatabase(plan, join(scratch, databaseName));
    const files: BackupFile[] = [];
    for (const path of backupPaths) {
      const copy = join(scratch, path);
      if (path !== databaseName) await copyIfThere(join(plan.dataDir, path), copy);
      if (await isThere(copy)) files.push({ path, ...(await digestOfFile(copy)) });
    }
    const head = { format: backupFormat, version: packageVersion(), takenAt, ...facts };
    const manifest: BackupManifest = { ...head, files, settings: plan.settings };
    await packBackup(scratch, manifest, { file, force: plan.force });
    return { file, ...(await digestOfFile(file)), manifest };
  } finally {
    await clearScratch(scratch);
  }
}

async function fileFor({ to, force }: Pick<BackupPlan, 'to' | 'force'>, takenAt: number): Promise<string> {
  const path = resolve(to);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) {
    const time = new Date(takenAt)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '');
    return join(path, `capstan-${time}.tar.gz`);
  }
  if (to.endsWith('/')) throw noFolder(path);
  if (stats !== undefined && !force) throw taken(path);
  if (!(await isThere(dirname(path)))) throw noFolder(dirname(path));
  // A folder that was forgotten, or not mounted, is not to become a file of its name.
  if (stats === undefined && !/\.(?:tar\.gz|tgz)$/.test(path)) {
    throw new CapstanError('invalid', `There is no folder ${path}, and no backup is called so.`, {
      hint: `Make the folder, as the user that takes the backups; or end the name of a file in .tar.gz: ${path}.tar.gz.`,
    });
  }
  return path;
}

const noFolder = (path: string): CapstanError =>
  new CapstanError('notFound', `There is no folder ${path}.`, {
    hint: 'Make it, as the user that takes the backups; or name another with --to.',
  });

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function copyIfThere(from: string, to: string): Promise<void> {
  if (!(await isThere(from))) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to).catch((cause: unknown) => {
    throw new CapstanError('failed', `${from} cannot be read: ${String(cause)}.`, {
      hint: 'Take backups as the user that the coordinator runs as, or as root.',
      cause,
    });
  });
}

type Facts = Pick<BackupManifest, 'database' | 'schema' | 'epoch' | 'lastEvent'>;

async function copyDatabase(plan: BackupPlan, to: string): Promise<Facts> {
  const file = sqliteFile(plan.url);
  if (file === undefined)
    return { database: 'postgres', schema: 0, epoch: 0, lastEvent: { position: 0, hash: '' } };
  if (!(await isThere(file)))
    throw new CapstanError('notFound', `There is no database ${file}.`, {
      hint: 'Give the settings that the coordinator runs with: --config FILE, or --data-dir.',
    });
  const unlock = lockUnlessServed(plan.dataDir);
  if (unlock === undefined) await copyServed(plan, to);
  else {
    try {
      refuseHalfRestored(plan.dataDir);
      await copyResting(file, to);
    } finally {
      unlock();
    }
  }
  return factsOf(to);
}

/** Undefined while a coordinator serves the data. */
function lockUnlessServed(dataDir: string): (() => void) | undefined {
  try {
    return lockDataDir(dataDir);
  } catch (thrown) {
    if (thrown instanceof CapstanError && thrown.code === 'refused') return undefined;
    throw thrown;
  }
}

async function copyResting(file: string, to: string): Promise<void> {
  const database = new SqliteDatabase(file, { fileMustExist: true });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
}

/** Only the coordinator itself can read the database that it serves: it is asked for a copy. */
async function copyServed({ dataDir, address, insecureLoopback }: BackupPlan, to: string): Promise<void> {
  const trust = insecureLoopback ? undefined : await ownTrust(dataDir);
  const client = connectOperator({ address, actor: 'backup', trust });
  const out = await open(to, 'wx', 0o600);
  try {
    for await (const { bytes } of client.stream('CopyDatabase', {}, { deadlineMs: copyLimitMs })) {
      await out.write(Buffer.from(bytes));
    }
    await out.sync();
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    if (error.code !== 'unreachable') throw error;
    const hint = `A coordinator serves ${dataDir}: give the settings that it runs with, --config FILE or --operator-listen.`;
    throw new CapstanError('unreachable', error.message, { hint, cause: error });
  } finally {
    await out.close();
    client.close();
  }
}

async function ownTrust(dataDir: string): Promise<{ readonly ca: string; readonly token: string }> {
  try {
    const ca = await readFile(join(dataDir, 'ca', 'ca.crt'), 'utf8');
    return { ca, token: (await readFile(join(dataDir, 'admin.token'), 'utf8')).trim() };
  } catch (cause) {
    const message = `What it takes to ask the coordinator that serves ${dataDir} cannot be read: ${String(cause)}.`;
    const hint =
      'Take backups as the user that the coordinator runs as, or as root; and with its settings (--config), if it runs with --insecure-loopback for instance.';
    throw new CapstanError('failed', message, { hint, cause });
  }
}

/**
 * What a copy says of itself.
 * @throws CapstanError `corrupt` if it is not sound
 */
function factsOf(file: string): Facts {
  const database = new SqliteDatabase(file, { readonly: true });
  try {
    const found = database.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new CapstanError('corrupt', `The database is not sound: ${String(found)}.`);
    const value = (name: string): string | undefined =>
      database.prepare<[string], string>('select value from meta where name = ?').pluck().get(name);
    const last = database
      .prepare<[], BackupManifest['lastEvent']>(
        'select position, hash from events order by position desc limit 1',
      )
      .get();
    const counters = JSON.parse(value('counters') ?? '{}') as { readonly epoch?: number };
    return {
      ...{ database: 'sqlite', schema: Number(value('schema') ?? 0), epoch: counters.epoch ?? 0 },
      lastEvent: last ?? { position: 0, hash: '' },
    };
  } finally {
    database.close();
  }
}
