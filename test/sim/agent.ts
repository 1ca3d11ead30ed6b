import type { Effect } from '../../coordinator/core/rollout/types/effects.js';
import type { PlanNode, Target } from '../../coordinator/core/rollout/types/plan.js';
import type { Digest, Generation, NodeName } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Liveness } from '../../shared/model/liveness.js';
import type { AppStatus, NodePhase, ReleaseId } from '../../shared/model/node-status.js';
import { app, releaseId } from './fixtures.js';

interface Task {
  readonly generation: Generation;
  readonly intent: 'stage' | 'activate';
  readonly target: Target;
  /** Its share of the fleet's bandwidth; 0: no limit. */
  readonly share: number;
  /** It runs the release's database step first. */
  readonly database: boolean;
  /** As the coordinator knows it: the one before for which it may have been running a database step. */
  readonly recalled: Generation | undefined;
}

export type Fate = 'good' | 'turnsBack' | 'fails' | 'stageFails' | 'databaseFails';

const steps: readonly NodePhase[] = [
  'staging',
  'staged',
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
];

/** A node as it really is: takes one step of the lifecycle at a time, and can break at each. */
export class SimAgent {
  readonly name: NodeName;
  readonly labels: Labels;
  liveness: Liveness = 'connected';
  current: Target | undefined;
  healthy = true;
  draining = false;
  staged = new Set<Digest>();
  phase: NodePhase = 'idle';
  /** What it works on, or worked on last. */
  task: Task | undefined;
  /** What it is to do once it is connected. */
  inbox: Task | undefined;
  private previous: Target | undefined;
  private failure: AppStatus['failure'];
  private migrated = false;
  private pastReturn = false;

  constructor(name: NodeName, labels: Labels, current: Target | undefined) {
    this.name = name;
    this.labels = labels;
    this.current = current;
    if (current !== undefined) this.staged.add(current.release.digest);
  }

  assign(effect: Extract<Effect, { kind: 'assign' }>, target: Target): void {
    const { generation, intent, fetchBytesPerSecond: share, database } = effect;
    const { assigned } = this.planNode();
    const before = assigned?.database === true ? assigned.generation : assigned?.recalled;
    const recalled = assigned?.state === 'open' ? before : undefined;
    this.inbox = { generation, intent, target, share, database, recalled };
    if (this.liveness === 'connected') this.receive();
  }

  receive(): void {
    const { inbox } = this;
    this.inbox = undefined;
    if (inbox === undefined || inbox.generation <= (this.task?.generation ?? 0)) return;
    this.task = inbox;
    this.phase = 'idle';
    this.failure = undefined;
    this.draining = false;
    this.migrated = false;
    this.pastReturn = false;
  }

  get busy(): boolean {
    return (
      this.task !== undefined && (this.phase === 'idle' || steps.includes(this.phase)) && !this.stageDone
    );
  }

  /** What it may fetch in a second while it does. */
  get fetching(): number {
    const task = this.inbox ?? this.task;
    const before = this.inbox !== undefined || this.phase === 'idle' || this.phase === 'staging';
    return task !== undefined && before ? task.share : 0;
  }

  private get stageDone(): boolean {
    return this.task?.intent === 'stage' && this.phase === 'staged';
  }

  /** One step on; true if anything changed. */
  step(fate: Fate): boolean {
    const { task } = this;
    if (task === undefined || !this.busy) return false;
    const next = this.phase === 'idle' ? 'staging' : steps[steps.indexOf(this.phase) + 1];
    if (next === 'staged' && fate === 'stageFails') return this.fail('failed', 'fetch');
    if (next === 'staged') this.staged.add(task.target.release.digest);
    if (next === 'draining' && task.database && !this.migrated) return this.migrate(task.target, fate);
    if (next === 'draining') this.draining = true;
    if (next === 'switching') this.change(task.target);
    if (next !== undefined) {
      this.phase = next;
      return true;
    }
    if (fate === 'turnsBack') {
      const failing = this.current;
      this.change(this.previous);
      this.previous = failing;
      this.draining = false;
      return this.fail(this.current === undefined ? 'failed' : 'turnedBack', 'check');
    }
    if (fate === 'fails') return this.fail('failed', 'check');
    this.draining = false;
    this.healthy = true;
    this.phase = 'healthy';
    return true;
  }

  private migrate({ release }: Target, fate: Fate): true {
    this.pastReturn = release.database?.reversible === false;
    if (fate === 'databaseFails') return this.fail('failed', 'database');
    this.migrated = true;
    return true;
  }

  private change(to: Target | undefined): void {
    if (this.current !== to) this.previous = this.current;
    this.current = to;
    this.healthy = true;
  }

  private fail(phase: NodePhase, step: 'fetch' | 'database' | 'check'): true {
    this.phase = phase;
    if (phase === 'failed' && step === 'check') this.healthy = false;
    this.failure = { step, reason: 'probe http://127.0.0.1/healthz answered 500', logTail: 'boom' };
    return true;
  }

  get serving(): boolean {
    return this.current !== undefined && this.healthy && !this.draining;
  }

  status(): AppStatus {
    return {
      app,
      generation: this.task?.generation ?? 0,
      phase: this.phase,
      health: this.current === undefined ? 'unknown' : this.healthy ? 'healthy' : 'unhealthy',
      ready: this.serving,
      current: this.current && releaseId(this.current),
      previous: this.previous && releaseId(this.previous),
      staged: [...this.staged],
      failure: this.failure,
      note: '',
      fetched: undefined,
      fetchedFrom: [],
      ...(this.pastReturn ? { pastReturn: true } : {}),
    };
  }

  planNode(): PlanNode {
    const task = this.inbox ?? this.task;
    const assigned = task && {
      generation: task.generation,
      intent: task.intent,
      digest: task.target.release.digest,
      configRevision: task.target.configRevision,
      database: task.database,
      recalled: task.recalled,
      state:
        this.inbox !== undefined || this.busy
          ? ('open' as const)
          : this.phase === 'healthy' || this.phase === 'staged'
            ? ('done' as const)
            : ('failed' as const),
    };
    const current: ReleaseId | undefined = this.current && releaseId(this.current);
    return {
      name: this.name,
      labels: this.labels,
      liveness: this.liveness,
      serving: this.serving,
      deployed: this.current !== undefined,
      current,
      currentConfigRevision: this.current?.configRevision,
      staged: [...this.staged],
      assigned,
    };
  }
}
