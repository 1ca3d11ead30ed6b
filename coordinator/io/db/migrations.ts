import type { CreateTableBuilder, Kysely, Transaction } from 'kysely';
import { CapstanError } from '../../../shared/model/errors.js';
import { putAnchor } from './chain.js';
import { nameGroups } from './name-groups.js';
import { lastEventPosition } from './queries.js';
import type { Database } from './schema.js';

type Migration = (trx: Transaction<Database>) => Promise<void>;

/** In order, for ever: the number of entries is the schema's version. Each is tried on both databases. */
const migrations: readonly Migration[] = [
  createTables,
  nameGroups,
  createBuilds,
  createConsumers,
  createLocks,
  createPoison,
  createEnrolment,
  createOperators,
  chainEvents,
];

const schemaVersion = migrations.length;

/**
 * Brings the schema to this version, one transaction a step.
 * @throws CapstanError `refused` if the data was written by a newer version
 */
export async function migrate(db: Kysely<Database>, where: string): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  const present = await versionOf(db);
  if (present > schemaVersion) {
    throw new CapstanError(
      'refused',
      `The data in ${where} was written by a newer version of Capstan (schema ${present}; this one knows ${schemaVersion}).`,
      { hint: 'Start the newer version, or restore a backup that this one can read.' },
    );
  }
  for (const [at, migration] of migrations.entries()) {
    if (at < present) continue;
    await db.transaction().execute(async (trx) => {
      await migration(trx);
      await trx
        .insertInto('meta')
        .values({ name: 'schema', value: String(at + 1) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(at + 1) }))
        .execute();
    });
  }
}

async function versionOf(db: Kysely<Database>): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', 'schema').executeTakeFirst();
  return row === undefined ? 0 : Number(row.value);
}

type SchemaBuilder = Transaction<Database>['schema'];
type Column = readonly [name: string, type: 'text' | 'bigint' | 'integer'];

async function createTables({ schema }: Transaction<Database>): Promise<void> {
  await createCatalogue(schema);
  await createRollouts(schema);
  await createRecords(schema);
}

async function createCatalogue(schema: SchemaBuilder): Promise<void> {
  await table(
    schema,
    'applications',
    ['app'],
    [
      ['app', 'text'],
      ['text', 'text'],
    ],
  );
  await table(
    schema,
    'environments',
    ['app', 'env'],
    [
      ['app', 'text'],
      ['env', 'text'],
      ['body', 'text'],
    ],
  );
  await table(
    schema,
    'releases',
    ['app', 'version'],
    [
      ['app', 'text'],
      ['version', 'text'],
      ['digest', 'text'],
      ['published_at', 'bigint'],
      ['published_by', 'text'],
      ['ref', 'text'],
    ],
  );
  await table(
    schema,
    'nodes',
    ['node'],
    [
      ['node', 'text'],
      ['body', 'text'],
    ],
  );
  await table(
    schema,
    'assignments',
    ['node', 'app'],
    [
      ['node', 'text'],
      ['app', 'text'],
      ['body', 'text'],
    ],
  );
  await table(
    schema,
    'configs',
    ['revision'],
    [
      ['revision', 'text'],
      ['body', 'text'],
    ],
  );
}

async function createRollouts(schema: SchemaBuilder): Promise<void> {
  await table(
    schema,
    'rollouts',
    ['id'],
    [
      ['id', 'text'],
      ['app', 'text'],
      ['env', 'text'],
      ['active', 'integer'],
      ['created_at', 'bigint'],
      ['body', 'text'],
    ],
  );
  await schema
    .createIndex('rollouts_by_place')
    .on('rollouts')
    .columns(['app', 'env', 'created_at'])
    .execute();
  await schema.createIndex('rollouts_by_age').on('rollouts').columns(['active', 'created_at']).execute();
  await table(
    schema,
    'rollout_nodes',
    ['rollout', 'node'],
    [
      ['rollout', 'text'],
      ['node', 'text'],
      ['body', 'text'],
    ],
  );
}

async function createRecords(schema: SchemaBuilder): Promise<void> {
  const words = ['kind', 'actor', 'app', 'env', 'node', 'rollout', 'message', 'reason'];
  const columns = words.map((word): Column => [word, 'text']);
  await table(schema, 'events', ['position'], [['position', 'bigint'], ['time', 'bigint'], ...columns]);
  await schema.createIndex('events_by_app').on('events').columns(['app', 'position']).execute();
  await schema.createIndex('events_by_time').on('events').columns(['time']).execute();
  await table(
    schema,
    'answers',
    ['key'],
    [
      ['key', 'text'],
      ['method', 'text'],
      ['request', 'text'],
      ['answer', 'text'],
      ['time', 'bigint'],
    ],
  );
}

async function createPoison({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'poison',
    ['digest'],
    [
      ['digest', 'text'],
      ['body', 'text'],
    ],
  );
}

async function createEnrolment({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'tokens',
    ['hash'],
    [
      ['hash', 'text'],
      ['body', 'text'],
    ],
  );
  await table(
    schema,
    'identities',
    ['node'],
    [
      ['node', 'text'],
      ['body', 'text'],
    ],
  );
}

async function createOperators({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'operators',
    ['hash'],
    [
      ['hash', 'text'],
      ['body', 'text'],
    ],
  );
}

/** From now on: what is there already cannot be vouched for. */
async function chainEvents(trx: Transaction<Database>): Promise<void> {
  await trx.schema
    .alterTable('events')
    .addColumn('hash', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await putAnchor(trx, { position: await lastEventPosition(trx), hash: '' });
}

async function createLocks({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'locks',
    ['app', 'env', 'kind'],
    [
      ['app', 'text'],
      ['env', 'text'],
      ['kind', 'text'],
      ['body', 'text'],
    ],
  );
}

async function createBuilds({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'builds',
    ['app', 'digest'],
    [
      ['app', 'text'],
      ['digest', 'text'],
      ['body', 'text'],
    ],
  );
}

/** Cursors into the log of events. */
async function createConsumers({ schema }: Transaction<Database>): Promise<void> {
  await table(
    schema,
    'consumers',
    ['name'],
    [
      ['name', 'text'],
      ['position', 'bigint'],
      ['created_at', 'bigint'],
      ['moved_at', 'bigint'],
    ],
  );
}

async function table(
  schema: SchemaBuilder,
  name: string,
  key: readonly string[],
  columns: readonly Column[],
): Promise<void> {
  let builder: CreateTableBuilder<string> = schema.createTable(name);
  for (const [column, type] of columns) builder = builder.addColumn(column, type, (made) => made.notNull());
  await builder.execute();
  await schema
    .createIndex(`${name}_key`)
    .unique()
    .on(name)
    .columns([...key])
    .execute();
}
