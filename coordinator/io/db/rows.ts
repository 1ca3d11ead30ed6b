import type { Changes } from '../../ports/state-store.js';
import type { ChainedEvent } from './chain.js';
import type { Upsert, Value } from './write.js';

/** What is written of the changes, table by table; events apart, since their positions come from the database. */
export function upsertsOf(changes: Changes): readonly Upsert[] {
  const all: readonly Upsert[] = [
    applications(changes),
    environments(changes),
    releases(changes),
    builds(changes),
    nodes(changes),
    configs(changes),
    assignments(changes),
    rollouts(changes),
    rolloutNodes(changes),
    answers(changes),
    locks(changes),
    poison(changes),
    tokens(changes),
    identities(changes),
    operators(changes),
    meta(changes),
  ];
  return all.filter(({ count }) => count > 0);
}

/** Rows are made when their statement is: thousands of texts at once would outlive the young generation. */
const each = <Record>(
  records: readonly Record[],
  row: (record: Record) => readonly Value[],
): Pick<Upsert, 'count' | 'values'> => ({
  count: records.length,
  values: (from, to) => records.slice(from, to).flatMap(row),
});

const applications = ({ applications = [] }: Changes): Upsert => ({
  table: 'applications',
  key: ['app'],
  columns: ['app', 'text'],
  present: 'replace',
  ...each(applications, ({ name, text }) => [name, text]),
});

const environments = ({ environments = [] }: Changes): Upsert => ({
  table: 'environments',
  key: ['app', 'env'],
  columns: ['app', 'env', 'body'],
  present: 'replace',
  ...each(environments, (record) => [record.app, record.name, JSON.stringify(record)]),
});

const releases = ({ releases = [] }: Changes): Upsert => ({
  table: 'releases',
  key: ['app', 'version'],
  columns: ['app', 'version', 'digest', 'published_at', 'published_by', 'ref'],
  present: 'replace',
  ...each(releases, ({ app, publishedAt, publishedBy, ...ref }) => [
    app,
    ref.version,
    ref.digest,
    publishedAt,
    publishedBy,
    JSON.stringify(ref),
  ]),
});

const builds = ({ builds = [] }: Changes): Upsert => ({
  table: 'builds',
  key: ['app', 'digest'],
  columns: ['app', 'digest', 'body'],
  present: 'replace',
  ...each(builds, (record) => [record.app, record.digest, JSON.stringify(record)]),
});

const nodes = ({ nodes = [] }: Changes): Upsert => ({
  table: 'nodes',
  key: ['node'],
  columns: ['node', 'body'],
  present: 'replace',
  ...each(nodes, (record) => [record.name, JSON.stringify(record)]),
});

const configs = ({ configs = [] }: Changes): Upsert => ({
  table: 'configs',
  key: ['revision'],
  columns: ['revision', 'body'],
  present: 'keep',
  ...each(configs, ({ revision, config }) => [revision, JSON.stringify(config)]),
});

const assignments = ({ assignments = [] }: Changes): Upsert => ({
  table: 'assignments',
  key: ['node', 'app'],
  columns: ['node', 'app', 'body'],
  present: 'replace',
  ...each(assignments, (record) => [record.node, record.app, JSON.stringify(record)]),
});

const rollouts = ({ rollouts = [] }: Changes): Upsert => ({
  table: 'rollouts',
  key: ['id'],
  columns: ['id', 'app', 'env', 'active', 'created_at', 'body'],
  present: 'replace',
  ...each(rollouts, (record) => {
    const { id, app, env } = record.header;
    const active = record.endedAt === undefined ? 1 : 0;
    return [id, app, env, active, record.createdAt, JSON.stringify(record)];
  }),
});

const rolloutNodes = ({ rolloutNodes = [] }: Changes): Upsert => ({
  table: 'rollout_nodes',
  key: ['rollout', 'node'],
  columns: ['rollout', 'node', 'body'],
  present: 'replace',
  ...each(rolloutNodes, ({ rollout, node }) => [rollout, node.name, JSON.stringify(node)]),
});

const answers = ({ answers = [] }: Changes): Upsert => ({
  table: 'answers',
  key: ['key'],
  columns: ['key', 'method', 'request', 'answer', 'time'],
  present: 'keep',
  ...each(answers, ({ key, method, request, answer, time }) => [key, method, request, answer, time]),
});

const poison = ({ poison = [] }: Changes): Upsert => ({
  table: 'poison',
  key: ['digest'],
  columns: ['digest', 'body'],
  present: 'replace',
  ...each(poison, (record) => [record.digest, JSON.stringify(record)]),
});

const tokens = ({ tokens = [] }: Changes): Upsert => ({
  table: 'tokens',
  key: ['hash'],
  columns: ['hash', 'body'],
  present: 'replace',
  ...each(tokens, (token) => [token.hash, JSON.stringify(token)]),
});

const identities = ({ identities = [] }: Changes): Upsert => ({
  table: 'identities',
  key: ['node'],
  columns: ['node', 'body'],
  present: 'replace',
  ...each(identities, (identity) => [identity.node, JSON.stringify(identity)]),
});

const operators = ({ operators = [] }: Changes): Upsert => ({
  table: 'operators',
  key: ['hash'],
  columns: ['hash', 'body'],
  present: 'replace',
  ...each(operators, (operator) => [operator.hash, JSON.stringify(operator)]),
});

const locks = ({ locks = [] }: Changes): Upsert => ({
  table: 'locks',
  key: ['app', 'env', 'kind'],
  columns: ['app', 'env', 'kind', 'body'],
  present: 'replace',
  ...each(locks, (lock) => [lock.app, lock.env ?? '', lock.kind, JSON.stringify(lock)]),
});

const meta = ({ meta }: Changes): Upsert => ({
  table: 'meta',
  key: ['name'],
  columns: ['name', 'value'],
  present: 'replace',
  ...each(meta === undefined ? [] : [meta], (counters) => ['counters', JSON.stringify(counters)]),
});

export const eventsOf = (events: readonly ChainedEvent[]): Upsert => ({
  table: 'events',
  key: ['position'],
  columns: [
    'position',
    'time',
    'kind',
    'actor',
    'app',
    'env',
    'node',
    'rollout',
    'message',
    'reason',
    'hash',
  ],
  present: 'keep',
  ...each(events, (event) => [
    event.position,
    event.time,
    event.kind,
    event.actor,
    event.app,
    event.env,
    event.node,
    event.rollout,
    event.message,
    event.reason,
    event.hash,
  ]),
});
