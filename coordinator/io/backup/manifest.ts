import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { count, type Guard, listOf, object, oneOf, parseAs, text } from '../../../shared/core/shapes.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** Of what lies in a backup, and how. Another one is not guessed at. */
export const backupFormat = 1;

export const manifestName = 'manifest.json';
export const databaseName = 'capstan.db';

/** What a backup may hold beside its manifest: where each lies in the data directory. The database comes last. */
export const backupPaths = ['ca/ca.key', 'ca/ca.crt', 'ca/server.key', 'admin.token', databaseName] as const;

export interface BackupFile {
  readonly path: (typeof backupPaths)[number];
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The head of a backup: what is in it, and what it was made of. */
export interface BackupManifest {
  readonly format: number;
  /** Of Capstan. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** `postgres`: the database is not in it, since PostgreSQL has tools of its own. */
  readonly database: 'sqlite' | 'postgres';
  /** Of the database; 0 if it is not in it. */
  readonly schema: number;
  readonly epoch: number;
  /** The position and hash of the newest event; 0 and '' if there is none. */
  readonly lastEvent: { readonly position: number; readonly hash: string };
  readonly files: readonly BackupFile[];
  /** Settings that the coordinator ran with, for whoever sets it up anew; nothing of it is secret. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const record: Guard<Readonly<Record<string, unknown>>> = (
  value,
): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isHead = object<{ readonly format: number }>({ format: count });
const isManifest = object<BackupManifest>({
  format: oneOf([backupFormat]),
  version: text,
  takenAt: count,
  database: oneOf(['sqlite', 'postgres']),
  schema: count,
  epoch: count,
  lastEvent: object<BackupManifest['lastEvent']>({ position: count, hash: text }),
  files: listOf(object<BackupFile>({ path: oneOf(backupPaths), size: count, sha256: text })),
  settings: record,
});

/** @throws CapstanError `refused` if it is of another format, `corrupt` if it is none */
export function readManifest(json: string, file: string): BackupManifest {
  const manifest = parseAs(isManifest, json);
  if (manifest !== undefined) return manifest;
  const format = parseAs(isHead, json)?.format;
  if (format === undefined || format === backupFormat) {
    throw new CapstanError('corrupt', `${file} is no backup of a coordinator, or is damaged.`);
  }
  throw new CapstanError(
    'refused',
    `${file} is a backup of format ${format}; this version of Capstan knows ${backupFormat}.`,
    { hint: 'Restore it with the version that made it, or a newer one.' },
  );
}

/** What a file is, as a manifest says it. */
export async function digestOfFile(path: string): Promise<Pick<BackupFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  const { size } = await stat(path);
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return { size, sha256: hash.digest('hex') };
}
