import type { ApplicationSpec } from '../../shared/model/application.js';
import type {
  AppName,
  Digest,
  EnvName,
  Epoch,
  Generation,
  NodeName,
  ReleaseVersion,
  RestoreId,
  RolloutId,
} from '../../shared/model/ids.js';
import type { Liveness } from '../../shared/model/liveness.js';
import type { Lock } from '../../shared/model/lock.js';
import type { AppStatus } from '../../shared/model/node-status.js';
import type { Release } from '../../shared/model/release.js';
import type { Identity } from '../core/enrolment/identities.js';
import type { JoinToken } from '../core/enrolment/tokens.js';
import { type FetchShares, noShares } from '../core/fetch-shares.js';
import { type LivenessLimits, type LivenessState, livenessOf, startLiveness } from '../core/liveness.js';
import type { MemberIndex, NamedNode } from '../core/membership.js';
import type { Operator } from '../core/operators/operator.js';
import type { PoisonRecord } from '../core/poison.js';
import type { BuildRecord } from '../core/promotion/types.js';
import { loadRollout } from '../core/rollout/load.js';
import { isServing } from '../core/rollout/nodes/serving.js';
import type { Closure, PlanNode, Target } from '../core/rollout/types/plan.js';
import type { RolloutState } from '../core/rollout/types/rollout.js';
import type { Roster } from '../core/steward.js';
import type {
  AssignmentRecord,
  EnvironmentRecord,
  NodeRecord,
  Restored,
  RolloutRecord,
  Snapshot,
} from '../ports/state-store.js';

import { type Fetch, shareOut } from './shares.js';

/** An environment's identity: `web/production`. */
export type EnvKey = `${string}/${string}`;
export const envKey = (app: string, env: string): EnvKey => `${app}/${env}`;

/** A lock's identity. */
export const lockKey = ({ kind, app, env }: Pick<Lock, 'kind' | 'app' | 'env'>): string =>
  `${kind} ${app}/${env ?? ''}`;

export interface NodeEntry {
  record: NodeRecord;
  /** The run of the agent whose status was last taken; '' if there was none since the coordinator's start. */
  session: string;
  sequence: number;
  /** Up-time at which it last told something new of its host; undefined: not since the coordinator's start. */
  factsAt?: number;
  /** When it last asked to be let in though it was decommissioned: milliseconds since the epoch; undefined as above. */
  refusedAt?: number;
  /** When it last told that it had looked at all of its host: milliseconds since the epoch; undefined as above. */
  sampledAt?: number;
}

export interface ActiveRollout {
  record: RolloutRecord;
  state: RolloutState;
}

/**
 * Everything the coordinator knows, in memory. Changed by a `Batch` only, within the orchestrator's loop; what has
 * been changed and could not be committed is thrown away with the whole world, which is then loaded anew.
 */
export interface World {
  readonly applications: Map<AppName, { text: string; spec: ApplicationSpec }>;
  readonly environments: Map<EnvKey, EnvironmentRecord>;
  /** In order of publication. */
  readonly releases: Map<AppName, Map<ReleaseVersion, Release>>;
  /** What was recorded of builds, by application and digest: see `buildKey`. */
  readonly builds: Map<string, BuildRecord>;
  readonly nodes: Map<NodeName, NodeEntry>;
  readonly assignments: Map<NodeName, Map<AppName, AssignmentRecord>>;
  /** Nodes that were told to take an application off, and have not yet. */
  readonly leaving: Map<AppName, Set<NodeName>>;
  readonly configs: Map<string, Readonly<Record<string, string>>>;
  readonly rollouts: Map<RolloutId, ActiveRollout>;
  readonly activeByEnv: Map<EnvKey, RolloutId>;
  /** By application, made when first asked for: see `memberIndex`. */
  readonly members: Map<AppName, MemberIndex>;
  /** How the nodes of an environment stand outside rollouts, and since when they have held what they have (up-time). */
  readonly rosters: Map<EnvKey, Roster>;
  liveness: LivenessState;
  /** Of the fleet's bandwidth; by node and application. */
  shares: FetchShares;
  /** See `shareOut`. */
  readonly fetches: Map<string, Fetch>;
  /** Environments outside a rollout in which a node waits for its share. */
  readonly crowded: Set<EnvKey>;
  /** Environments that would be taken to a newer release by themselves, were it not refused. */
  readonly autoHeld: Map<EnvKey, AutoHeld>;
  /** When to look again whether an environment of the application may go on by itself. Up-time in milliseconds. */
  readonly autoDue: Map<AppName, number>;
  nextGeneration: Generation;
  readonly epoch: Epoch;
  readonly restoreId: RestoreId;
  /** Undefined once it is done what a restore asks for. */
  restored: Restored | undefined;
  /** Content that has failed on nodes. */
  readonly poison: Map<Digest, PoisonRecord>;
  /** On so many nodes content has to fail to be refused; 0: it never is. */
  readonly poisonAfter: number;
  /** By `lockKey`. */
  readonly locks: Map<string, Lock>;
  /** By their hashes. */
  readonly tokens: Map<string, JoinToken>;
  readonly identities: Map<NodeName, Identity>;
  /** By the hashes of their tokens. */
  readonly operators: Map<string, Operator>;
  /** Environments in which nothing may be started now. */
  readonly closures: Map<EnvKey, Closure>;
  /** When each of them is to be judged again; absent: at once. Milliseconds since the epoch, as below. */
  readonly edges: Map<EnvKey, number>;
  /** When they were judged, and until when nothing of it changes. */
  judged: { readonly at: number; readonly until: number };
}

export interface AutoHeld {
  readonly version: ReleaseVersion;
  /** Sentences of the refusal. */
  readonly reason: string;
  /** What to do about it; ''. */
  readonly hint: string;
  /** Up-time in milliseconds. */
  readonly since: number;
}

export const buildKey = (app: AppName, digest: Digest): string => `${app}/${digest}`;

export interface WorldLimits {
  /** Of the whole fleet while it fetches, in bytes a second; absent or 0: no limit. */
  readonly bandwidth?: number;
  /** On so many nodes content has to fail to be refused everywhere; absent or 0: it never is. */
  readonly poisonAfter?: number;
}

export function buildWorld(
  snapshot: Snapshot,
  limits: LivenessLimits,
  up: number,
  { bandwidth = 0, poisonAfter = 0 }: WorldLimits = {},
): World {
  const world: World = {
    applications: new Map(),
    environments: new Map(snapshot.environments.map((env) => [envKey(env.app, env.name), env])),
    releases: new Map(),
    builds: new Map(snapshot.builds.map((build) => [buildKey(build.app, build.digest), build])),
    nodes: new Map(),
    assignments: new Map(),
    leaving: new Map(),
    configs: new Map(snapshot.configs.map(({ revision, config }) => [revision, config])),
    rollouts: new Map(),
    activeByEnv: new Map(),
    members: new Map(),
    rosters: new Map(),
    liveness: startLiveness(limits, up),
    shares: noShares(bandwidth),
    fetches: new Map(),
    crowded: new Set(),
    autoHeld: new Map(),
    autoDue: new Map(),
    nextGeneration: snapshot.meta.nextGeneration,
    epoch: snapshot.meta.epoch ?? 0,
    restoreId: snapshot.meta.restoreId ?? '',
    restored: snapshot.meta.restored,
    poison: new Map(snapshot.poison.map((record) => [record.digest, record])),
    poisonAfter,
    locks: new Map(snapshot.locks.map((lock) => [lockKey(lock), lock])),
    tokens: new Map(snapshot.tokens.map((token) => [token.hash, token])),
    identities: new Map(snapshot.identities.map((identity) => [identity.node, identity])),
    operators: new Map(snapshot.operators.map((operator) => [operator.hash, operator])),
    closures: new Map(),
    edges: new Map(),
    judged: { at: 0, until: 0 },
  };
  for (const { name, text } of snapshot.applications) {
    world.applications.set(name, { text, spec: specOf(world, name) });
  }
  for (const release of snapshot.releases) releasesOf(world, release.app).set(release.version, release);
  for (const record of snapshot.nodes) world.nodes.set(record.name, { record, session: '', sequence: 0 });
  for (const assignment of snapshot.assignments) {
    assignmentsOf(world, assignment.node).set(assignment.app, assignment);
    noteLeaving(world, assignment);
  }
  for (const { record, nodes } of snapshot.activeRollouts) {
    const { header } = record;
    world.rollouts.set(header.id, { record, state: loadRollout(header, nodes) });
    world.activeByEnv.set(envKey(header.app, header.env), header.id);
  }
  for (const given of snapshot.assignments) shareOut(world, given, up);
  return world;
}

/** What `apply` changes is a copy; the rest is shared and must be left alone. */
export function copyForTrial(world: World): World {
  return {
    ...world,
    applications: new Map([...world.applications].map(([name, known]) => [name, { ...known }])),
    environments: new Map(world.environments),
    members: new Map(world.members),
    rosters: new Map(world.rosters),
    autoHeld: new Map(world.autoHeld),
    builds: new Map(world.builds),
    crowded: new Set(world.crowded),
    configs: new Map(world.configs),
    closures: new Map(world.closures),
    edges: new Map(world.edges),
  };
}

/** An application with its environments in the order of the pipeline. */
export function specOf(world: World, name: AppName): ApplicationSpec {
  const environments = environmentsOf(world, name).map(({ spec }) => spec);
  return { name, environments };
}

export function environmentsOf(world: World, app: AppName): readonly EnvironmentRecord[] {
  return [...world.environments.values()]
    .filter((env) => env.app === app)
    .sort((a, b) => a.ordinal - b.ordinal);
}

export function releasesOf(world: World, app: AppName): Map<ReleaseVersion, Release> {
  let releases = world.releases.get(app);
  if (releases === undefined) {
    releases = new Map();
    world.releases.set(app, releases);
  }
  return releases;
}

export function assignmentsOf(world: World, node: NodeName): Map<AppName, AssignmentRecord> {
  let assignments = world.assignments.get(node);
  if (assignments === undefined) {
    assignments = new Map();
    world.assignments.set(node, assignments);
  }
  return assignments;
}

/** Keeps who is still to take an application off in step with what they were told last. */
export function noteLeaving({ leaving }: World, { node, app, intent }: AssignmentRecord): void {
  const nodes = leaving.get(app);
  if (intent !== 'remove') nodes?.delete(node);
  else if (nodes === undefined) leaving.set(app, new Set([node]));
  else nodes.add(node);
}

export function activeRollout(world: World, app: string, env: string): ActiveRollout | undefined {
  const id = world.activeByEnv.get(envKey(app, env));
  return id === undefined ? undefined : world.rollouts.get(id);
}

export function statusOf(entry: NodeEntry, app: AppName): AppStatus | undefined {
  return entry.record.status?.apps.find((status) => status.app === app);
}

export const isMemberCandidate = ({ record }: NodeEntry): boolean => !record.decommissioned;

export function livenessOfNode(world: World, node: NodeName): Liveness {
  return livenessOf(world.liveness, node);
}

/** A node as selectors see it. */
export const attributedOf = ({ name, labels, status }: NodeRecord): NamedNode => ({
  name,
  labels,
  facts: status?.facts,
});

/** A node as the engine wants to know it. */
export function planNodeOf(world: World, entry: NodeEntry, app: AppName): PlanNode {
  const { name } = entry.record;
  const status = statusOf(entry, app);
  const given = world.assignments.get(name)?.get(app);
  return {
    ...attributedOf(entry.record),
    liveness: livenessOfNode(world, name),
    serving: status !== undefined && isServing(status),
    deployed: status?.current !== undefined,
    current: status?.current,
    currentConfigRevision:
      given === undefined || given.liveConfigRevision === '' ? undefined : given.liveConfigRevision,
    staged: status?.staged ?? [],
    ...(status?.restarts === undefined ? {} : { restarts: status.restarts }),
    assigned:
      given === undefined
        ? undefined
        : {
            generation: given.generation,
            intent: given.intent,
            digest: given.digest,
            configRevision: given.configRevision,
            state: given.state,
            ...(given.database === true ? { database: true } : {}),
            ...(given.recalled === undefined ? {} : { recalled: given.recalled }),
          },
    ...(given?.standby === true ? { standby: true } : {}),
    ...(status?.standby === true ? { idle: true } : {}),
  };
}

export function provenTarget(env: EnvironmentRecord): Target | undefined {
  return env.proven[0];
}

/** The environments' names of the application that has this name, for error messages. */
export function environmentNames(world: World, app: AppName): readonly EnvName[] {
  return environmentsOf(world, app).map(({ name }) => name);
}

/** The environment was described anew, or locked: whether it is open is judged again, soon. */
export function judgeAnew(world: World, key: EnvKey): void {
  world.edges.delete(key);
  world.judged = { at: world.judged.at, until: 0 };
}
