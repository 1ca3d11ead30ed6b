import { getKey } from '../../../coordinator/core/collections/hash-map.js';
import { decide, nextWake } from '../../../coordinator/core/rollout/decide.js';
import { planRollout } from '../../../coordinator/core/rollout/planning/plan.js';
import type { Decision, Effect } from '../../../coordinator/core/rollout/types/effects.js';
import type { OperatorAction, RolloutEvent } from '../../../coordinator/core/rollout/types/events.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type { PlanNode, PlanRequest } from '../../../coordinator/core/rollout/types/plan.js';
import type { RolloutState } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Strategy, WaveSpec } from '../../../shared/model/application.js';
import type { Liveness } from '../../../shared/model/liveness.js';
import type { AppStatus, NodePhase } from '../../../shared/model/node-status.js';
import { app, env, nodeName, plainStrategy, releaseId, rolloutId, target } from '../../sim/fixtures.js';

export const v1 = target(1);
export const v2 = target(2);

export const planNode = (name: string, change: Partial<PlanNode> = {}): PlanNode => ({
  name: nodeName(name),
  labels: { zone: name.slice(0, 1) },
  liveness: 'connected',
  serving: true,
  deployed: true,
  current: releaseId(v1),
  currentConfigRevision: v1.configRevision,
  staged: [],
  assigned: undefined,
  ...change,
});

export const wave = (name: string, change: Partial<WaveSpec> = {}): WaveSpec => ({
  name,
  members: { kind: 'rest' },
  batch: undefined,
  bakeMs: 0,
  gate: 'auto',
  ...change,
});

/** A rollout driven by hand: every call adds its effects to `log`. */
export class Drive {
  state: RolloutState;
  now = 0;
  log: Effect[] = [];
  private nextGeneration = 1;

  constructor(
    nodes: readonly PlanNode[],
    strategy: Partial<Strategy> = {},
    change: Partial<PlanRequest> = {},
  ) {
    const request: PlanRequest = {
      id: rolloutId('r1'),
      app,
      env,
      cause: 'deploy',
      strategy: { ...plainStrategy, ...strategy },
      join: 'stable',
      to: v2,
      from: v1,
      nodes,
      requestedBy: 'ann',
      requestedReason: '',
      startedAt: '',
      ...change,
    };
    const decision = planRollout(request, this.now, this.nextGeneration);
    this.state = decision.state;
    this.keep(decision);
  }

  private keep(decision: Decision): Decision {
    this.state = decision.state;
    this.nextGeneration = decision.nextGeneration;
    this.log.push(...decision.effects);
    return decision;
  }

  send(event: RolloutEvent): Decision {
    return this.keep(decide(this.state, event, this.now, this.nextGeneration));
  }

  get status(): string {
    return this.state.header.status;
  }

  get reason(): string {
    return this.state.header.reason;
  }

  node(name: string): RolloutNode {
    const node = getKey(this.state.nodes, nodeName(name));
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  /** Who was told to take requests (`a1 in 7`, with the generation), or none, since the last call. */
  told(): string[] {
    const effects = this.log.filter((effect) => effect.kind === 'traffic');
    this.log = this.log.filter((effect) => effect.kind !== 'traffic');
    return effects.map(({ node, standby, generation }) => `${node} ${standby ? 'out' : 'in'} ${generation}`);
  }

  /** What was assigned since the last call, as `name=target`. */
  assigned(): string[] {
    const assigns = this.log.filter((effect) => effect.kind === 'assign');
    this.log = [];
    return assigns.map(({ node, target: to, intent }) => `${node}=${intent === 'stage' ? 'stage' : to}`);
  }

  report(name: string, phase: NodePhase, change: Partial<AppStatus> = {}): Decision {
    const node = this.node(name);
    const aim = node.target === 'to' ? this.state.header.to : (this.state.header.from ?? v1);
    const ended = phase === 'healthy';
    const standby = node.told === 'out';
    return this.send({
      kind: 'nodeReported',
      node: node.name,
      status: {
        app,
        generation: node.generation,
        phase,
        health: 'healthy',
        ready: !standby && !['draining', 'stopping', 'switching', 'starting', 'checking'].includes(phase),
        current: ended ? releaseId(aim) : node.current,
        previous: undefined,
        staged: phase === 'staged' || node.onDisk ? [v2.release.digest] : [],
        failure: undefined,
        note: '',
        fetched: undefined,
        fetchedFrom: [],
        ...(standby ? { standby } : {}),
        ...change,
      },
    });
  }

  fail(name: string, phase: NodePhase = 'turnedBack'): Decision {
    const failure = { step: 'check' as const, reason: 'probe http answered 500', logTail: 'boom' };
    return this.report(name, phase, { failure });
  }

  healthy(...names: string[]): void {
    for (const name of names) this.report(name, 'healthy');
  }

  liveness(name: string, liveness: Liveness): Decision {
    return this.send({ kind: 'nodeLiveness', node: nodeName(name), liveness });
  }

  operator(action: OperatorAction, ...nodes: string[]): Decision {
    return this.send({ kind: 'operator', action, nodes: nodes.map(nodeName), by: 'ann', reason: 'tests' });
  }

  tick(ms: number): Decision {
    this.now += ms;
    return this.send({ kind: 'tick' });
  }

  get wake(): number | undefined {
    return nextWake(this.state);
  }
}
