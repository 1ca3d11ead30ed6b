import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Acting } from '../../agent/daemon/acting.js';
import type { Parts } from '../../agent/executor.js';
import type { Journal } from '../../agent/ports/node.js';
import type { Clock } from '../../shared/ports/clock.js';
import { type AgentJob, type Cell, cellOf, type Fault, type Plan, type Point } from './plan.js';

const dayMs = 86_400_000;
/** Kills at one step in one run of a life, so that the agent does not give the step up. */
const maxKills = 2;
/** Pauses between two tries are that much shorter. */
const haste = 20;

const errors: Readonly<Partial<Record<Fault, string>>> = {
  ENOSPC: 'ENOSPC: no space left on device, write',
  EIO: 'EIO: i/o error, write',
  EROFS: 'EROFS: read-only file system, open',
};

/** Stands between an agent and its node, and lets faults happen at every line of the journal and every effect. */
export class Injector {
  readonly #job: Pick<AgentJob, 'doneFile' | 'seenFile'>;
  readonly #toggleCoordinator: () => Promise<void>;
  readonly #done: Set<Cell>;
  readonly #killed = new Map<string, number>();
  plan: Plan;
  /** Of the work that the journal spoke of last. */
  #deployment = 'start';
  #place = 'idle';
  #step = 'idle';

  constructor(job: AgentJob, toggleCoordinator: () => Promise<void>) {
    this.#job = job;
    this.plan = job.plan;
    this.#toggleCoordinator = toggleCoordinator;
    const lines = existsSync(job.doneFile) ? readFileSync(job.doneFile, 'utf8').split('\n') : [];
    this.#done = new Set(lines);
    for (const line of lines) {
      if (/\/kill(?:Before|After)$/.test(line)) this.#count(stepOf(line));
    }
  }

  /** To be told of every step that the agent begins, by the words of its log. */
  began(step: string): void {
    this.#step = shortOf(step);
  }

  through = ({ parts, journal }: Acting): Acting => ({
    parts: this.#parts(parts),
    journal: this.#journal(journal),
  });

  #journal(journal: Journal): Journal {
    return {
      read: () => journal.read(),
      write: async (record, note, synced) => {
        const { work, settled } = record;
        this.#deployment = work?.assignment.rollout ?? this.#deployment;
        this.#place = work === undefined ? 'end' : `${work.direction}${work.at}`;
        const [kind = '', ...step] = note.split(' ');
        const name = kind === 'settled' ? (settled?.phase ?? '') : shortOf(step.join(' '));
        // When a verdict on health is noted depends on the time.
        const point =
          kind === 'health' ? 'any/end/health' : `${this.#deployment}/${this.#place} ${name}/${kind}`;
        await this.#pass(point, () => journal.write(record, note, synced));
      },
    };
  }

  #parts(parts: Parts): Parts {
    return {
      ...parts,
      clock: hasty(parts.clock),
      releases: this.#wrapped('releases', parts.releases, [
        ...(['observe', 'get', 'templateNames', 'checkSwap'] as const),
      ]),
      service: this.#wrapped('service', parts.service, [
        ...(['observe', 'preflight', 'stranger', 'unitFault', 'connections', 'logTail'] as const),
      ]),
      // What is ended at the start of each agent belongs to no step.
      hooks: this.#wrapped('hooks', parts.hooks, ['endLeftovers']),
    };
  }

  /** The part, with points at all its calls but those that change nothing on the node. */
  #wrapped<T extends object>(part: string, real: T, reads: readonly (keyof T & string)[]): T {
    return new Proxy(real, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args);
        if (reads.some((read) => read === name)) return call;
        return (...args: readonly unknown[]) => {
          const point = `${this.#whose()} ${this.#step}/${part}.${String(name)}`;
          return this.#pass(point, () => Promise.resolve(call(...args)));
        };
      },
    });
  }

  /** To revive or to prune is of no work, and comes at any time. */
  #whose(): string {
    const isOfWork = this.#step !== 'revive' && this.#step !== 'prune';
    return isOfWork ? `${this.#deployment}/${this.#place}` : 'any/idle';
  }

  async #pass<T>(point: Point, work: () => Promise<T>): Promise<T> {
    appendFileSync(this.#job.seenFile, `${point}\n`);
    for (const fault of this.plan.faults) {
      if (fault !== 'killAfter' && this.#take(point, fault)) await this.#happen(fault);
    }
    try {
      return await work();
    } finally {
      // Also after a call that gave up because something newer is wanted.
      if (this.plan.faults.includes('killAfter') && this.#take(point, 'killAfter')) die();
    }
  }

  #take(point: Point, fault: Fault): boolean {
    const cell = cellOf(point, fault);
    if (this.#done.has(cell) || this.plan.cells?.includes(cell) === false) return false;
    const kills = fault === 'killBefore' || fault === 'killAfter';
    if (kills && (this.#killed.get(stepOf(point)) ?? 0) >= maxKills) return false;
    // Before it happens: whatever is written of it afterwards would not be.
    appendFileSync(this.#job.doneFile, `${cell}\n`);
    this.#done.add(cell);
    return true;
  }

  #count(step: string): void {
    this.#killed.set(step, (this.#killed.get(step) ?? 0) + 1);
  }

  async #happen(fault: Fault): Promise<void> {
    if (fault === 'killBefore') die();
    if (fault === 'clockAhead') shiftClock(dayMs);
    if (fault === 'clockBack') shiftClock(-dayMs);
    if (fault === 'coordinatorGone') await this.#toggleCoordinator();
    const message = errors[fault];
    if (message !== undefined) throw Object.assign(new Error(message), { code: fault });
  }
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way; nothing else shall happen until it is here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error('the signal did not arrive');
}

function shiftClock(byMs: number): void {
  const now = Date.now;
  Date.now = () => now() + byMs;
}

/** Without the pauses that an agent makes before it tries again; deadlines stay. */
const hasty = (clock: Clock): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  sleep: (ms, signal) => clock.sleep(ms / haste, signal),
});

/** `swap to 1.0.0-…` → `swap`; a hook keeps its name. */
function shortOf(step: string): string {
  const [action = '', name = ''] = step.split(' ');
  return action === 'hook' ? `hook ${name}` : action;
}

/** A line that says that a step is done has the index of the next one. */
const stepOf = (point: string): string =>
  point
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/[0-9]+/, '');
