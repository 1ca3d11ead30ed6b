import type { AppName, Digest, NodeName, RolloutId } from '../../shared/model/ids.js';
import type { Lock } from '../../shared/model/lock.js';
import type { Release } from '../../shared/model/release.js';
import type { Identity } from '../core/enrolment/identities.js';
import type { JoinToken } from '../core/enrolment/tokens.js';
import type { Operator } from '../core/operators/operator.js';
import type { PoisonRecord } from '../core/poison.js';
import type { BuildRecord } from '../core/promotion/types.js';
import type { RolloutNode } from '../core/rollout/types/node.js';
import { byItself } from '../ports/operations.js';
import type {
  AnswerRecord,
  ApplicationRecord,
  AssignmentRecord,
  Changes,
  EnvironmentRecord,
  NewEvent,
  NodeRecord,
  RolloutRecord,
} from '../ports/state-store.js';
import { shareOut, takeShare } from './shares.js';
import { environmentOf } from './tending/members.js';
import {
  type ActiveRollout,
  assignmentsOf,
  buildKey,
  type EnvKey,
  environmentsOf,
  envKey,
  judgeAnew,
  lockKey,
  releasesOf,
  specOf,
  type World,
} from './world.js';

/** Who did what to which; everything is optional but the sentence. */
export type EventFields = Partial<Omit<NewEvent, 'time' | 'kind' | 'message'>>;

/**
 * What one turn of the loop changes: each method changes the world in memory and notes the row, so that all rows
 * and their events are committed in one transaction.
 */
export class Batch {
  readonly world: World;
  /** Milliseconds since the epoch; for records. */
  readonly now: number;
  /** Up-time, see `MetaRecord`; for deadlines. */
  readonly up: number;
  /** Nodes whose desired state has changed. */
  readonly woken = new Set<NodeName>();
  /** Rollouts and nodes that watchers are to be told of. */
  readonly touchedRollouts = new Set<RolloutId>();
  readonly touchedNodes = new Set<NodeName>();
  /** Environments whose nodes may be due for the proven release; of these nodes it is to be looked at, or of all. */
  readonly unsettled = new Map<EnvKey, Set<NodeName> | 'all'>();
  /** Applications that may be taken to a newer release by themselves now. */
  readonly moved = new Set<AppName>();
  /** True if some of the fleet's bandwidth became free: whoever waits for it is to be asked. */
  freed = false;

  readonly #applications = new Map<AppName, ApplicationRecord>();
  readonly #environments = new Map<string, EnvironmentRecord>();
  readonly #removedEnvironments = new Map<string, EnvironmentRecord>();
  readonly #releases: Release[] = [];
  readonly #builds = new Map<string, BuildRecord>();
  readonly #removedBuilds = new Map<string, BuildRecord>();
  readonly #rollouts = new Map<RolloutId, RolloutRecord>();
  readonly #rolloutNodes = new Map<RolloutId, Map<NodeName, RolloutNode | undefined>>();
  readonly #assignments = new Map<NodeName, Map<AppName, AssignmentRecord | undefined>>();
  readonly #configs = new Map<string, Readonly<Record<string, string>>>();
  readonly #removedConfigs = new Set<string>();
  readonly #nodes = new Map<NodeName, NodeRecord>();
  readonly #removedNodes = new Set<NodeName>();
  readonly #poison = new Map<Digest, PoisonRecord | undefined>();
  readonly #locks = new Map<string, { readonly lock: Lock; readonly isGone: boolean }>();
  readonly #tokens = new Map<string, JoinToken | undefined>();
  readonly #identities = new Map<NodeName, Identity | undefined>();
  readonly #operators = new Map<string, Operator | undefined>();
  readonly #events: NewEvent[] = [];
  readonly #answers: AnswerRecord[] = [];
  #keepsTime = false;

  constructor(world: World, now: number, up: number) {
    this.world = world;
    this.now = now;
    this.up = up;
  }

  event(kind: string, message: string, fields: EventFields = {}): void {
    const blank = { actor: byItself, app: '', env: '', node: '', rollout: '', reason: '' };
    this.#events.push({ time: this.now, kind, message, ...blank, ...fields });
  }

  putApplication(name: AppName, text: string): void {
    this.world.applications.set(name, { text, spec: specOf(this.world, name) });
    this.#applications.set(name, { name, text });
  }

  putEnvironment(environment: EnvironmentRecord): void {
    const key = envKey(environment.app, environment.name);
    const isDescribedAnew = this.world.environments.get(key)?.spec !== environment.spec;
    this.world.environments.set(key, environment);
    if (isDescribedAnew) {
      judgeAnew(this.world, key);
      this.#judgeMembers(environment.app);
    }
    this.#environments.set(key, environment);
    this.#removedEnvironments.delete(key);
    this.#refreshSpec(environment.app);
    this.unsettled.set(key, 'all');
    this.moved.add(environment.app);
  }

  removeEnvironment(environment: EnvironmentRecord): void {
    const key = envKey(environment.app, environment.name);
    this.world.environments.delete(key);
    this.world.rosters.delete(key);
    this.#judgeMembers(environment.app);
    this.world.autoHeld.delete(key);
    this.world.closures.delete(key);
    this.world.edges.delete(key);
    this.#environments.delete(key);
    this.#removedEnvironments.set(key, environment);
    this.#refreshSpec(environment.app);
  }

  /** What one environment selects decides who belongs to the others as well. */
  #judgeMembers(app: AppName): void {
    this.world.members.delete(app);
    this.#unsettle(app);
  }

  #unsettle(app: AppName): void {
    for (const { name } of environmentsOf(this.world, app)) this.unsettled.set(envKey(app, name), 'all');
  }

  putPoison(record: PoisonRecord): void {
    this.world.poison.set(record.digest, record);
    this.#poison.set(record.digest, record);
  }

  removePoison(digest: Digest): void {
    const app = this.world.poison.get(digest)?.app;
    if (app !== undefined) this.moved.add(app);
    this.world.poison.delete(digest);
    this.#poison.set(digest, undefined);
  }

  putLock(lock: Lock): void {
    this.world.locks.set(lockKey(lock), lock);
    this.#judgeAnew(lock);
    this.#locks.set(lockKey(lock), { lock, isGone: false });
  }

  removeLock(lock: Lock): void {
    this.world.locks.delete(lockKey(lock));
    this.#judgeAnew(lock);
    this.#locks.set(lockKey(lock), { lock, isGone: true });
    this.moved.add(lock.app);
  }

  #judgeAnew({ app, env }: Lock): void {
    const inScope = environmentsOf(this.world, app).filter(({ name }) => name === (env ?? name));
    for (const { name } of inScope) judgeAnew(this.world, envKey(app, name));
  }

  putToken(token: JoinToken): void {
    this.world.tokens.set(token.hash, token);
    this.#tokens.set(token.hash, token);
  }

  removeToken(hash: string): void {
    this.world.tokens.delete(hash);
    this.#tokens.set(hash, undefined);
  }

  putOperator(operator: Operator): void {
    this.world.operators.set(operator.hash, operator);
    this.#operators.set(operator.hash, operator);
  }

  removeOperator(hash: string): void {
    this.world.operators.delete(hash);
    this.#operators.set(hash, undefined);
  }

  putIdentity(identity: Identity): void {
    this.world.identities.set(identity.node, identity);
    this.#identities.set(identity.node, identity);
  }

  removeIdentity(node: NodeName): void {
    if (this.world.identities.delete(node)) this.#identities.set(node, undefined);
  }

  #refreshSpec(app: AppName): void {
    const known = this.world.applications.get(app);
    if (known !== undefined) known.spec = specOf(this.world, app);
  }

  putRelease(release: Release): void {
    releasesOf(this.world, release.app).set(release.version, release);
    this.#releases.push(release);
    this.moved.add(release.app);
  }

  putBuild(build: BuildRecord): void {
    const key = buildKey(build.app, build.digest);
    this.world.builds.set(key, build);
    this.#builds.set(key, build);
    this.#removedBuilds.delete(key);
    this.moved.add(build.app);
  }

  removeBuild(build: BuildRecord): void {
    const key = buildKey(build.app, build.digest);
    this.world.builds.delete(key);
    this.#builds.delete(key);
    this.#removedBuilds.set(key, build);
  }

  putConfig(revision: string, config: Readonly<Record<string, string>>): void {
    if (this.world.configs.has(revision)) return;
    this.world.configs.set(revision, config);
    this.#configs.set(revision, config);
    this.#removedConfigs.delete(revision);
  }

  removeConfig(revision: string): void {
    this.world.configs.delete(revision);
    this.#configs.delete(revision);
    this.#removedConfigs.add(revision);
  }

  /** The node has changed: it is looked at in its environment of the application. */
  look(node: NodeName, app: AppName): void {
    const env = environmentOf(this.world, app, node);
    if (env !== undefined) this.lookIn(envKey(app, env), node);
  }

  /** @param node undefined: nobody has changed, but one that waits for bandwidth may have its turn */
  lookIn(key: EnvKey, node: NodeName | undefined): void {
    if (this.world.activeByEnv.has(key)) return;
    let nodes = this.unsettled.get(key);
    if (nodes === 'all') return;
    if (nodes === undefined) {
      nodes = new Set();
      this.unsettled.set(key, nodes);
    }
    if (node !== undefined) nodes.add(node);
  }

  putAssignment(assignment: AssignmentRecord): void {
    assignmentsOf(this.world, assignment.node).set(assignment.app, assignment);
    this.#noteAssignment(assignment.node, assignment.app, assignment);
    this.look(assignment.node, assignment.app);
    this.shareOut(assignment);
  }

  /** Keeps the node's share of the fleet's bandwidth in step with how far it has come. */
  shareOut(assignment: AssignmentRecord): void {
    if (shareOut(this.world, assignment, this.up) < 0) this.freed = true;
  }

  removeAssignment(node: NodeName, app: AppName): void {
    this.world.assignments.get(node)?.delete(app);
    if (takeShare(this.world, node, app) < 0) this.freed = true;
    this.#noteAssignment(node, app, undefined);
    this.look(node, app);
    this.woken.add(node);
  }

  #noteAssignment(node: NodeName, app: AppName, assignment: AssignmentRecord | undefined): void {
    let noted = this.#assignments.get(node);
    if (noted === undefined) {
      noted = new Map();
      this.#assignments.set(node, noted);
    }
    noted.set(app, assignment);
  }

  /** Writes a new or changed rollout and those of its nodes that changed; an ended one leaves the world. */
  putRollout(rollout: ActiveRollout, changedNodes: Iterable<[NodeName, RolloutNode | undefined]>): void {
    const { id, app, env } = rollout.record.header;
    this.touchedRollouts.add(id);
    this.#rollouts.set(id, rollout.record);
    let rows = this.#rolloutNodes.get(id);
    if (rows === undefined) {
      rows = new Map();
      this.#rolloutNodes.set(id, rows);
    }
    for (const [name, node] of changedNodes) {
      rows.set(name, node);
      // It may belong to another environment by now, which had to wait until it has no part in this one.
      if (node === undefined) this.look(name, app);
    }
    if (rollout.record.endedAt === undefined) {
      this.world.rollouts.set(id, rollout);
      this.world.activeByEnv.set(envKey(app, env), id);
      return;
    }
    this.world.rollouts.delete(id);
    const key = envKey(app, env);
    if (this.world.activeByEnv.get(key) === id) this.world.activeByEnv.delete(key);
    this.moved.add(app);
    // Nodes of the rollout may belong to another environment by now, which had to wait for its end.
    this.#unsettle(app);
  }

  putNode(record: NodeRecord, persist = true): void {
    const entry = this.world.nodes.get(record.name);
    if (entry === undefined) this.world.nodes.set(record.name, { record, session: '', sequence: 0 });
    else entry.record = record;
    this.touchedNodes.add(record.name);
    if (persist || this.#nodes.has(record.name)) this.#nodes.set(record.name, record);
    this.#removedNodes.delete(record.name);
  }

  /** Of a node that was decommissioned: nothing is known of it any more. */
  removeNode(name: NodeName): void {
    this.world.nodes.delete(name);
    this.world.assignments.delete(name);
    this.#nodes.delete(name);
    this.#removedNodes.add(name);
  }

  answer(record: AnswerRecord): void {
    this.#answers.push(record);
  }

  /** Has the counters written down though nothing else is. */
  keepTime(): void {
    this.#keepsTime = true;
  }

  /** Undefined if nothing is to be written. */
  changes(): Changes | undefined {
    const rolloutNodes = [...this.#rolloutNodes].flatMap(([rollout, rows]) =>
      [...rows].map(([name, node]) => ({ rollout, name, node })),
    );
    const assignments = [...this.#assignments].flatMap(([node, rows]) =>
      [...rows].map(([app, assignment]) => ({ node, app, assignment })),
    );
    const locks = [...this.#locks.values()];
    const changes: Changes = {
      applications: [...this.#applications.values()],
      environments: [...this.#environments.values()],
      removedEnvironments: [...this.#removedEnvironments.values()].map(({ app, name }) => ({ app, name })),
      releases: this.#releases,
      builds: [...this.#builds.values()],
      removedBuilds: [...this.#removedBuilds.values()].map(({ app, digest }) => ({ app, digest })),
      rollouts: [...this.#rollouts.values()],
      rolloutNodes: rolloutNodes.flatMap(({ rollout, node }) =>
        node === undefined ? [] : [{ rollout, node }],
      ),
      removedRolloutNodes: rolloutNodes.flatMap(({ rollout, name, node }) =>
        node === undefined ? [{ rollout, node: name }] : [],
      ),
      assignments: assignments.flatMap(({ assignment }) => (assignment === undefined ? [] : [assignment])),
      removedAssignments: assignments.flatMap(({ node, app, assignment }) =>
        assignment === undefined ? [{ node, app }] : [],
      ),
      configs: [...this.#configs].map(([revision, config]) => ({ revision, config })),
      removedConfigs: [...this.#removedConfigs],
      nodes: [...this.#nodes.values()],
      removedNodes: [...this.#removedNodes],
      poison: [...this.#poison.values()].filter((record) => record !== undefined),
      removedPoison: goneOf(this.#poison),
      locks: locks.flatMap(({ lock, isGone }) => (isGone ? [] : [lock])),
      removedLocks: locks.flatMap(({ lock, isGone }) => (isGone ? [lock] : [])),
      tokens: [...this.#tokens.values()].filter((token) => token !== undefined),
      removedTokens: goneOf(this.#tokens),
      identities: [...this.#identities.values()].filter((identity) => identity !== undefined),
      removedIdentities: goneOf(this.#identities),
      operators: [...this.#operators.values()].filter((operator) => operator !== undefined),
      removedOperators: goneOf(this.#operators),
      events: this.#events,
      answers: this.#answers,
    };
    const some = Object.values(changes).some((rows: readonly unknown[]) => rows.length > 0);
    return some || this.#keepsTime ? changes : undefined;
  }
}

const goneOf = <Key>(rows: ReadonlyMap<Key, unknown>): readonly Key[] =>
  [...rows].flatMap(([key, row]) => (row === undefined ? [key] : []));
