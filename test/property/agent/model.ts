import fc from 'fast-check';
import type { Wanted } from '../../../agent/core/reconcile.js';
import { reconcile, supersedes } from '../../../agent/core/reconcile.js';
import {
  type AppRecord,
  emptyRecord,
  type Observed,
  type StagedRelease,
} from '../../../agent/core/record.js';
import type { Step } from '../../../agent/core/steps.js';
import { begin, complete, type Outcome, resume } from '../../../agent/core/transitions.js';
import type { Assignment } from '../../../shared/model/desired-state.js';
import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseSpec } from '../../../shared/model/release-spec.js';

export const app = 'web' as AppName;

/** What releases of the model are like, by their directory's name. */
export interface ModelRelease {
  readonly dir: string;
  readonly service: boolean;
  /** Its check passes. */
  readonly good: boolean;
  /** It can be staged. */
  readonly stages: boolean;
}

export function specOf(
  { service }: Pick<ModelRelease, 'service'>,
  more: Partial<ReleaseSpec> = {},
): ReleaseSpec {
  return {
    service: service
      ? { kind: 'process', command: ['run'], stopSignal: 'SIGTERM', graceMs: 1000 }
      : { kind: 'none' },
    health: [],
    drain: { waitMs: 100 },
    shared: { dirs: [], files: [] },
    hooks: {},
    config: {},
    ...more,
  };
}

const digestOf = (dir: string): Digest =>
  `sha256:${Buffer.from(dir).toString('hex').padStart(64, '0')}` as Digest;

export const staged = (
  release: ModelRelease,
  order: number,
  more: Partial<ReleaseSpec> = {},
): StagedRelease => ({
  dir: release.dir,
  release: { version: release.dir as ReleaseVersion, digest: digestOf(release.dir) },
  spec: specOf(release, more),
  order,
});

export function wanted(dir: string, generation: number, more: Partial<Assignment> = {}): Wanted {
  const digest = digestOf(dir);
  const assignment: Assignment = {
    app,
    env: 'test' as EnvName,
    generation,
    intent: 'activate',
    release: {
      version: dir as ReleaseVersion,
      digest,
      manifestSize: 1,
      layout: { digest, size: 1 },
      contentSize: 1,
      fileCount: 1,
      packSize: 1,
      deltas: [],
    },
    config: {},
    configRevision: '0',
    activation: { drain: true, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 1000 },
    rollout: undefined,
    stores: [],
    fetchBytesPerSecond: 0,
    ...more,
  };
  return { assignment, dir };
}

/** A node without time: a disk, a service and a journal, of which the agent may lose its memory at any point. */
export class ModelNode {
  /** What is on disk. */
  journal: AppRecord = emptyRecord(app);
  releases: StagedRelease[] = [];
  current: string | undefined;
  previous: string | undefined;
  serving: string | undefined;
  want: Wanted | undefined;
  readonly done: Step[] = [];
  #order = 0;
  readonly #world: ReadonlyMap<string, ModelRelease>;

  constructor(world: readonly ModelRelease[]) {
    this.#world = new Map(world.map((release) => [release.dir, release]));
  }

  observe(): Observed {
    const { current, previous, releases, serving } = this;
    return { current, previous, releases, serving, reviveAfter: 0, pruneFailed: false };
  }

  /** The agent is killed and started again. */
  restart(): void {
    this.journal = resume(this.journal, this.observe());
  }

  /** The host goes down and comes up: nothing runs. */
  reboot(): void {
    this.serving = undefined;
    this.restart();
  }

  /**
   * One turn of the loop. `killAt`: 0 before the first line, 1 before the effect, 2 after it, before its line;
   * undefined: not at all.
   * @returns false if there is nothing to do
   */
  turn(killAt: number | undefined, keep = 2): boolean {
    const input = { record: this.journal, wanted: this.want, observed: this.observe(), now: 1, keep };
    const { record, step } = reconcile(input);
    if (killAt === 0) {
      this.restart();
      return true;
    }
    this.journal = record;
    if (step === undefined) return false;
    this.journal = begin(record, step);
    if (killAt === 1) {
      this.restart();
      return true;
    }
    const outcome = this.#effect(step);
    this.done.push(step);
    if (killAt === 2) {
      this.restart();
      return true;
    }
    this.journal = complete(this.journal, step, outcome, this.observe());
    return true;
  }

  supersedes(next: Wanted): boolean {
    return supersedes(this.journal, next);
  }

  #effect(step: Step): Outcome {
    const failed = (name: 'fetch' | 'check' | 'swap'): Outcome => ({
      kind: 'failed',
      failure: { step: name, reason: 'as the model says', logTail: '' },
    });
    switch (step.action) {
      case 'stage': {
        const release = this.#world.get(step.dir);
        if (release?.stages !== true) return failed('fetch');
        if (this.releases.every(({ dir }) => dir !== step.dir))
          this.releases.push(staged(release, ++this.#order));
        break;
      }
      case 'stop':
        this.serving = undefined;
        break;
      case 'swap':
        if (step.to !== undefined && this.releases.every(({ dir }) => dir !== step.to)) return failed('swap');
        this.current = step.to;
        this.previous = step.previous;
        break;
      case 'start':
      case 'revive':
        this.serving = step.dir;
        break;
      case 'check':
        if (this.#world.get(step.dir)?.service === true && this.serving !== step.dir) return failed('check');
        if (this.#world.get(step.dir)?.good !== true) return failed('check');
        break;
      case 'prune':
        this.releases = this.releases.filter(({ dir }) => !step.dirs.includes(dir));
        break;
      default:
        break;
    }
    return { kind: 'done' };
  }
}

export const worlds = fc
  .array(
    fc.record({
      service: fc.boolean(),
      good: fc.boolean(),
      stages: fc.boolean(),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((all) => all.map((each, index): ModelRelease => ({ ...each, dir: `r${index}` })));
