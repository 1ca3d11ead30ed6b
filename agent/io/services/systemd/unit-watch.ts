import type { Clock } from '../../../../shared/ports/clock.js';
import type { ProcessIdentity } from '../../../shim/files.js';
import { bootId, identify, isAlive } from '../../../shim/process-identity.js';
import type { Systemd } from './systemd.js';
import { isKept, isRunning, type UnitState } from './unit-state.js';

/** Between two questions about a unit whose state has just changed; the pause doubles from there. Milliseconds. */
const quickMs = 50;
/** The longest pause about one that is on its way somewhere. Milliseconds. */
const movingMs = 500;
/** The longest about one that has failed or is stopped. Milliseconds. */
const slowMs = 10_000;
/** The longest about one that is up without a process that could be watched. Milliseconds. */
const idleMs = 60_000;
/** Starts of which the journal is shown. */
const maxInvocations = 4;

export interface Seen {
  readonly state: UnitState;
  /** The main process when systemd was asked. */
  readonly main: ProcessIdentity | undefined;
  /** False once that process has ended and systemd has not been asked again yet. */
  readonly current: boolean;
}

/**
 * Knows the state of one unit without asking systemd all the time: while its main process lives, a look costs one read
 * of `/proc`. systemd is asked when that process is gone, and, with growing pauses, about a unit that does not run.
 */
export class UnitWatch {
  readonly unit: string;
  readonly #systemd: Systemd;
  readonly #clock: Clock;
  readonly #boot = bootId();
  #seen: Omit<Seen, 'current'> | undefined;
  #asking: Promise<UnitState> | undefined;
  #pauseMs = quickMs;
  #askAt = 0;
  #invocations: readonly string[] = [];
  #passed = '';

  constructor(unit: string, systemd: Systemd, clock: Clock) {
    this.unit = unit;
    this.#systemd = systemd;
    this.#clock = clock;
  }

  /** The identities of its last starts, oldest first. */
  get invocations(): readonly string[] {
    return this.#invocations;
  }

  /** What is known; undefined before systemd's first answer. It may have systemd asked, for later looks. */
  look(): Seen | undefined {
    const seen = this.#seen;
    const settled = seen !== undefined && isRunning(seen.state) && seen.state.mainPid !== 0;
    const current = !settled || isAlive(seen.main, this.#boot);
    if (settled && current) return { ...seen, current };
    if (settled) this.#quicken();
    if (this.#asking === undefined && this.#clock.monotonic() >= this.#askAt) {
      // Whoever looks again is told; a systemd that does not answer is asked again.
      this.ask().catch(() => undefined);
    }
    return seen === undefined ? undefined : { ...seen, current };
  }

  /** Asks systemd now. */
  async ask(): Promise<UnitState> {
    const before = this.#asking;
    // An answer that is under way may be older than what the caller has just done.
    if (before !== undefined) await before.catch(() => undefined);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  /** From here on the journal of later starts only counts as its own. */
  forgetInvocations(): void {
    this.#passed = this.#seen?.state.invocation ?? '';
    this.#invocations = [];
    this.#quicken();
  }

  async #ask(): Promise<UnitState> {
    try {
      const state = await this.#systemd.show(this.unit);
      const main = state.mainPid === 0 ? undefined : identify(state.mainPid, this.#boot);
      const before = this.#seen?.state;
      if (before?.active !== state.active || before.invocation !== state.invocation) this.#quicken();
      this.#seen = { state, main };
      const known = ['', this.#passed, ...this.#invocations].includes(state.invocation);
      if (!known) this.#invocations = [...this.#invocations, state.invocation].slice(-maxInvocations);
      return state;
    } finally {
      this.#askAt = this.#clock.monotonic() + this.#pauseMs;
      this.#pauseMs = Math.min(longestPause(this.#seen?.state), this.#pauseMs * 2);
    }
  }

  #quicken(): void {
    this.#pauseMs = quickMs;
    this.#askAt = 0;
  }
}

function longestPause(state: UnitState | undefined): number {
  if (state === undefined) return movingMs;
  if (isRunning(state)) return idleMs;
  return isKept(state) ? movingMs : slowMs;
}
