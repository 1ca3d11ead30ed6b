import type { Kysely, Selectable } from 'kysely';
import type { AppName, RolloutId } from '../../../shared/model/ids.js';
import type { Lock } from '../../../shared/model/lock.js';
import type { Release } from '../../../shared/model/release.js';
import type { Identity } from '../../core/enrolment/identities.js';
import type { JoinToken } from '../../core/enrolment/tokens.js';
import type { Operator } from '../../core/operators/operator.js';
import type { PoisonRecord } from '../../core/poison.js';
import type { BuildRecord } from '../../core/promotion/types.js';
import type { RolloutNode } from '../../core/rollout/types/node.js';
import type {
  AssignmentRecord,
  ConfigRecord,
  EnvironmentRecord,
  MetaRecord,
  NodeRecord,
  RolloutRecord,
  Snapshot,
} from '../../ports/state-store.js';
import type { Database, ReleasesTable } from './schema.js';

const fresh: MetaRecord = { nextGeneration: 1, upTimeMs: 0 };

/** Everything but what has ended. Bodies were written by this program or an older one, after they were checked. */
export async function loadSnapshot(db: Kysely<Database>): Promise<Snapshot> {
  const applications = await db.selectFrom('applications').selectAll().orderBy('app').execute();
  const environments = await db.selectFrom('environments').select('body').execute();
  const releases = await db
    .selectFrom('releases')
    .selectAll()
    .orderBy('published_at')
    .orderBy('version')
    .execute();
  const builds = await db.selectFrom('builds').select('body').execute();
  const nodes = await db.selectFrom('nodes').select('body').execute();
  const assignments = await db.selectFrom('assignments').select('body').execute();
  const poison = await db.selectFrom('poison').select('body').execute();
  const locks = await db.selectFrom('locks').select('body').execute();
  const tokens = await db.selectFrom('tokens').select('body').execute();
  const identities = await db.selectFrom('identities').select('body').execute();
  const operators = await db.selectFrom('operators').select('body').execute();
  const configs = await db.selectFrom('configs').selectAll().execute();
  return {
    applications: applications.map(({ app, text }) => ({ name: app as AppName, text })),
    environments: environments.map(({ body }) => parse(body) as EnvironmentRecord),
    releases: releases.map(releaseOf),
    builds: builds.map(({ body }) => parse(body) as BuildRecord),
    activeRollouts: await activeRollouts(db),
    assignments: assignments.map(({ body }) => parse(body) as AssignmentRecord),
    configs: configs.map(({ revision, body }) => ({
      revision,
      config: parse(body) as ConfigRecord['config'],
    })),
    nodes: nodes.map(({ body }) => parse(body) as NodeRecord),
    poison: poison.map(({ body }) => parse(body) as PoisonRecord),
    locks: locks.map(({ body }) => parse(body) as Lock),
    tokens: tokens.map(({ body }) => parse(body) as JoinToken),
    identities: identities.map(({ body }) => parse(body) as Identity),
    operators: operators.map(({ body }) => parse(body) as Operator),
    meta: await loadMeta(db),
  };
}

async function activeRollouts(db: Kysely<Database>): Promise<Snapshot['activeRollouts']> {
  const rows = await db
    .selectFrom('rollouts')
    .select('body')
    .where('active', '=', 1)
    .orderBy('created_at')
    .execute();
  const records = rows.map(({ body }) => parse(body) as RolloutRecord);
  return Promise.all(records.map(async (record) => ({ record, nodes: await nodesOf(db, record.header.id) })));
}

export async function nodesOf(db: Kysely<Database>, id: RolloutId): Promise<readonly RolloutNode[]> {
  const rows = await db.selectFrom('rollout_nodes').select('body').where('rollout', '=', id).execute();
  return rows.map(({ body }) => parse(body) as RolloutNode);
}

async function loadMeta(db: Kysely<Database>): Promise<MetaRecord> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', 'counters').executeTakeFirst();
  return row === undefined ? fresh : (parse(row.value) as MetaRecord);
}

function releaseOf({ app, ref, published_at, published_by }: Selectable<ReleasesTable>): Release {
  return {
    ...(parse(ref) as Release),
    app: app as AppName,
    publishedAt: Number(published_at),
    publishedBy: published_by,
  };
}

/** What this program wrote itself is not checked again. A key that is absent reads as undefined. */
export const parse = (body: string): unknown => JSON.parse(body);
