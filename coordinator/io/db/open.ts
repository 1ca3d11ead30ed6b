import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import pg from 'pg';
import { CapstanError } from '../../../shared/model/errors.js';
import type { StateStore } from '../../ports/state-store.js';
import { migrate } from './migrations.js';
import type { Database } from './schema.js';
import { createStateStore } from './state-store.js';
import { sqliteFile } from './url.js';
import type { Dialect } from './write.js';

/** A number nobody else is likely to lock: "capstan" on a telephone's keys. */
const coordinatorLock = 2_277_826;
const connectTimeoutMs = 10_000;

export interface OpenStore extends StateStore {
  /**
   * Writes a copy of the database into a new file, as it is at one instant, without keeping anybody waiting meanwhile.
   * @throws CapstanError `refused` if it is not SQLite, `failed` if it cannot be written
   */
  copyTo(file: string): Promise<void>;
}

/**
 * Opens the database and brings its schema to this version.
 * @param url `sqlite:/path/to/file` or `postgres://…`
 * @throws CapstanError `invalid` for another URL, `refused` if it is of a newer version or another coordinator
 * serves it, `failed` if it cannot be opened
 */
export async function openStateStore(url: string): Promise<OpenStore> {
  const file = sqliteFile(url);
  if (file !== undefined) return openSqlite(file);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new CapstanError('invalid', 'The database must be sqlite:/path/to/file or postgres://…', {
    hint: 'See --database in capstan-coordinator --help.',
  });
}

async function openSqlite(path: string): Promise<OpenStore> {
  let file: SqliteDatabase.Database;
  try {
    keepPrivate(path);
    file = new SqliteDatabase(path, { timeout: 500 });
    file.pragma('locking_mode = EXCLUSIVE');
    file.pragma('journal_mode = WAL');
    file.pragma('synchronous = FULL');
  } catch (cause) {
    throw openFailure(path, cause);
  }
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: file }) });
  const store = await ready(db, 'sqlite', path, () => Promise.resolve());
  return { ...store, copyTo: (to) => copySqlite(file, to) };
}

/** It has the values of environments, passwords among them. SQLite makes the files beside it with the same mode. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, `${path}-wal`]) if (existsSync(file)) chmodSync(file, 0o600);
}

/** Pages that are copied at once: the loop has its turn between two of these. */
const pagesAtOnce = 256;

async function copySqlite(file: SqliteDatabase.Database, to: string): Promise<void> {
  try {
    await file.backup(to, { progress: () => pagesAtOnce });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('failed', `The database could not be copied to ${to}: ${why}.`, { cause });
  }
}

async function openPostgres(url: string): Promise<OpenStore> {
  const where = withoutPassword(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  pool.on('error', () => undefined); // a connection that ends while idle is replaced when it is needed
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  let unlock: () => Promise<void>;
  try {
    unlock = await lockPostgres(url, where);
  } catch (cause) {
    await db.destroy();
    throw openFailure(where, cause);
  }
  const store = await ready(db, 'postgres', where, unlock);
  const refusal = new CapstanError('refused', 'The database is PostgreSQL, which has tools of its own.', {
    hint: 'Copy it with pg_dump, beside `capstan-coordinator backup`.',
  });
  return { ...store, copyTo: () => Promise.reject(refusal) };
}

/** Held by a connection of its own as long as the coordinator lives: the server lets go of it when that ends. */
async function lockPostgres(url: string, where: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  await client.connect();
  const answer = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    coordinatorLock,
  ]);
  if (answer.rows[0]?.locked === true) return () => client.end();
  await client.end();
  throw new CapstanError('refused', `Another coordinator serves the database ${where}.`, {
    hint: 'Stop it first; several coordinators on one database are not in this version.',
  });
}

async function ready(
  db: Kysely<Database>,
  dialect: Dialect,
  where: string,
  unlock: () => Promise<void>,
): Promise<StateStore> {
  const close = async (): Promise<void> => {
    await db.destroy();
    await unlock();
  };
  try {
    if (dialect === 'sqlite') await sql`select 1`.execute(db);
    await migrate(db, where);
  } catch (cause) {
    await close();
    throw openFailure(where, cause);
  }
  return createStateStore(db, dialect, close);
}

function openFailure(where: string, cause: unknown): CapstanError {
  if (cause instanceof CapstanError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'SQLITE_BUSY') {
    return new CapstanError('refused', `Another process holds the database ${where}.`, {
      hint: 'Stop the other coordinator, or give this one a data directory of its own.',
      cause,
    });
  }
  const why = cause instanceof Error && cause.message !== '' ? cause.message : String(code ?? cause);
  return new CapstanError('failed', `The database ${where} cannot be opened: ${why}.`, { cause });
}

function withoutPassword(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `postgres://${host}${pathname}`;
  } catch {
    return 'postgres';
  }
}
