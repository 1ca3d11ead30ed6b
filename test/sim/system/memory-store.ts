import type { Identity } from '../../../coordinator/core/enrolment/identities.js';
import type { JoinToken } from '../../../coordinator/core/enrolment/tokens.js';
import type { Operator } from '../../../coordinator/core/operators/operator.js';
import type { PoisonRecord } from '../../../coordinator/core/poison.js';
import type { BuildRecord } from '../../../coordinator/core/promotion/types.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type {
  AnswerRecord,
  ApplicationRecord,
  AssignmentRecord,
  Changes,
  ConfigRecord,
  EnvironmentRecord,
  EventRecord,
  MetaRecord,
  NodeRecord,
  RolloutRecord,
  Snapshot,
  StateStore,
} from '../../../coordinator/ports/state-store.js';
import type { RolloutId } from '../../../shared/model/ids.js';
import type { Lock } from '../../../shared/model/lock.js';
import type { Release } from '../../../shared/model/release.js';

type Rows<Row> = ReadonlyMap<string, Row>;

/** What is committed. Never changed: each commit makes new ones of those that it touches. */
export interface Tables {
  readonly applications: Rows<ApplicationRecord>;
  readonly environments: Rows<EnvironmentRecord>;
  readonly releases: Rows<Release>;
  readonly rollouts: Rows<RolloutRecord>;
  readonly rolloutNodes: Rows<{ readonly rollout: RolloutId; readonly node: RolloutNode }>;
  readonly assignments: Rows<AssignmentRecord>;
  readonly configs: Rows<ConfigRecord>;
  readonly nodes: Rows<NodeRecord>;
  readonly builds: Rows<BuildRecord>;
  readonly locks: Rows<Lock>;
  readonly poison: Rows<PoisonRecord>;
  readonly tokens: Rows<JoinToken>;
  readonly identities: Rows<Identity>;
  readonly operators: Rows<Operator>;
  readonly answers: Rows<AnswerRecord>;
  readonly events: readonly EventRecord[];
  readonly meta: MetaRecord;
}

const none: Rows<never> = new Map<string, never>();

export const noTables: Tables = {
  applications: none,
  environments: none,
  releases: none,
  rollouts: none,
  rolloutNodes: none,
  assignments: none,
  configs: none,
  nodes: none,
  builds: none,
  locks: none,
  poison: none,
  tokens: none,
  identities: none,
  operators: none,
  answers: none,
  events: [],
  meta: { nextGeneration: 1, upTimeMs: 0 },
};

export const keys = {
  environment: ({ app, name }: { readonly app: string; readonly name: string }) => `${app}/${name}`,
  assignment: ({ node, app }: { readonly node: string; readonly app: string }) => `${node}/${app}`,
  release: ({ app, version }: { readonly app: string; readonly version: string }) => `${app}@${version}`,
  build: ({ app, digest }: { readonly app: string; readonly digest: string }) => `${app}@${digest}`,
  rolloutNode: (rollout: string, node: string) => `${rollout}/${node}`,
  lock: ({ kind, app, env }: Pick<Lock, 'kind' | 'app' | 'env'>) => `${kind} ${app}/${env ?? ''}`,
};

/** What a commit was, for whoever checks it. */
export interface Commit {
  readonly before: Tables;
  readonly after: Tables;
  readonly changes: Changes;
  /** What the coordinator's clock said when it decided so. Milliseconds since the epoch. */
  readonly decidedAt: number;
}

/** The coordinator's database: what is committed is safe, and comes back as other objects with the same content. */
export class MemoryStore {
  tables: Tables;
  readonly #onCommit: (commit: Commit) => void;

  constructor(tables: Tables, onCommit: (commit: Commit) => void) {
    this.tables = tables;
    this.#onCommit = onCommit;
  }

  commit(changes: Changes, decidedAt: number): readonly EventRecord[] {
    const lost = Object.keys(changes).find((kind) => !Object.hasOwn(keptKinds, kind));
    if (lost !== undefined) throw new Error(`a site's database does not keep ${lost}`);
    const before = this.tables;
    const last = before.events.length;
    const events = (changes.events ?? []).map((event, at) => ({ ...event, position: last + at + 1 }));
    this.tables = tablesAfter(before, changes, events);
    this.#onCommit({ before, after: this.tables, changes, decidedAt });
    return events;
  }

  load(): Snapshot {
    const { tables } = this;
    const active = [...tables.rollouts.values()]
      .filter(({ endedAt }) => endedAt === undefined)
      .map((record) => ({ record, nodes: this.nodesOf(record.header.id) }));
    const list = <Row>(rows: Rows<Row>): readonly Row[] => [...rows.values()];
    const snapshot: Snapshot = {
      applications: list(tables.applications),
      environments: list(tables.environments),
      releases: [...tables.releases.values()].sort((a, b) => a.publishedAt - b.publishedAt),
      activeRollouts: active,
      assignments: list(tables.assignments),
      configs: list(tables.configs),
      nodes: list(tables.nodes),
      builds: list(tables.builds),
      locks: list(tables.locks),
      poison: list(tables.poison),
      tokens: list(tables.tokens),
      identities: list(tables.identities),
      operators: list(tables.operators),
      meta: tables.meta,
    };
    return JSON.parse(JSON.stringify(snapshot)) as Snapshot;
  }

  nodesOf(id: RolloutId): readonly RolloutNode[] {
    return [...this.tables.rolloutNodes.values()]
      .filter(({ rollout }) => rollout === id)
      .map(({ node }) => node);
  }
}

function tablesAfter(before: Tables, changes: Changes, placed: readonly EventRecord[]): Tables {
  const { applications, environments, removedEnvironments, releases, answers } = changes;
  const { removedApplications, removedReleases } = changes;
  const { builds, removedBuilds, configs, removedConfigs } = changes;
  const { rollouts, rolloutNodes, removedRolloutNodes, assignments, removedAssignments } = changes;
  const { nodes, removedNodes, locks, removedLocks, poison, removedPoison, meta } = changes;
  const { tokens, removedTokens, identities, removedIdentities, operators, removedOperators } = changes;
  return {
    applications: put(without(before.applications, removedApplications), applications, ({ name }) => name),
    environments: put(
      without(before.environments, removedEnvironments?.map(keys.environment)),
      environments,
      keys.environment,
    ),
    releases: put(without(before.releases, removedReleases?.map(keys.release)), releases, keys.release),
    rollouts: put(before.rollouts, rollouts, ({ header }) => header.id),
    rolloutNodes: put(
      without(
        before.rolloutNodes,
        removedRolloutNodes?.map(({ rollout, node }) => keys.rolloutNode(rollout, node)),
      ),
      rolloutNodes,
      ({ rollout, node }) => keys.rolloutNode(rollout, node.name),
    ),
    assignments: put(
      without(before.assignments, removedAssignments?.map(keys.assignment)),
      assignments,
      keys.assignment,
    ),
    configs: put(without(before.configs, removedConfigs), configs, ({ revision }) => revision),
    nodes: put(without(before.nodes, removedNodes), nodes, ({ name }) => name),
    builds: put(without(before.builds, removedBuilds?.map(keys.build)), builds, keys.build),
    poison: put(without(before.poison, removedPoison), poison, ({ digest }) => digest),
    tokens: put(without(before.tokens, removedTokens), tokens, ({ hash }) => hash),
    identities: put(without(before.identities, removedIdentities), identities, ({ node }) => node),
    operators: put(without(before.operators, removedOperators), operators, ({ hash }) => hash),
    locks: put(without(before.locks, removedLocks?.map(keys.lock)), locks, keys.lock),
    answers: put(before.answers, answers, ({ key }) => key),
    events: placed.length === 0 ? before.events : [...before.events, ...placed],
    meta: meta ?? before.meta,
  };
}

/** A new kind of change does not compile before it is kept above and named here. */
const keptKinds: Readonly<Record<keyof Changes, true>> = {
  ...{ applications: true, environments: true, removedEnvironments: true, releases: true, builds: true },
  ...{ removedApplications: true, removedReleases: true, removedBuilds: true, removedConfigs: true },
  ...{ rollouts: true, rolloutNodes: true, removedRolloutNodes: true, configs: true, answers: true },
  ...{
    assignments: true,
    removedAssignments: true,
    nodes: true,
    removedNodes: true,
    locks: true,
    removedLocks: true,
    poison: true,
    removedPoison: true,
    tokens: true,
    removedTokens: true,
    identities: true,
    removedIdentities: true,
    operators: true,
    removedOperators: true,
    events: true,
    meta: true,
  },
};

function put<Row>(
  rows: Rows<Row>,
  changed: readonly Row[] | undefined,
  keyOf: (row: Row) => string,
): Rows<Row> {
  if (changed === undefined || changed.length === 0) return rows;
  const next = new Map(rows);
  for (const row of changed) next.set(keyOf(row), row);
  return next;
}

function without<Row>(rows: Rows<Row>, gone: readonly string[] | undefined): Rows<Row> {
  if (gone === undefined || gone.length === 0) return rows;
  const next = new Map(rows);
  for (const key of gone) next.delete(key);
  return next;
}

/** How a run of the coordinator gets at it: every call takes a while, and a commit is where it may be killed. */
export function storeThrough(
  store: MemoryStore,
  through: {
    readonly now: () => number;
    readonly read: <T>(look: () => T) => Promise<T>;
    readonly write: <T>(effect: () => T) => Promise<T>;
  },
): StateStore {
  const { now, read, write } = through;
  return {
    load: () => read(() => store.load()),
    commit: (changes) => {
      const decidedAt = now();
      return write(() => store.commit(changes, decidedAt));
    },
    answerTo: (key) => read(() => store.tables.answers.get(key)),
    rollout: (id) =>
      read(() => {
        const record = store.tables.rollouts.get(id);
        return record === undefined ? undefined : { record, nodes: store.nodesOf(id) };
      }),
    rollouts: ({ app, env, activeOnly, limit }) =>
      read(() =>
        [...store.tables.rollouts.values()]
          .filter(({ header }) => (app ?? header.app) === header.app && (env ?? header.env) === header.env)
          .filter(({ endedAt }) => !activeOnly || endedAt === undefined)
          .reverse()
          .slice(0, limit),
      ),
    events: ({ after, limit }) =>
      read(() => store.tables.events.filter(({ position }) => position > after).slice(0, limit)),
    verifyEvents: () => Promise.reject(new Error('events of a site have no hashes')),
    lastEventPosition: () => read(() => store.tables.events.length),
    prune: () => Promise.resolve(false),
    consumers: () => Promise.resolve([]),
    addConsumer: () => Promise.reject(new Error('nobody reads the events of a site')),
    moveConsumer: () => Promise.resolve(),
    removeConsumer: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  };
}
