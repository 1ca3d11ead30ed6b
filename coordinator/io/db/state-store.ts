import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Changes, EventRecord, StateStore } from '../../ports/state-store.js';
import { chained, lastLink, verifyEvents } from './chain.js';
import { addConsumer, consumers, moveConsumer, removeConsumer } from './consumers.js';
import { loadSnapshot } from './load.js';
import { prune } from './prune.js';
import { answerTo, events, lastEventPosition, rollout, rollouts } from './queries.js';
import { eventsOf, upsertsOf } from './rows.js';
import type { Database } from './schema.js';
import { type Dialect, upsert } from './write.js';

/** Serialises the commits of several writers on PostgreSQL, so that positions are given in commit order. */
const commitLock = 2_277_827;

/** @param close ends the connections, and whatever lock the database is held by */
export function createStateStore(
  db: Kysely<Database>,
  dialect: Dialect,
  close: () => Promise<void>,
): StateStore {
  return {
    load: () => guarded('read', () => loadSnapshot(db)),
    commit: (changes) =>
      guarded('written', () => db.transaction().execute((trx) => write(trx, dialect, changes))),
    answerTo: (key) => guarded('read', () => answerTo(db, key)),
    rollout: (id) => guarded('read', () => rollout(db, id)),
    rollouts: (filter) => guarded('read', () => rollouts(db, filter)),
    events: (query) => guarded('read', () => events(db, query)),
    verifyEvents: (after, expect) => guarded('read', () => verifyEvents(db, after, expect)),
    lastEventPosition: () => guarded('read', () => lastEventPosition(db)),
    consumers: () => guarded('read', () => consumers(db)),
    addConsumer: (consumer) => guarded('written', () => addConsumer(db, consumer)),
    moveConsumer: (name, position, movedAt) =>
      guarded('written', () => moveConsumer(db, name, position, movedAt)),
    removeConsumer: (name) => guarded('written', () => removeConsumer(db, name)),
    prune: (limits) => guarded('written', () => prune(db, limits)),
    close,
  };
}

/** @throws CapstanError `failed`, whatever the database's driver throws */
async function guarded<T>(verb: 'read' | 'written', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CapstanError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('failed', `The database could not be ${verb}: ${why}.`, { cause });
  }
}

async function write(
  trx: Transaction<Database>,
  dialect: Dialect,
  changes: Changes,
): Promise<readonly EventRecord[]> {
  await remove(trx, changes);
  for (const rows of upsertsOf(changes)) await upsert(trx, dialect, rows);
  if (changes.events === undefined || changes.events.length === 0) return [];
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${commitLock})`.execute(trx);
  const placed = chained(changes.events, await lastLink(trx));
  await upsert(trx, dialect, eventsOf(placed));
  return placed.map(({ hash: _, ...event }) => event);
}

async function remove(trx: Transaction<Database>, changes: Changes): Promise<void> {
  for (const app of changes.removedApplications ?? []) {
    await trx.deleteFrom('applications').where('app', '=', app).execute();
  }
  for (const { app, version } of changes.removedReleases ?? []) {
    await trx.deleteFrom('releases').where('app', '=', app).where('version', '=', version).execute();
  }
  for (const { app, name } of changes.removedEnvironments ?? []) {
    await trx.deleteFrom('environments').where('app', '=', app).where('env', '=', name).execute();
  }
  for (const { rollout, node } of changes.removedRolloutNodes ?? []) {
    await trx.deleteFrom('rollout_nodes').where('rollout', '=', rollout).where('node', '=', node).execute();
  }
  for (const { node, app } of changes.removedAssignments ?? []) {
    await trx.deleteFrom('assignments').where('node', '=', node).where('app', '=', app).execute();
  }
  for (const { app, digest } of changes.removedBuilds ?? []) {
    await trx.deleteFrom('builds').where('app', '=', app).where('digest', '=', digest).execute();
  }
  for (const revision of changes.removedConfigs ?? []) {
    await trx.deleteFrom('configs').where('revision', '=', revision).execute();
  }
  for (const digest of changes.removedPoison ?? []) {
    await trx.deleteFrom('poison').where('digest', '=', digest).execute();
  }
  for (const { app, env = '', kind } of changes.removedLocks ?? []) {
    const on = trx.deleteFrom('locks').where('app', '=', app).where('env', '=', env);
    await on.where('kind', '=', kind).execute();
  }
  for (const hash of changes.removedTokens ?? []) {
    await trx.deleteFrom('tokens').where('hash', '=', hash).execute();
  }
  for (const hash of changes.removedOperators ?? []) {
    await trx.deleteFrom('operators').where('hash', '=', hash).execute();
  }
  for (const node of changes.removedIdentities ?? []) {
    await trx.deleteFrom('identities').where('node', '=', node).execute();
  }
  for (const node of changes.removedNodes ?? []) {
    await trx.deleteFrom('nodes').where('node', '=', node).execute();
    await trx.deleteFrom('assignments').where('node', '=', node).execute();
  }
}
