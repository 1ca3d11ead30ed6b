import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { unusableDir } from '../../shared/io/make-dir.js';
import { CapstanError } from '../../shared/model/errors.js';

/**
 * One coordinator per data directory. The lock is the kernel's (taken through SQLite, which knows how on every file
 * system it supports), so a crash or a reboot always frees it (balena#1758); the file beside it only names the holder.
 * @returns what releases it
 * @throws CapstanError `refused` if another coordinator holds it, `failed` if it cannot be taken at all
 */
export function lockDataDir(dataDir: string): () => void {
  const holder = join(dataDir, 'coordinator.pid');
  let lock: SqliteDatabase.Database | undefined;
  try {
    lock = new SqliteDatabase(join(dataDir, 'coordinator.lock'), { timeout: 0 });
    lock.exec('begin exclusive');
    writeFileSync(holder, `${process.pid}\n`);
  } catch (cause) {
    lock?.close();
    throw lockFailure(dataDir, holder, cause);
  }
  const held = lock;
  return () => {
    held.close();
  };
}

function lockFailure(dataDir: string, holder: string, cause: unknown): CapstanError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_BUSY') {
    const message = `The data directory ${dataDir} is held by another coordinator${nameOf(holder)}.`;
    return new CapstanError('refused', message, { hint: 'Run one coordinator per --data-dir.', cause });
  }
  return unusableDir(dataDir, 'used', { what: 'The data directory', setting: '--data-dir' }, cause);
}

function nameOf(holder: string): string {
  try {
    return ` (pid ${readFileSync(holder, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
