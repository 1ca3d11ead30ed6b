import { decide, nextWake } from '../../coordinator/core/rollout/decide.js';
import { planRollout } from '../../coordinator/core/rollout/planning/plan.js';
import type { Decision, Effect } from '../../coordinator/core/rollout/types/effects.js';
import type { PlanNode, Target } from '../../coordinator/core/rollout/types/plan.js';
import type { RolloutState } from '../../coordinator/core/rollout/types/rollout.js';
import type { Strategy } from '../../shared/model/application.js';
import type {
  AppName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../shared/model/ids.js';
import type { AppStatus, NodePhase } from '../../shared/model/node-status.js';

const app = 'web' as AppName;
const zones = 10;
/** Between two reports the clock goes on by so much, and after so many of them it ticks, as the coordinator's does. */
const reportMs = 1;
const reportsATick = 200;

/** What an agent says on its way to a release: first of getting it onto its disk, then of changing to it. */
const staging: readonly NodePhase[] = ['staging', 'staged'];
const changing: readonly NodePhase[] = [
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
  'healthy',
];

/** Everything that makes a rollout dear: required staging, canaries, waves by zone with a batch, a floor. */
const strategy: Strategy = {
  type: 'rolling',
  maxUnavailable: { kind: 'percent', percent: 10 },
  stageRequire: { kind: 'percent', percent: 100 },
  waves: [
    {
      name: 'pilot',
      members: { kind: 'canary', by: ['zone'], each: 1 },
      batch: undefined,
      bakeMs: 60_000,
      gate: 'auto',
    },
    {
      ...{ name: 'zones', members: { kind: 'by', by: ['zone'] } },
      ...{ batch: { kind: 'percent', percent: 50 }, bakeMs: 0, gate: 'auto' },
    },
  ],
  health: { minHealthyTimeMs: 0, deadlineMs: 60_000 },
  budget: { failed: { kind: 'percent', percent: 1 }, lost: { kind: 'percent', percent: 1 } },
  progressDeadlineMs: 600_000,
  onFailure: 'rollback',
};

export interface Played {
  readonly events: number;
  /** Processor time of planning and its first decisions, and of all events after it. Milliseconds. */
  readonly planMs: number;
  readonly eventsMs: number;
  readonly state: RolloutState;
}

/** Work of one node: it reports the next of its phases. */
interface Work {
  readonly node: NodeName;
  readonly generation: number;
  readonly phases: readonly NodePhase[];
  at: number;
}

/** A whole rollout, with every report of every node; the processor time is of this process. */
export function playRollout(count: number): Played {
  const nodes = Array.from({ length: count }, (_, at) => planNode(at));
  const fleet = new Fleet();
  const planning = cpuMs();
  fleet.take(
    planRollout(
      {
        ...{ id: 'r1' as RolloutId, app, env: 'production' as EnvName, cause: 'deploy', join: 'stable' },
        ...{ strategy, nodes, to: v2, from: v1 },
        ...{ requestedBy: 'bench', requestedReason: '', startedAt: '' },
      },
      fleet.now,
      1,
    ),
  );
  const planned = cpuMs();
  fleet.play();
  const { events, state } = fleet;
  const { status, reason } = state.header;
  if (status !== 'succeeded') throw new Error(`the rollout over ${count} nodes ${status}: ${reason}`);
  return { events, planMs: planned - planning, eventsMs: cpuMs() - planned, state };
}

/** Nodes that all work at the same pace: who was told first reports first. */
class Fleet {
  now = 0;
  events = 0;
  #state: RolloutState | undefined;
  #nextGeneration = 1;
  /** Those that report in this round, and those that were told something in it. */
  #round: Work[] = [];
  #next: Work[] = [];

  get state(): RolloutState {
    if (this.#state === undefined) throw new Error('nothing was planned');
    return this.#state;
  }

  take({ state, nextGeneration, effects }: Decision): void {
    this.#state = state;
    this.#nextGeneration = nextGeneration;
    for (const effect of effects) if (effect.kind === 'assign') this.#tell(effect);
  }

  #tell({ node, generation, intent }: Extract<Effect, { kind: 'assign' }>): void {
    this.#next.push({ node, generation, phases: intent === 'stage' ? staging : changing, at: 0 });
  }

  play(): void {
    for (;;) {
      this.#round = this.#next;
      this.#next = [];
      for (const work of this.#round) this.#report(work);
      if (this.#next.length > 0) continue;
      const wake = nextWake(this.state);
      if (wake === undefined) return;
      this.now = wake;
      this.#send({ kind: 'tick' });
    }
  }

  #report(work: Work): void {
    this.now += reportMs;
    if (this.events % reportsATick === 0) this.#send({ kind: 'tick' });
    const phase = work.phases[work.at] ?? 'healthy';
    this.#send({ kind: 'nodeReported', node: work.node, status: statusOf(work.generation, phase) });
    work.at += 1;
    if (work.at < work.phases.length) this.#next.push(work);
  }

  #send(event: Parameters<typeof decide>[1]): void {
    this.events += 1;
    this.take(decide(this.state, event, this.now, this.#nextGeneration));
  }
}

const away: ReadonlySet<NodePhase> = new Set(['draining', 'stopping', 'switching', 'starting', 'checking']);

function statusOf(generation: number, phase: NodePhase): AppStatus {
  const current = phase === 'healthy' ? v2.release : v1.release;
  return {
    ...{ app, generation, phase, health: 'healthy', ready: !away.has(phase), previous: undefined },
    current: { version: current.version, digest: current.digest },
    staged: phase === 'staging' ? [v1.release.digest] : [v1.release.digest, v2.release.digest],
    ...{ failure: undefined, note: '', fetched: undefined, fetchedFrom: [] },
  };
}

function target(version: string, digit: string): Target {
  const digest = `sha256:${digit.repeat(64)}` as Digest;
  const sizes = { manifestSize: 1, contentSize: 1, fileCount: 1, packSize: 1 };
  const release = {
    version: version as ReleaseVersion,
    digest,
    layout: { digest, size: 1 },
    deltas: [],
    ...sizes,
  };
  return { release, config: {}, configRevision: 'c0c0c0c0' };
}

const v1 = target('1.0.0', '1');
const v2 = target('2.0.0', '2');

const planNode = (at: number): PlanNode => ({
  name: `web-${String(at).padStart(6, '0')}` as NodeName,
  labels: { zone: `z${at % zones}`, role: 'web' },
  ...{ liveness: 'connected', serving: true, deployed: true },
  current: { version: v1.release.version, digest: v1.release.digest },
  currentConfigRevision: v1.configRevision,
  staged: [v1.release.digest],
  assigned: undefined,
});

/** Of this process, user and system. Milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
