import type { DesiredState } from '../shared/model/desired-state.js';
import type { CapstanError } from '../shared/model/errors.js';
import type { Epoch, NodeName, RestoreId, RolloutId } from '../shared/model/ids.js';
import type { NodeStatus } from '../shared/model/node-status.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Logger } from '../shared/ports/logger.js';
import type { Random } from '../shared/ports/random.js';
import { decideLiveness, type LivenessEvent, type LivenessLimits } from './core/liveness.js';
import { Batch } from './orchestrator/batch.js';
import { Answers } from './orchestrator/commands/answers.js';
import type { DeployContext } from './orchestrator/commands/deploy.js';
import { createOperations } from './orchestrator/commands/operations.js';
import { DesiredStates } from './orchestrator/desired-states.js';
import { doDue, isDue } from './orchestrator/due.js';
import { createEnrolment } from './orchestrator/enrolment/enrolment.js';
import { HeardEpochs, openEpoch, outrankedHint, outrankedText, standDown } from './orchestrator/epochs.js';
import { isJudged, judgeClosures } from './orchestrator/locks/closures.js';
import { Loop } from './orchestrator/loop.js';
import {
  isKnown,
  peerNodeOf,
  resync,
  takeArrival,
  takeLiveness,
  takeSuspicion,
} from './orchestrator/nodes.js';
import { createOperators } from './orchestrator/operators/operators.js';
import { createOutbox } from './orchestrator/outbox.js';
import { autoDeploy } from './orchestrator/promotion/auto-deploy.js';
import { takeReport } from './orchestrator/reports.js';
import { serveWaiting } from './orchestrator/rollouts/carry-out.js';
import { tendAll } from './orchestrator/tending/tend.js';
import { UpTime } from './orchestrator/up-time.js';
import { Upkeep } from './orchestrator/upkeep/upkeep.js';
import { createInventory } from './orchestrator/views/inventory.js';
import { Planner } from './orchestrator/views/plan.js';
import { buildWorld, copyForTrial, type World, type WorldLimits } from './orchestrator/world.js';
import type { Enrolment } from './ports/enrolment.js';
import type { Fleet, NodeCaller, Polls } from './ports/fleet.js';
import type { Changed, Inventory } from './ports/inventory.js';
import { byItself, type CallIdentity, type Operations } from './ports/operations.js';
import type { Operators } from './ports/operators.js';
import type { Outbox } from './ports/outbox.js';
import type { PeerNode } from './ports/peers.js';
import type { MetaRecord, StateStore } from './ports/state-store.js';

export interface OrchestratorOptions extends WorldLimits {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly limits: LivenessLimits;
  /** How long events and decommissioned nodes are known, in milliseconds; absent or 0: for ever. */
  readonly keepMs?: number;
  /** What the URL of every asset begins with; absent: there is no store for assets. */
  readonly assetsUrl?: string | undefined;
  /** Base URLs of the stores that agents fetch from, best first; asked when a desired state is given. */
  readonly stores: () => readonly string[];
  readonly configRevision: (config: Readonly<Record<string, string>>) => string;
}

const tickMs = 200;
/** How often the up-time clock is written down when nothing else is. */
const metaEveryMs = 10_000;

/**
 * The coordinator's one loop: takes reports, commands, changes of liveness and the passing of time; lets the pure
 * core decide; commits what was decided with its events in one transaction; tells those who wait.
 */
export class Orchestrator implements Fleet {
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly outbox: Outbox;
  readonly enrolment: Enrolment;
  readonly operators: Operators;
  readonly #options: OrchestratorOptions;
  readonly #loop: Loop<Batch>;
  readonly #listeners = new Set<(changed: Changed) => void>();
  readonly #stop = new AbortController();
  #desired: DesiredStates;
  #world: World;
  #polls: Polls | undefined;
  #ticking: Promise<void> = Promise.resolve();
  readonly #upTime: UpTime;
  readonly #heard = new HeardEpochs();
  #metaAt: number;
  #position: number;

  /** Loads what was committed. Nothing happens by itself before `start`. */
  static async open(options: OrchestratorOptions): Promise<Orchestrator> {
    const snapshot = await options.store.load();
    const up = snapshot.meta.upTimeMs;
    const world = buildWorld(snapshot, options.limits, up, options);
    return new Orchestrator(options, world, up, await options.store.lastEventPosition());
  }

  private constructor(options: OrchestratorOptions, world: World, up: number, position: number) {
    this.#options = options;
    this.#world = world;
    this.#desired = new DesiredStates(world, options.stores);
    this.#upTime = new UpTime(options.clock, up);
    this.#metaAt = up;
    this.#position = position;
    this.#loop = new Loop<Batch>({
      clock: options.clock,
      openBatch: () => this.#openBatch(),
      commit: (batch) => this.#commit(batch),
      recover: (error) => this.#recover(error),
    });
    this.inventory = createInventory({
      world: () => this.#world,
      store: options.store,
      time: () => ({ up: this.#up(), now: options.clock.now() }),
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      planner: new Planner({
        world: () => this.#world,
        store: options.store,
        time: () => ({ up: this.#up(), now: options.clock.now() }),
        context: { revisionOf: options.configRevision, assetsUrl: options.assetsUrl },
        pause: () => this.#pause(1),
      }),
    });
    const answers = new Answers(options.store, this.#loop);
    this.enrolment = createEnrolment({ loop: this.#loop, answers, world: () => this.#world });
    this.operators = createOperators({
      ...{ loop: this.#loop, answers, clock: options.clock, world: () => this.#world },
    });
    this.operations = createOperations({
      loop: this.#loop,
      answers,
      inventory: this.inventory,
      trial: () => this.#batchOn(copyForTrial(this.#world)),
      context: (call) => this.#context(call),
      onDecommission: (node) => {
        this.#live({ kind: 'forgotten', node });
        this.#polls?.expel(node);
      },
    });
    this.outbox = createOutbox({ store: options.store, clock: options.clock, loop: this.#loop });
    this.#watchAll();
  }

  /** @param polls the held polls, to be answered when a node's desired state changes */
  start(polls: Polls): void {
    this.#polls = polls;
    this.#inBackground(openEpoch);
    this.#inBackground(resync);
    this.#ticking = this.#tick();
  }

  /** Commits all that was taken and ends the loop. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ticking;
    await this.#loop.close();
    await this.#options.store.commit({ meta: this.#meta() });
  }

  // --- for the agents

  async nodeArrived(caller: NodeCaller, instance: string): Promise<void> {
    if (isKnown(this.#world, caller, instance)) return;
    await this.#loop.do((batch) => {
      takeArrival(batch, caller, instance);
    });
  }

  revisionOf(node: NodeName): number {
    return this.#desired.revisionOf(node);
  }

  desiredStateOf(node: NodeName): DesiredState {
    return this.#desired.of(node);
  }

  get epoch(): Epoch {
    return this.#world.epoch;
  }

  get restoreId(): RestoreId {
    return this.#world.restoreId;
  }

  outranked(node: NodeName, heard: Epoch): void {
    const seen = this.#heard.take(node, heard, { own: this.epoch, nodes: this.#world.nodes.size });
    if (seen === undefined) return;
    const [message, hint] = [outrankedText(this.epoch, seen), outrankedHint(this.epoch, seen)];
    this.#options.logger.error('epoch.outranked', { epoch: this.epoch, seen, message, hint });
    this.#inBackground((batch) => {
      standDown(batch, seen);
    });
  }

  reportWanted(node: NodeName, session: string): boolean {
    return this.#world.nodes.get(node)?.session !== session;
  }

  async report(node: NodeName, session: string, sequence: number, status: NodeStatus): Promise<void> {
    await this.#loop.do((batch) => {
      takeReport(batch, { node, session, sequence, status });
    });
  }

  pollHeld(node: NodeName): void {
    this.#live({ kind: 'pollHeld', node });
  }

  pollOver(node: NodeName): void {
    this.#live({ kind: 'pollOver', node });
  }

  /** For the choice of peers; undefined if there is no such node. */
  peerNode(node: NodeName): PeerNode | undefined {
    return peerNodeOf(this.#world, node);
  }

  // --- the loop

  #up(): number {
    return this.#upTime.now();
  }

  /** Which environments are open is settled before anything is decided by it. */
  #openBatch(): Batch {
    const batch = this.#batchOn(this.#world);
    if (!isJudged(this.#world, batch.now)) judgeClosures(batch);
    return batch;
  }

  #batchOn(world: World): Batch {
    return new Batch(world, this.#options.clock.now(), this.#up());
  }

  #meta(): MetaRecord {
    const { nextGeneration, epoch, restoreId, restored } = this.#world;
    return {
      ...{ nextGeneration, upTimeMs: this.#up() },
      ...(epoch === 0 ? {} : { epoch }),
      ...(restoreId === '' ? {} : { restoreId }),
      ...(restored === undefined ? {} : { restored }),
    };
  }

  #context({ by }: Pick<CallIdentity, 'by'>): DeployContext {
    const id = `r-${this.#options.random.hex(4)}` as RolloutId;
    const { configRevision: revisionOf, assetsUrl } = this.#options;
    return { id, by, revisionOf, assetsUrl };
  }

  async #commit(batch: Batch): Promise<void> {
    if (batch.freed) serveWaiting(batch);
    for (const app of batch.moved) autoDeploy(batch, app, () => this.#context({ by: byItself }));
    tendAll(batch);
    const changes = batch.changes();
    if (changes !== undefined) {
      const events = await this.#options.store.commit({ ...changes, meta: this.#meta() });
      this.#metaAt = batch.up;
      this.#position = events.at(-1)?.position ?? this.#position;
    }
    for (const node of batch.woken) this.#desired.publish(node);
    this.#polls?.wake(batch.woken);
    if (changes === undefined && batch.touchedNodes.size === 0 && batch.touchedRollouts.size === 0) return;
    const changed = { rollouts: batch.touchedRollouts, nodes: batch.touchedNodes, position: this.#position };
    for (const listener of this.#listeners) listener(changed);
  }

  /** Memory may be ahead of the database: forgets all and loads it again, for as long as it takes. */
  async #recover(error: CapstanError): Promise<boolean> {
    this.#options.logger.error('commit.failed', { error });
    for (let delayMs = 100; ; delayMs = Math.min(5000, delayMs * 2)) {
      try {
        await this.#reload();
        return true;
      } catch (failure) {
        if (this.#stop.signal.aborted) return false;
        this.#options.logger.error('reload.failed', { error: failure, retryAfterMs: delayMs });
        await this.#pause(delayMs);
      }
    }
  }

  async #reload(): Promise<void> {
    const { store, limits } = this.#options;
    const world = buildWorld(await store.load(), limits, this.#up(), this.#options);
    world.liveness = this.#world.liveness;
    for (const [name, { session }] of this.#world.nodes) {
      const fresh = world.nodes.get(name);
      // Statuses may be lost with the batch: every agent is asked for its own again.
      if (fresh !== undefined) fresh.session = `${session}?`;
    }
    this.#world = world;
    this.#desired = new DesiredStates(world, this.#options.stores);
    this.#watchAll();
    // What a restore asks for, and standing down, may have been in the batch that was lost.
    this.#heard.standDownAgain();
    this.#inBackground(openEpoch);
    this.#inBackground(resync);
    // The commit may have been done though its answer was lost.
    this.#polls?.wake(world.assignments.keys());
  }

  /** Lets liveness know of every node, so that one that never comes back is noticed. */
  #watchAll(): void {
    const world = this.#world;
    for (const [name, { record }] of world.nodes) {
      if (record.decommissioned) continue;
      world.liveness = decideLiveness(world.liveness, { kind: 'known', node: name }, this.#up()).state;
    }
  }

  #live(event: LivenessEvent): void {
    const { state, changes, suspicion } = decideLiveness(this.#world.liveness, event, this.#up());
    this.#world.liveness = state;
    if (changes.length === 0 && suspicion === undefined) return;
    this.#inBackground((batch) => {
      for (const { node, liveness } of changes) takeLiveness(batch, node, liveness);
      if (suspicion !== undefined) takeSuspicion(batch, suspicion);
    });
  }

  #inBackground(run: (batch: Batch) => void): void {
    this.#loop.do(run).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.logger.warn('job.dropped', { error });
    });
  }

  async #tick(): Promise<void> {
    const { clock, logger, store, keepMs } = this.#options;
    const upkeep = new Upkeep({
      ...{ store, clock, logger, keepMs },
      inBackground: (run) => {
        this.#inBackground(run);
      },
    });
    while (!this.#stop.signal.aborted) {
      await this.#pause(tickMs);
      this.#live({ kind: 'tick' });
      const up = this.#up();
      if (isDue(this.#world, up) || !isJudged(this.#world, clock.now())) this.#inBackground(doDue);
      if (up - this.#metaAt > metaEveryMs) {
        this.#metaAt = up;
        this.#inBackground((batch) => {
          batch.keepTime();
        });
      }
      upkeep.turn(up);
    }
  }

  async #pause(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#stop.signal).catch(() => undefined);
  }
}
