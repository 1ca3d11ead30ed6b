import { decideLiveness, type LivenessEvent } from '../../../coordinator/core/liveness.js';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { lock, unlock } from '../../../coordinator/orchestrator/locks/commands.js';
import {
  decommissionNode,
  labelNode,
  takeArrival,
  takeLiveness,
} from '../../../coordinator/orchestrator/nodes.js';
import { takeReport } from '../../../coordinator/orchestrator/reports.js';
import { feed, serveWaiting } from '../../../coordinator/orchestrator/rollouts/carry-out.js';
import { startRollout } from '../../../coordinator/orchestrator/rollouts/start.js';
import { tendAll } from '../../../coordinator/orchestrator/tending/tend.js';
import { activeRollout, buildWorld, envKey, type World } from '../../../coordinator/orchestrator/world.js';
import type { EnvironmentRecord } from '../../../coordinator/ports/state-store.js';
import type { EnvironmentSpec, Strategy } from '../../../shared/model/application.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { EnvName, NodeName } from '../../../shared/model/ids.js';
import type { AppStatus, NodePhase } from '../../../shared/model/node-status.js';
import { app, nodeName, plainStrategy, releaseId, rolloutId, target } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const envs = ['one', 'two'] as const;
const targets = [target(1), target(2), target(3)] as const;
const phases: readonly NodePhase[] = ['staging', 'staged', 'stopping', 'healthy', 'failed', 'turnedBack'];
const limits = {
  ...{ silentAfterMs: 10, lostAfterMs: 100, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 100 },
};

const pair: Strategy = {
  ...plainStrategy,
  ...{ type: 'parallel', maxUnavailable: { kind: 'percent', percent: 40 } },
  parallel: { label: 'group', switch: 'auto', overlapMs: 0, releaseAfterMs: 0 },
};

function specOf(name: string, strategy: Strategy, key = 'env'): EnvironmentSpec {
  const selector = { requirements: [{ kind: 'in' as const, key, values: [name] }], text: name };
  return { name: name as EnvName, selector, config: {}, strategy, join: 'stable' };
}

const environment = (name: string, ordinal: number, strategy: Strategy): EnvironmentRecord => ({
  ...{ app, name: name as EnvName, ordinal, spec: specOf(name, strategy) },
  ...{ proven: [targets[0]], wanted: targets[0].release.version, settled: true },
  ...(strategy === pair ? { activeSlot: 'blue' } : {}),
});

export interface Step {
  readonly kind: string;
  readonly node: number;
  /** What else is to be chosen. */
  readonly at: number;
}

/** The part of the coordinator that knows nodes and environments, without its loop, its database and its clock. */
export class Tended {
  readonly world: World;
  #up = 0;
  #count = 0;

  constructor(bandwidth: number) {
    const environments = [environment('one', 0, plainStrategy), environment('two', 1, pair)];
    const releases = targets.map(({ release }, at) => ({
      ...release,
      app,
      publishedAt: at,
      publishedBy: '',
    }));
    this.world = buildWorld(
      { ...emptySnapshot, applications: [{ name: app, text: '' }], environments, releases },
      limits,
      0,
      { bandwidth },
    );
    lookAtAll(this.world, 0);
  }

  /** One turn of the loop. */
  step(step: Step): void {
    this.#up += 1;
    this.#count += 1;
    const batch = new Batch(this.world, this.#up, this.#up);
    try {
      this.#take(batch, step);
    } catch (error) {
      if (!(error instanceof CapstanError) || error.code === 'internal') throw error;
    }
    if (batch.freed) serveWaiting(batch);
    tendAll(batch);
  }

  held(): readonly string[] {
    return heldIn(this.world);
  }

  /** What is decided where nothing is known of how the nodes stood. */
  lookAgainAtAll(): { readonly given: readonly NodeName[]; readonly held: readonly string[] } {
    const { world } = this;
    const assignments = [...world.assignments].map(([node, given]) => [node, new Map(given)] as const);
    const fresh: World = {
      ...world,
      ...{ members: new Map(), rosters: new Map(), crowded: new Set(world.crowded) },
      ...{ environments: new Map(world.environments), fetches: new Map(world.fetches) },
      assignments: new Map(assignments),
    };
    const batch = lookAtAll(fresh, this.#up);
    // While a rollout is under way, it is known how they stood before.
    for (const [key, roster] of world.rosters) if (world.activeByEnv.has(key)) fresh.rosters.set(key, roster);
    return { given: [...batch.woken], held: heldIn(fresh) };
  }

  #take(batch: Batch, { kind, node, at }: Step): void {
    const { world } = this;
    const name = nodeName(`n${node}`);
    const key = envKey(app, envs[at % 2] ?? 'one');
    const record = world.environments.get(key);
    if (record === undefined) throw new Error(`${key} is gone`);
    switch (kind) {
      case 'come':
        takeArrival(batch, { kind: 'node', name, labels: labelsOf(at), address: '' }, `i${at % 2}`);
        this.#live(batch, { kind: 'pollHeld', node: name });
        return;
      case 'report':
        this.#report(batch, name, at);
        return;
      case 'label':
        labelNode(batch, name, { set: labelsOf(at), remove: [], by: 'ann' });
        return;
      case 'away':
        this.#live(batch, { kind: 'pollOver', node: name });
        this.#up += at % 3 === 0 ? 200 : 20;
        this.#live(batch, { kind: 'tick' });
        return;
      case 'back':
        this.#live(batch, { kind: 'pollHeld', node: name });
        return;
      case 'decommission':
        decommissionNode(batch, name, 'ann', '');
        this.#live(batch, { kind: 'forgotten', node: name });
        return;
      case 'freeze':
        lock(batch, { kind: 'freeze', app, env: record.name, reason: 'sale', until: undefined }, 'ann');
        return;
      case 'thaw':
        unlock(batch, { kind: 'freeze', app, env: record.name, reason: '', force: true }, 'ann');
        return;
      case 'settle':
        batch.putEnvironment({ ...record, settled: at % 3 > 0, activeSlot: 'blue' });
        return;
      case 'prove':
        batch.putEnvironment({ ...record, proven: [targets[at % 3] ?? targets[0]] });
        return;
      case 'spec':
        batch.putEnvironment({
          ...record,
          spec: specOf(record.name, at % 3 === 0 ? pair : plainStrategy, at % 4 > 1 ? 'env' : 'other'),
        });
        return;
      case 'deploy':
        startRollout(batch, {
          ...{
            id: rolloutId(`r${this.#count}`),
            app,
            env: record.name,
            cause: 'deploy',
            by: 'ann',
            reason: '',
          },
          ...{ to: targets[at % 3] ?? targets[0], from: record.proven[0] },
        });
        return;
      case 'abort': {
        const rollout = activeRollout(world, app, record.name);
        if (rollout === undefined) return;
        feed(batch, rollout, { kind: 'operator', action: 'abort', nodes: [], by: 'ann', reason: '' });
        return;
      }
      default:
        this.#up += 50;
        this.#live(batch, { kind: 'tick' });
    }
  }

  #live(batch: Batch, event: LivenessEvent): void {
    const { state, changes } = decideLiveness(this.world.liveness, event, this.#up);
    this.world.liveness = state;
    for (const { node, liveness } of changes) takeLiveness(batch, node, liveness);
  }

  #report(batch: Batch, node: NodeName, at: number): void {
    const given = this.world.assignments.get(node)?.get(app);
    const phase = phases[at % phases.length] ?? 'healthy';
    const wanted = targets.find(({ release }) => release.digest === given?.digest);
    const runs = phase === 'healthy' && wanted !== undefined ? wanted : targets[at % 4];
    const status: AppStatus = {
      ...{ app, phase, generation: given?.generation ?? 0, health: at % 5 === 0 ? 'unhealthy' : 'healthy' },
      ...{ ready: at % 5 !== 0, current: runs && releaseId(runs), previous: undefined },
      staged: at % 2 === 0 ? [] : targets.map(({ release }) => release.digest),
      ...{ failure: undefined, note: '', fetched: undefined, fetchedFrom: [] },
      ...(given?.standby === true ? { standby: true } : {}),
    };
    const apps = at % 8 === 7 ? [] : [status];
    const report = { apps, agentVersion: '', facts: undefined, allowUnsigned: false };
    takeReport(batch, { node, session: 's', sequence: this.#count, status: report });
  }
}

function lookAtAll(world: World, up: number): Batch {
  const batch = new Batch(world, up, up);
  for (const env of envs) batch.unsettled.set(envKey(app, env), 'all');
  tendAll(batch);
  return batch;
}

const labelsOf = (at: number): Readonly<Record<string, string>> => ({
  env: ['one', 'two', 'none'][at % 3] ?? '',
  other: at % 2 === 0 ? 'one' : 'two',
  ...(at % 4 === 3 ? {} : { group: at % 4 === 0 ? 'green' : 'blue' }),
});

const heldIn = (world: World): readonly string[] => [
  ...[...world.rosters]
    .flatMap(([key, roster]) => roster.held().map(({ node, why }) => `${key} ${node}: ${why}`))
    .sort(),
  ...[...world.environments].map(([key, { activeSlot = 'none' }]) => `${key} ${activeSlot}`),
];
