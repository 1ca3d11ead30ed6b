import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';

/**
 * Which database the settings name.
 * @throws CapstanError `invalid` if the file that holds the URL cannot be read
 */
export function databaseUrl(settings: {
  readonly dataDir: string;
  readonly database: string | undefined;
  readonly databaseUrlFile: string | undefined;
}): string {
  const { dataDir, database, databaseUrlFile } = settings;
  if (databaseUrlFile === undefined) return database ?? `sqlite:${join(resolve(dataDir), 'capstan.db')}`;
  try {
    return readFileSync(databaseUrlFile, 'utf8').trim();
  } catch (cause) {
    const message = `The file of --database-url-file cannot be read: ${databaseUrlFile}.`;
    throw new CapstanError('invalid', message, { cause });
  }
}

/** Where SQLite keeps it; undefined if it is not SQLite that does. */
export const sqliteFile = (url: string): string | undefined =>
  url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
