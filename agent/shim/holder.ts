import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, renameSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity, ServiceOrder, ServiceStatus } from './files.js';
import { boundLog, openLog } from './log-file.js';
import { bootId, groupExists, identify, signalGroup } from './process-identity.js';

const firstDelayMs = 200;
const maxDelayMs = 30_000;
/** A run this long is taken for a good one: the delay starts from the beginning. */
const goodRunMs = 30_000;

/** Holds one service: starts it again when it ends, with growing delays, until it is told to stop. */
export class Holder {
  readonly #order: ServiceOrder;
  readonly #boot = bootId();
  readonly #self: ProcessIdentity;
  #child: ChildProcess | undefined;
  #service: ProcessIdentity | undefined;
  #state: ServiceStatus['state'] = 'waiting';
  #exits = 0;
  #lastExit = '';
  #delayMs = firstDelayMs;
  #retry: NodeJS.Timeout | undefined;
  #stopped: (() => void) | undefined;

  constructor(order: ServiceOrder) {
    this.#order = order;
    this.#self = identify(process.pid, this.#boot) ?? {
      pid: process.pid,
      startTicks: '',
      bootId: this.#boot,
    };
  }

  start(): void {
    const { command, cwd, env, logFile, logMaxBytes } = this.#order;
    const [program = '', ...args] = command;
    boundLog(logFile, logMaxBytes);
    const log = openLog(logFile);
    const startedAt = Date.now();
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    let over = false;
    const ended = (how: string): void => {
      if (over) return;
      over = true;
      this.#ended(how, Date.now() - startedAt);
    };
    child.once('error', (error) => {
      ended(`it could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      ended(signal === null ? `exit code ${code ?? 'unknown'}` : `killed by ${signal}`);
    });
    if (child.pid === undefined) return;
    this.#service = identify(child.pid, this.#boot);
    this.#write('running');
  }

  /** The stop signal, the grace, then SIGKILL for whoever is left of the group. */
  async stop(): Promise<void> {
    if (this.#state === 'stopping') return;
    clearTimeout(this.#retry);
    this.#write('stopping');
    const pid = this.#child?.pid;
    if (this.#child !== undefined && pid !== undefined) {
      const gone = new Promise<void>((resolve) => {
        this.#stopped = resolve;
      });
      signalGroup(pid, this.#order.stopSignal);
      const killer = setTimeout(() => {
        signalGroup(pid, 'SIGKILL');
      }, this.#order.graceMs);
      await gone;
      clearTimeout(killer);
    }
    this.#write('stopped');
  }

  boundLog(): void {
    boundLog(this.#order.logFile, this.#order.logMaxBytes);
  }

  #ended(how: string, ranMs: number): void {
    const pid = this.#child?.pid;
    this.#child = undefined;
    // What the service left behind would hold its port against its successor.
    if (pid !== undefined && groupExists(pid)) signalGroup(pid, 'SIGKILL');
    if (this.#state === 'stopping') {
      this.#stopped?.();
      return;
    }
    this.#exits += 1;
    this.#lastExit = how;
    if (ranMs >= goodRunMs) this.#delayMs = firstDelayMs;
    this.#write('waiting');
    this.#retry = setTimeout(() => {
      this.start();
    }, this.#delayMs);
    this.#delayMs = Math.min(maxDelayMs, this.#delayMs * 2);
  }

  #write(state: ServiceStatus['state']): void {
    this.#state = state;
    const status: ServiceStatus = {
      dir: this.#order.dir,
      shim: this.#self,
      state,
      service: this.#service,
      exits: this.#exits,
      lastExit: this.#lastExit,
    };
    const temporary = `${this.#order.statusFile}.tmp`;
    try {
      writeFileSync(temporary, JSON.stringify(status), { mode: 0o600 });
      renameSync(temporary, this.#order.statusFile);
    } catch {
      // A full disk must not take the service down; the agent sees the process itself as well.
    }
  }
}
