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
  AssignmentRecord,
  Changes,
  EnvironmentRecord,
  NewEvent,
  NodeRecord,
} from '../ports/state-store.js';
import { Rows } from './rows.js';
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
  noteLeaving,
  releasesOf,
  specOf,
  type World,
} from './world.js';

const releaseKey = ({ app, version }: Pick<Release, 'app' | 'version'>): string => `${app}@${version}`;

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

  /** What the transaction writes. */
  readonly #rows = new Rows();

  constructor(world: World, now: number, up: number) {
    this.world = world;
    this.now = now;
    this.up = up;
  }

  event(kind: string, message: string, fields: EventFields = {}): void {
    const blank = { actor: byItself, app: '', env: '', node: '', rollout: '', reason: '' };
    this.#rows.events.push({ time: this.now, kind, message, ...blank, ...fields });
  }

  putApplication(name: AppName, text: string): void {
    this.world.applications.set(name, { text, spec: specOf(this.world, name) });
    this.#rows.applications.put(name, { name, text });
  }

  /** With its releases and all that is known of them. Nothing may be left of its environments, and no node be told of it. */
  removeApplication(app: AppName): void {
    const { applications, releases, builds, poison, locks, members, autoDue, leaving } = this.world;
    for (const build of [...builds.values()]) if (build.app === app) this.removeBuild(build);
    for (const record of [...poison.values()]) if (record.app === app) this.removePoison(record.digest);
    for (const lock of [...locks.values()]) if (lock.app === app) this.removeLock(lock);
    for (const { version } of releases.get(app)?.values() ?? [])
      this.#rows.releases.remove(releaseKey({ app, version }), { app, version });
    for (const known of [applications, releases, members, autoDue, leaving]) known.delete(app);
    this.#rows.applications.remove(app, app);
  }

  putEnvironment(environment: EnvironmentRecord): void {
    const key = envKey(environment.app, environment.name);
    const isDescribedAnew = this.world.environments.get(key)?.spec !== environment.spec;
    this.world.environments.set(key, environment);
    if (isDescribedAnew) {
      judgeAnew(this.world, key);
      this.#judgeMembers(environment.app);
    }
    this.#rows.environments.put(key, environment);
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
    this.world.crowded.delete(key);
    this.world.closures.delete(key);
    this.world.edges.delete(key);
    this.#rows.environments.remove(key, { app: environment.app, name: environment.name });
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
    this.#rows.poison.put(record.digest, record);
  }

  removePoison(digest: Digest): void {
    const app = this.world.poison.get(digest)?.app;
    if (app !== undefined) this.moved.add(app);
    this.world.poison.delete(digest);
    this.#rows.poison.remove(digest, digest);
  }

  putLock(lock: Lock): void {
    this.world.locks.set(lockKey(lock), lock);
    this.#judgeAnew(lock);
    this.#rows.locks.put(lockKey(lock), lock);
  }

  removeLock(lock: Lock): void {
    this.world.locks.delete(lockKey(lock));
    this.#judgeAnew(lock);
    this.#rows.locks.remove(lockKey(lock), lock);
    this.moved.add(lock.app);
  }

  #judgeAnew({ app, env }: Lock): void {
    const inScope = environmentsOf(this.world, app).filter(({ name }) => name === (env ?? name));
    for (const { name } of inScope) judgeAnew(this.world, envKey(app, name));
  }

  putToken(token: JoinToken): void {
    this.world.tokens.set(token.hash, token);
    this.#rows.tokens.put(token.hash, token);
  }

  removeToken(hash: string): void {
    this.world.tokens.delete(hash);
    this.#rows.tokens.remove(hash, hash);
  }

  putOperator(operator: Operator): void {
    this.world.operators.set(operator.hash, operator);
    this.#rows.operators.put(operator.hash, operator);
  }

  removeOperator(hash: string): void {
    this.world.operators.delete(hash);
    this.#rows.operators.remove(hash, hash);
  }

  putIdentity(identity: Identity): void {
    this.world.identities.set(identity.node, identity);
    this.#rows.identities.put(identity.node, identity);
  }

  removeIdentity(node: NodeName): void {
    if (this.world.identities.delete(node)) this.#rows.identities.remove(node, node);
  }

  #refreshSpec(app: AppName): void {
    const known = this.world.applications.get(app);
    if (known !== undefined) known.spec = specOf(this.world, app);
  }

  putRelease(release: Release): void {
    releasesOf(this.world, release.app).set(release.version, release);
    this.#rows.releases.put(releaseKey(release), release);
    this.moved.add(release.app);
  }

  putBuild(build: BuildRecord): void {
    const key = buildKey(build.app, build.digest);
    this.world.builds.set(key, build);
    this.#rows.builds.put(key, build);
    this.moved.add(build.app);
  }

  removeBuild(build: BuildRecord): void {
    const key = buildKey(build.app, build.digest);
    this.world.builds.delete(key);
    this.#rows.builds.remove(key, { app: build.app, digest: build.digest });
  }

  putConfig(revision: string, config: Readonly<Record<string, string>>): void {
    if (this.world.configs.has(revision)) return;
    this.world.configs.set(revision, config);
    this.#rows.configs.put(revision, { revision, config });
  }

  removeConfig(revision: string): void {
    this.world.configs.delete(revision);
    this.#rows.configs.remove(revision, revision);
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
    noteLeaving(this.world, assignment);
    this.#rows.assignments.put(`${assignment.node} ${assignment.app}`, assignment);
    this.look(assignment.node, assignment.app);
    this.shareOut(assignment);
  }

  /** Keeps the node's share of the fleet's bandwidth in step with how far it has come. */
  shareOut(assignment: AssignmentRecord): void {
    if (shareOut(this.world, assignment, this.up) < 0) this.freed = true;
  }

  removeAssignment(node: NodeName, app: AppName): void {
    this.world.assignments.get(node)?.delete(app);
    this.world.leaving.get(app)?.delete(node);
    if (takeShare(this.world, node, app) < 0) this.freed = true;
    this.#rows.assignments.remove(`${node} ${app}`, { node, app });
    this.look(node, app);
    this.woken.add(node);
  }

  /** Writes a new or changed rollout and those of its nodes that changed; an ended one leaves the world. */
  putRollout(rollout: ActiveRollout, changedNodes: Iterable<[NodeName, RolloutNode | undefined]>): void {
    const { id, app, env } = rollout.record.header;
    this.touchedRollouts.add(id);
    this.#rows.rollouts.put(id, rollout.record);
    for (const [name, node] of changedNodes) {
      const key = `${id} ${name}`;
      if (node === undefined) {
        this.#rows.rolloutNodes.remove(key, { rollout: id, node: name });
        // It may belong to another environment by now, which had to wait until it has no part in this one.
        this.look(name, app);
      } else {
        this.#rows.rolloutNodes.put(key, { rollout: id, node });
      }
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
    if (persist || this.#rows.nodes.has(record.name)) this.#rows.nodes.put(record.name, record);
  }

  /** Of a node that was decommissioned: nothing is known of it any more. */
  removeNode(name: NodeName): void {
    this.world.nodes.delete(name);
    this.world.assignments.delete(name);
    this.#rows.nodes.remove(name, name);
  }

  answer(record: AnswerRecord): void {
    this.#rows.answers.push(record);
  }

  /** Has the counters written down though nothing else is. */
  keepTime(): void {
    this.#rows.keepsTime = true;
  }

  /** Undefined if nothing is to be written. */
  changes(): Changes | undefined {
    return this.#rows.changes();
  }
}
