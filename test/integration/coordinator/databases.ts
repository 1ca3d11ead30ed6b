import { join } from 'node:path';
import { openStateStore } from '../../../coordinator/io/db/open.js';
import type { StateStore } from '../../../coordinator/ports/state-store.js';
import { cleanUp } from '../../support/cleanup.js';
import { type Postgres, startPostgres } from '../../support/postgres.js';
import { tempDir } from '../../support/temp-dir.js';

/** The two databases, each ready for a suite: one server for the whole run, a database of its own for each test. */
export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** The URL of a new empty database. */
  create(): Promise<string>;
}

const shared: { postgres: Promise<Postgres> | undefined; count: number } = { postgres: undefined, count: 0 };

export const databases: readonly TestDatabase[] = [
  { name: 'SQLite', create: async () => `sqlite:${join(await tempDir(), 'capstan.db')}` },
  {
    name: 'PostgreSQL',
    create: async () => {
      const postgres = await postgresOfRun();
      shared.count += 1;
      return postgres.createDatabase(`capstan_${shared.count}`);
    },
  },
];

/** Call it in a `before` hook first, so that the server lives as long as the run. */
export async function postgresOfRun(): Promise<Postgres> {
  shared.postgres ??= startPostgres();
  return shared.postgres;
}

/** Opens a store that is closed after the test. */
export async function openForTest(url: string): Promise<StateStore> {
  const store = await openStateStore(url);
  cleanUp(() => store.close());
  return store;
}
