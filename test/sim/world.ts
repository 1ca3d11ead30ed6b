import { getKey, valuesOf } from '../../coordinator/core/collections/hash-map.js';
import {
  type FetchRoom,
  type FetchShares,
  noShares,
  roomOf,
  withShare,
} from '../../coordinator/core/fetch-shares.js';
import { isPastDatabase, noReturn } from '../../coordinator/core/rollout/database.js';
import { decide, nextWake } from '../../coordinator/core/rollout/decide.js';
import { loadRollout } from '../../coordinator/core/rollout/load.js';
import { planRollout } from '../../coordinator/core/rollout/planning/plan.js';
import type { Decision, Effect } from '../../coordinator/core/rollout/types/effects.js';
import type { OperatorAction, RolloutEvent } from '../../coordinator/core/rollout/types/events.js';
import type { RolloutNode } from '../../coordinator/core/rollout/types/node.js';
import type { Closure, Target } from '../../coordinator/core/rollout/types/plan.js';
import type { RolloutHeader, RolloutState } from '../../coordinator/core/rollout/types/rollout.js';
import type { Digest, NodeName, ReleaseVersion } from '../../shared/model/ids.js';
import type { AppStatus } from '../../shared/model/node-status.js';
import type { DatabaseFact } from '../../shared/model/release.js';
import { type RolloutCause, terminalRolloutStatuses } from '../../shared/model/rollout.js';
import { type Fate, SimAgent } from './agent.js';
import { app, env, nodeName, rolloutId, target } from './fixtures.js';
import type { Scenario } from './scenario.js';

/** One event and what the engine made of it; the first of a rollout has no `before`. */
export interface Transition {
  readonly before: RolloutState | undefined;
  readonly event: RolloutEvent | { readonly kind: 'plan' };
  readonly decision: Decision;
  readonly now: number;
  /** What was left of the fleet's bandwidth before. */
  readonly room: FetchRoom;
}

type Observer = (world: World, transition: Transition) => void;

/** A fleet, a clock and an engine. Everything that happens is told to the observer, after the agents were told. */
export class World {
  readonly scenario: Scenario;
  readonly agents = new Map<NodeName, SimAgent>();
  /** What the coordinator last heard of each node. */
  readonly heard = new Map<NodeName, AppStatus>();
  readonly joined = new Set<NodeName>();
  now = 1_000;
  nextGeneration = 1;
  proven: Target | undefined;
  state: RolloutState;
  plannedFrom: ReadonlyMap<NodeName, SimAgent>;
  /** As the coordinator counts them. */
  shares: FetchShares;
  /** Why nothing may be started in the environment. */
  closure: Closure | undefined;
  /** Releases of which a node said that it has run the database step. */
  readonly migrated = new Set<Digest>();
  /** Of the newest database step that cannot be reversed and that a node said has begun. */
  barrier = 0;
  private releases = 2;
  private values = 0;
  private readonly observe: Observer;

  constructor(scenario: Scenario, observe: Observer) {
    this.scenario = scenario;
    this.observe = observe;
    this.proven = scenario.first ? undefined : target(1);
    scenario.nodes.forEach(({ state }, at) => {
      const release = state === 'empty' || scenario.first ? undefined : target(1);
      const agent = this.addAgent(`n${at}`, at, release);
      if (state === 'ill') agent.healthy = false;
      if (state === 'silent' || state === 'lost') agent.liveness = state;
      this.heard.set(agent.name, agent.status());
    });
    this.plannedFrom = new Map();
    this.shares = noShares(scenario.bandwidth);
    this.state = this.plan(
      scenario.cause === 'restart' ? (this.proven ?? this.release(2)) : this.release(2),
      scenario.prestage ? 'stage' : scenario.cause,
    );
  }

  private release(number: number): Target {
    const { database } = this.scenario;
    const has = database !== undefined && number % 2 === 0;
    const fact = { reversible: database === 'reversible', timeoutMs: 1_800_000 };
    const values = `c${String(this.values).padStart(7, '0')}`;
    return target(number, this.values === 0 ? undefined : values, has ? fact : undefined);
  }

  /** The database step that a rollout to this release has to begin with. */
  dueStep({ release }: Target): DatabaseFact | undefined {
    return this.migrated.has(release.digest) ? undefined : release.database;
  }

  addAgent(name: string, at: number, current: Target | undefined): SimAgent {
    const agent = new SimAgent(nodeName(name), { zone: `z${at % this.scenario.zones}` }, current);
    this.agents.set(agent.name, agent);
    return agent;
  }

  /** Nobody starts a rollout in a freeze: the orchestrator refuses it before the engine hears of it. */
  get isShut(): boolean {
    return this.closure?.kind === 'freeze';
  }

  /** A rollout of the next release, or of what was staged; or of the same one with other values. */
  supersede(by: 'release' | 'values'): void {
    const before = this.isOver ? undefined : this.state;
    if (!this.isOver) this.operator('supersede');
    if (by === 'values') this.values += 1;
    else if (this.state.header.cause !== 'stage') this.releases += 1; // else what was staged is deployed
    this.state = this.plan(this.release(this.releases), this.scenario.cause, before);
  }

  /** A rollout of what was proven last; nothing if nothing was. */
  returnToProven(): void {
    if (this.proven === undefined) return;
    const before = this.isOver ? undefined : this.state;
    if (!this.isOver) this.operator('supersede');
    this.state = this.plan(this.proven, 'deploy', before);
  }

  private plan(to: Target, cause: RolloutCause, before?: RolloutState): RolloutState {
    const { scenario, now } = this;
    const room = roomOf(this.shares);
    this.joined.clear();
    this.plannedFrom = new Map(this.agents);
    const nodes = [...this.agents.values()].map((agent) => ({ ...agent.planNode(), ...this.known(agent) }));
    const decision = planRollout(
      {
        id: rolloutId(`r${this.releases}`),
        app,
        env,
        cause,
        strategy: scenario.strategy,
        join: scenario.join,
        to,
        from: this.proven,
        nodes,
        requestedBy: 'ann',
        requestedReason: '',
        startedAt: '2026-01-01T00:00:00Z',
        database: this.dueStep(to),
        pastReturn: this.pastReturn(before),
        closed: this.closure,
      },
      now,
      this.nextGeneration,
      room,
    );
    this.commit({ before: undefined, event: { kind: 'plan' }, decision, now, room });
    return decision.state;
  }

  private pastReturn(before: RolloutState | undefined): ReleaseVersion | undefined {
    if (numberOf(this.proven) < this.barrier) return target(this.barrier).release.version;
    return before === undefined || noReturn(before) === undefined
      ? undefined
      : before.header.to.release.version;
  }

  private known(agent: SimAgent): { readonly serving: boolean } {
    const status = this.heard.get(agent.name);
    return { serving: status?.ready === true && status.health !== 'unhealthy' };
  }

  private commit(transition: Transition): void {
    const { decision } = transition;
    this.nextGeneration = decision.nextGeneration;
    this.state = decision.state;
    this.observe(this, transition);
    for (const effect of decision.effects) this.carryOut(effect, decision.state.header);
    this.serveWaiting();
  }

  /** Who has fetched, is lost or gone lets go of its share, and whoever waits for one is asked again. */
  private serveWaiting(): void {
    const before = this.shares.sum;
    for (const [name, agent] of this.agents) {
      const heard = this.heard.get(name);
      const wanted = agent.inbox ?? agent.task;
      const told = heard !== undefined && heard.generation === wanted?.generation && heard.phase !== 'idle';
      const over = agent.liveness === 'lost' || (told && heard.phase !== 'staging');
      if (over) this.shares = withShare(this.shares, name, 0);
    }
    if (this.shares.sum < before && this.state.header.awaitsTurn && !this.isOver) this.send({ kind: 'tick' });
  }

  private carryOut(effect: Effect, { to, from }: RolloutHeader): void {
    if (effect.kind === 'finish' && effect.proven) this.proven = to;
    if (effect.kind !== 'assign') return;
    this.shares = withShare(this.shares, effect.node, effect.fetchBytesPerSecond);
    this.agents.get(effect.node)?.assign(effect, effect.target === 'to' ? to : (from ?? to));
  }

  send(event: RolloutEvent): Decision {
    const before = this.state;
    const room = roomOf(this.shares);
    const decision = decide(before, event, this.now, this.nextGeneration, room);
    this.commit({ before, event, decision, now: this.now, room });
    return decision;
  }

  get isOver(): boolean {
    return terminalRolloutStatuses.has(this.state.header.status);
  }

  rowOf(name: NodeName): RolloutNode | undefined {
    return getKey(this.state.nodes, name);
  }

  report(agent: SimAgent): void {
    const status = agent.status();
    this.heard.set(agent.name, status);
    const { task } = agent;
    if (task?.database === true && task.generation === status.generation) {
      if (isPastDatabase(status)) this.migrated.add(task.target.release.digest);
      if (status.pastReturn === true) this.barrier = Math.max(this.barrier, numberOf(task.target));
    }
    this.send({ kind: 'nodeReported', node: agent.name, status });
  }

  operator(action: OperatorAction, nodes: readonly NodeName[] = []): void {
    this.send({ kind: 'operator', action, nodes, by: 'ann', reason: '' });
  }

  setLiveness(agent: SimAgent, liveness: SimAgent['liveness']): void {
    if (agent.liveness === liveness) return;
    agent.liveness = liveness;
    // It goes on fetching, so it counts again, even if that is more than the budget for a while.
    if (liveness === 'connected') this.shares = withShare(this.shares, agent.name, agent.fetching);
    this.send({ kind: 'nodeLiveness', node: agent.name, liveness });
    if (liveness !== 'connected') return;
    agent.receive();
    this.report(agent);
  }

  stepAll(fate: Fate): boolean {
    let moved = false;
    for (const agent of this.agents.values()) moved = this.step(agent, fate) || moved;
    return moved;
  }

  step(agent: SimAgent, fate: Fate): boolean {
    if (agent.liveness !== 'connected' || !agent.step(this.fateOf(agent, fate))) return false;
    this.report(agent);
    return true;
  }

  private fateOf({ task }: SimAgent, fate: Fate): Fate {
    const isNewer = numberOf(task?.target) > numberOf(this.proven);
    return fate === 'good' && isNewer ? this.scenario.newer : fate;
  }

  wake(): boolean {
    const at = nextWake(this.state);
    if (at === undefined) return false;
    this.now = Math.max(this.now, at);
    this.send({ kind: 'tick' });
    return true;
  }

  close(closure: Closure | undefined): void {
    this.closure = closure;
    this.send({ kind: 'closure', closure });
  }

  /** The coordinator is killed and comes back with what it had stored. */
  crash(): void {
    const header = JSON.parse(JSON.stringify(this.state.header)) as RolloutHeader;
    const nodes = JSON.parse(JSON.stringify([...valuesOf(this.state.nodes)])) as RolloutNode[];
    this.state = loadRollout(header, nodes);
  }

  /** Lets time pass and agents work, with nobody at the controls, until nothing moves any more. */
  settle(): boolean {
    if (this.state.header.frozenSince !== undefined) this.send({ kind: 'freeze', frozen: false });
    this.close(undefined);
    for (const agent of this.agents.values())
      if (agent.liveness === 'silent') this.setLiveness(agent, 'lost');
    for (let round = 0; round < 600; round++) {
      if (this.isOver) return true;
      if (!this.stepAll('good') && !this.wake()) return true;
    }
    return false;
  }
}

const numberOf = (of: Target | undefined): number => Number.parseInt(of?.release.version ?? '0', 10);
