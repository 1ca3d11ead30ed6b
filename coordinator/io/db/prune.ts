import type { Kysely } from 'kysely';
import type { RolloutId } from '../../../shared/model/ids.js';
import type { PruneLimits } from '../../ports/state-store.js';
import { putAnchor } from './chain.js';
import type { Database } from './schema.js';

/** Few at a time: history is bounded without a pause that anybody notices. */
const rolloutsAtOnce = 20;
const eventsAtOnce = 1000;

export async function prune(db: Kysely<Database>, limits: PruneLimits): Promise<boolean> {
  await db.deleteFrom('answers').where('time', '<', limits.answersBefore).execute();
  const moreRollouts = await pruneRollouts(db, limits.rollouts);
  const moreEvents = await pruneEvents(db, limits);
  return moreRollouts || moreEvents;
}

async function pruneRollouts(db: Kysely<Database>, keep: number): Promise<boolean> {
  const old = await db
    .selectFrom((inner) =>
      inner
        .selectFrom('rollouts')
        .select(({ fn }) => [
          'id',
          fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy(['app', 'env']).orderBy('created_at', 'desc').orderBy('id', 'desc'),
            )
            .as('age'),
        ])
        .where('active', '=', 0)
        .as('aged'),
    )
    .select('id')
    .where('age', '>', keep)
    .limit(rolloutsAtOnce)
    .execute();
  const ids = old.map(({ id }) => id as RolloutId);
  if (ids.length === 0) return false;
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('rollout_nodes').where('rollout', 'in', ids).execute();
    await trx.deleteFrom('rollouts').where('id', 'in', ids).execute();
  });
  return ids.length === rolloutsAtOnce;
}

async function pruneEvents(db: Kysely<Database>, { eventsBefore, now }: PruneLimits): Promise<boolean> {
  if (eventsBefore === undefined) return false;
  const oldest = await db
    .selectFrom('events')
    .select(['position', 'time', 'hash'])
    .where('time', '<=', now)
    .orderBy('position')
    .limit(eventsAtOnce + 1)
    .execute();
  const taken = await takenByAll(db, eventsBefore);
  let last: { readonly position: number; readonly hash: string } | undefined;
  for (const { position, time, hash } of oldest.slice(0, -1)) {
    if (Number(time) >= eventsBefore || Number(position) > taken) break;
    last = { position: Number(position), hash };
  }
  if (last === undefined) return false;
  const anchor = last;
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('events').where('position', '<=', anchor.position).execute();
    // Events of a version that kept no hashes leave the one that is there.
    if (anchor.hash !== '') await putAnchor(trx, anchor);
  });
  return oldest.length > eventsAtOnce && last.position === Number(oldest.at(-2)?.position);
}

/** The position up to which every consumer has taken the events, of those that were heard of since then. */
async function takenByAll(db: Kysely<Database>, since: number): Promise<number> {
  const row = await db
    .selectFrom('consumers')
    .select('position')
    .where('moved_at', '>=', since)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? Number.POSITIVE_INFINITY : Number(row.position);
}
