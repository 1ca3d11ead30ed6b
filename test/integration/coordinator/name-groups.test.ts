import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { Kysely, SqliteDialect } from 'kysely';
import { nameGroups } from '../../../coordinator/io/db/name-groups.js';
import type { Database } from '../../../coordinator/io/db/schema.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';

const selector = { requirements: [{ kind: 'exists', key: 'ssd' }], text: 'ssd' };
const amount = { kind: 'count', count: 2 };
const before = [
  { name: 'pilot', members: { kind: 'canary', perZone: 1 }, bakeMs: 5 },
  { name: 'some', members: { kind: 'canaryTotal', amount } },
  { name: 'two', members: { kind: 'amount', amount } },
  { name: 'ssd', members: { kind: 'selector', selector } },
  { name: 'zones', members: { kind: 'byZone' } },
  { name: 'rest', members: { kind: 'rest' } },
];
const after = [
  { name: 'pilot', members: { kind: 'canary', by: ['zone'], each: 1 }, bakeMs: 5 },
  { name: 'some', members: { kind: 'canaryTotal', by: ['zone'], amount } },
  { name: 'two', members: { kind: 'amount', amount } },
  { name: 'ssd', within: selector, members: { kind: 'rest' } },
  { name: 'zones', members: { kind: 'by', by: ['zone'] } },
  { name: 'rest', members: { kind: 'rest' } },
];

describe('waves that were stored when they went by zone alone', () => {
  it('go by any label from then on, and nothing else of them changes', async () => {
    const dialect = new SqliteDialect({ database: new SqliteDatabase(join(await tempDir(), 'old.db')) });
    const db = new Kysely<Database>({ dialect });
    cleanUp(() => db.destroy());
    const text = (column: string, ...names: string[]) =>
      names.reduce((table, name) => table.addColumn(name, 'text'), db.schema.createTable(column)).execute();
    await text('environments', 'app', 'env', 'body');
    await text('rollouts', 'id', 'app', 'env', 'active', 'created_at', 'body');
    const spec = { selector, strategy: { type: 'rolling', waves: before } };
    const environment = { app: 'web', name: 'production', spec, settled: true };
    const other = { ...environment, name: 'staging', spec: { strategy: { waves: [] } } };
    for (const record of [environment, other])
      await db
        .insertInto('environments')
        .values({ app: 'web', env: record.name, body: JSON.stringify(record) })
        .execute();
    const header = { id: 'r-1', strategy: spec.strategy, waves: [{ name: 'zones/a', zone: 'a', spec: 4 }] };
    const row = { id: 'r-1', body: JSON.stringify({ header, createdAt: 1 }) };
    await db
      .insertInto('rollouts')
      .values({ app: '', env: '', active: 1, created_at: 1, ...row })
      .execute();

    await db.transaction().execute(nameGroups);

    const bodies = await db.selectFrom('environments').select('body').orderBy('env').execute();
    expect(bodies.map(({ body }) => JSON.parse(body) as unknown)).to.deep.equal([
      { ...environment, spec: { ...spec, strategy: { ...spec.strategy, waves: after } } },
      other,
    ]);
    const stored = await db.selectFrom('rollouts').select('body').executeTakeFirstOrThrow();
    expect(JSON.parse(stored.body)).to.deep.equal({
      header: {
        id: 'r-1',
        strategy: { type: 'rolling', waves: after },
        waves: [{ name: 'zones/a', spec: 4, stratum: 'a' }],
      },
      createdAt: 1,
    });
  });
});
