import type { Kysely } from 'kysely';
import type { ConsumerName } from '../../../shared/model/ids.js';
import type { ConsumerRecord } from '../../ports/state-store.js';
import type { Database } from './schema.js';

// Cursors into the log of events. The conditions are the database's, so that two writers cannot take one back.

export async function consumers(db: Kysely<Database>): Promise<readonly ConsumerRecord[]> {
  const rows = await db.selectFrom('consumers').selectAll().orderBy('name').execute();
  return rows.map(({ name, position, created_at, moved_at }) => ({
    name: name as ConsumerName,
    position: Number(position),
    createdAt: Number(created_at),
    movedAt: Number(moved_at),
  }));
}

export async function addConsumer(
  db: Kysely<Database>,
  { name, position, createdAt, movedAt }: ConsumerRecord,
): Promise<void> {
  await db
    .insertInto('consumers')
    .values({ name, position, created_at: createdAt, moved_at: movedAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

export async function moveConsumer(
  db: Kysely<Database>,
  name: ConsumerName,
  position: number,
  movedAt: number,
): Promise<void> {
  await db
    .updateTable('consumers')
    .set({ position, moved_at: movedAt })
    .where('name', '=', name)
    .where('position', '<', position)
    .execute();
}

export async function removeConsumer(db: Kysely<Database>, name: ConsumerName): Promise<boolean> {
  const gone = await db.deleteFrom('consumers').where('name', '=', name).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}
