import type { ColumnType } from 'kysely';

/** A 64-bit number that is always below 2^53; PostgreSQL's driver gives it as text. */
type Exact = ColumnType<number | string, number, number>;

/**
 * Tables as Kysely sees them; the same in SQLite and PostgreSQL. What is searched by is a column, the rest is one
 * JSON body: the shapes of the engine change faster than tables should.
 */
export interface Database {
  readonly meta: MetaTable;
  readonly applications: ApplicationsTable;
  readonly environments: EnvironmentsTable;
  readonly releases: ReleasesTable;
  readonly builds: BuildsTable;
  readonly nodes: NodesTable;
  readonly assignments: AssignmentsTable;
  readonly configs: ConfigsTable;
  readonly rollouts: RolloutsTable;
  readonly rollout_nodes: RolloutNodesTable;
  readonly events: EventsTable;
  readonly answers: AnswersTable;
  readonly consumers: ConsumersTable;
  readonly locks: LocksTable;
  readonly poison: PoisonTable;
  readonly tokens: TokensTable;
  readonly identities: IdentitiesTable;
  readonly operators: OperatorsTable;
}

export interface MetaTable {
  readonly name: string;
  readonly value: string;
}

export interface ApplicationsTable {
  readonly app: string;
  readonly text: string;
}

export interface EnvironmentsTable {
  readonly app: string;
  readonly env: string;
  readonly body: string;
}

export interface ReleasesTable {
  readonly app: string;
  readonly version: string;
  readonly digest: string;
  readonly published_at: Exact;
  readonly published_by: string;
  readonly ref: string;
}

/** What was recorded of a build: checks, approvals, promotions. */
export interface BuildsTable {
  readonly app: string;
  readonly digest: string;
  readonly body: string;
}

export interface NodesTable {
  readonly node: string;
  readonly body: string;
}

export interface AssignmentsTable {
  readonly node: string;
  readonly app: string;
  readonly body: string;
}

/** The values that assignments refer to, written once. */
export interface ConfigsTable {
  readonly revision: string;
  readonly body: string;
}

export interface RolloutsTable {
  readonly id: string;
  readonly app: string;
  readonly env: string;
  /** 1 while it is under way, 0 once it has ended. */
  readonly active: number;
  readonly created_at: Exact;
  readonly body: string;
}

export interface RolloutNodesTable {
  readonly rollout: string;
  readonly node: string;
  readonly body: string;
}

export interface EventsTable {
  readonly position: Exact;
  readonly time: Exact;
  readonly kind: string;
  readonly actor: string;
  readonly app: string;
  readonly env: string;
  readonly node: string;
  readonly rollout: string;
  readonly message: string;
  readonly reason: string;
  /** Of it and all before it; '' where it is of a version that kept none. */
  readonly hash: string;
}

export interface AnswersTable {
  readonly key: string;
  readonly method: string;
  readonly request: string;
  readonly answer: string;
  readonly time: Exact;
}

/** On which nodes content has failed. */
export interface PoisonTable {
  readonly digest: string;
  readonly body: string;
}

/** Tokens to join with. */
export interface TokensTable {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  readonly body: string;
}

/** Who is which node. */
export interface IdentitiesTable {
  readonly node: string;
  readonly body: string;
}

/** Who may call. */
export interface OperatorsTable {
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
  readonly body: string;
}

export interface LocksTable {
  readonly app: string;
  /** '': all environments of the application. */
  readonly env: string;
  readonly kind: string;
  readonly body: string;
}

/** Who is told all events, and how far each is. */
export interface ConsumersTable {
  readonly name: string;
  readonly position: Exact;
  readonly created_at: Exact;
  readonly moved_at: Exact;
}
