import type { Kysely, Transaction } from 'kysely';
import type { RolloutId } from '../../../shared/model/ids.js';
import type {
  AnswerRecord,
  EventQuery,
  EventRecord,
  RolloutRecord,
  StateStore,
} from '../../ports/state-store.js';
import { nodesOf, parse } from './load.js';
import type { Database } from './schema.js';

export async function answerTo(db: Kysely<Database>, key: string): Promise<AnswerRecord | undefined> {
  const row = await db.selectFrom('answers').selectAll().where('key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : { ...row, time: Number(row.time) };
}

export async function rollout(db: Kysely<Database>, id: RolloutId): ReturnType<StateStore['rollout']> {
  const row = await db.selectFrom('rollouts').select('body').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return { record: parse(row.body) as RolloutRecord, nodes: await nodesOf(db, id) };
}

export async function rollouts(
  db: Kysely<Database>,
  { app, env, activeOnly, limit }: Parameters<StateStore['rollouts']>[0],
): Promise<readonly RolloutRecord[]> {
  let query = db.selectFrom('rollouts').select('body');
  if (app !== undefined) query = query.where('app', '=', app);
  if (env !== undefined) query = query.where('env', '=', env);
  if (activeOnly) query = query.where('active', '=', 1);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ body }) => parse(body) as RolloutRecord);
}

export async function events(
  db: Kysely<Database>,
  { after, since, app, limit, newest = false }: EventQuery,
): Promise<readonly EventRecord[]> {
  let query = db.selectFrom('events').selectAll().where('position', '>', after);
  if (since !== undefined) query = query.where('time', '>=', since);
  if (app !== undefined) query = query.where('app', '=', app);
  const rows = await query
    .orderBy('position', newest ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  if (newest) rows.reverse();
  return rows.map(({ hash: _, ...row }) => ({
    ...row,
    position: Number(row.position),
    time: Number(row.time),
  }));
}

export async function lastEventPosition(db: Kysely<Database> | Transaction<Database>): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('position')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? 0 : Number(row.position);
}
