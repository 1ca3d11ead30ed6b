import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { object, optional, text } from '../../../shared/core/shapes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { ProcessIdentity } from '../../shim/files.js';
import { bootId, groupExists, identify, signalGroup, statOf } from '../../shim/process-identity.js';
import { isProcessIdentity } from '../services/shim-shapes.js';
import { readAs } from '../state/read-as.js';

/** The variable that every process of a run has, as long as it keeps its environment. */
export const runVariable = 'CAPSTAN_RUN';

/** After SIGKILL: a process that hangs in the kernel does not end at all. Milliseconds. */
const killLimitMs = 5_000;

/** What runs now: on disk before it is started, gone from it when it has ended. */
interface RunNote {
  readonly run: string;
  readonly bootId: string;
  /** The leader of its process group; undefined for the moment before it is known. */
  readonly leader: ProcessIdentity | undefined;
}

const isRunNote = object<RunNote>({ run: text, bootId: text, leader: optional(isProcessIdentity) });

/** Knows across an end of the agent what it was running, so that there are never two of one hook. */
export class Leftovers {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #boot = bootId();

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /**
   * To be called before the run is started.
   * @throws if it cannot be noted
   */
  note(run: string): void {
    this.#write({ run, bootId: this.#boot, leader: undefined });
  }

  /** To be called once it is started. If that cannot be noted any more, its environment still tells. */
  noteLeader(run: string, pid: number): void {
    try {
      this.#write({ run, bootId: this.#boot, leader: identify(pid, this.#boot) });
    } catch {
      // The disk is full since a moment ago.
    }
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  /**
   * Ends whatever is left of the run that is noted: SIGTERM, the grace, SIGKILL, to its group and to those that have
   * left the group and can be told by their environment.
   * @throws CapstanError `failed` if something of it does not end
   */
  async end(graceMs: number): Promise<void> {
    const note = this.#read();
    if (note?.bootId === this.#boot) {
      if (
        !(await this.#signal(note, 'SIGTERM', graceMs)) &&
        !(await this.#signal(note, 'SIGKILL', killLimitMs))
      )
        throw new CapstanError(
          'failed',
          `what an earlier run of a hook left behind does not end (process ${[...this.#groups(note)].join(', ')})`,
        );
    }
    this.forget();
  }

  /** @returns true if nothing is left within the time */
  async #signal(note: RunNote, signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
    const until = this.#clock.monotonic() + limitMs;
    const never = new AbortController().signal;
    const told = new Set<number>();
    for (let pauseMs = 5; ; pauseMs = Math.min(100, pauseMs * 2)) {
      const groups = this.#groups(note);
      if (groups.size === 0) return true;
      if (this.#clock.monotonic() >= until) return false;
      for (const group of groups) {
        if (!told.has(group)) signalGroup(group, signal);
        told.add(group);
      }
      await this.#clock.sleep(pauseMs, never);
    }
  }

  /** The process groups that anything of the run is in. */
  #groups({ run, leader }: RunNote): ReadonlySet<number> {
    const groups = new Set<number>();
    // Where the leader is gone, its number cannot be somebody else's while the group has members.
    const holder = leader === undefined ? undefined : identify(leader.pid, this.#boot);
    const isOurs = holder === undefined || holder.startTicks === leader?.startTicks;
    if (leader !== undefined && isOurs && hasLiveMember(leader.pid)) groups.add(leader.pid);
    for (const pid of processes()) {
      if (!environmentOf(pid).includes(`${runVariable}=${run}\0`)) continue;
      const group = statOf(pid)?.group ?? 0;
      if (group > 1) groups.add(group);
    }
    return groups;
  }

  #write(note: RunNote): void {
    const temporary = `${this.#file}.tmp`;
    writeFileSync(temporary, JSON.stringify(note), { mode: 0o600 });
    renameSync(temporary, this.#file);
  }

  /** Undefined if there is none, or if it was cut short, which means that nothing was started. */
  #read(): RunNote | undefined {
    return readAs(isRunNote, this.#file);
  }
}

const processes = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Zombies are nobody: whoever inherits them may be slow to bury them. */
function hasLiveMember(group: number): boolean {
  if (!groupExists(group)) return false;
  return processes().some((pid) => statOf(pid)?.group === group);
}

/** '' if the process is gone, or somebody else's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
