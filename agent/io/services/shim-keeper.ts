import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { commandAs, type HostUser } from '../../core/users.js';
import type { RunnableRelease, ServiceFacts } from '../../ports/node.js';
import type { ProcessIdentity, ServiceOrder, ServiceStatus } from '../../shim/files.js';
import { openLog } from '../../shim/log-file.js';
import { bootId, groupExists, identify, isAlive, signalGroup } from '../../shim/process-identity.js';
import { readAs } from '../state/read-as.js';
import { textTail } from '../text-tail.js';
import { descendants } from './members.js';
import { isProcessIdentity, isServiceOrder, isServiceStatus } from './shim-shapes.js';
import type { ProcessSpec } from './units/transient-unit.js';

const logMaxBytes = 10 * 1024 * 1024;
const startLimitMs = 10_000;
/** What is allowed on top of a service's own grace before its shim is killed with it. */
const stopMarginMs = 5_000;

export interface ShimKeeperOptions {
  /** `<state-dir>/services/<app>`. */
  readonly folder: string;
  /** How to start the shim, without its argument. */
  readonly shim: readonly string[];
  readonly clock: Clock;
  /** The search path of the shim. */
  readonly path: string;
}

/** A service held by `capstan-shim`; found again, after any end of the agent, through the shim's status file. */
export class ShimKeeper {
  readonly #options: ShimKeeperOptions;
  readonly #boot = bootId();
  readonly #statusFile: string;
  readonly #orderFile: string;
  /** Who was started as shim, noted by the agent at once: the status comes some milliseconds later. */
  readonly #keeperFile: string;
  readonly #logFile: string;

  constructor(options: ShimKeeperOptions) {
    this.#options = options;
    this.#statusFile = join(options.folder, 'status.json');
    this.#orderFile = join(options.folder, 'order.json');
    this.#keeperFile = join(options.folder, 'shim.json');
    this.#logFile = join(options.folder, 'service.log');
  }

  observe(): ServiceFacts | undefined {
    const status = this.#status();
    if (status === undefined || status.state === 'stopped' || !this.#alive(status.shim)) return undefined;
    const { dir, state, service, exits, lastExit } = status;
    const running = state === 'running' && this.#alive(service);
    const main = service === undefined ? {} : { main: `${service.pid}.${service.startTicks}` };
    return { dir, running, exits, lastExit, ...main };
  }

  async start(
    release: RunnableRelease,
    service: ProcessSpec,
    env: Readonly<Record<string, string>>,
    user: HostUser | undefined,
  ): Promise<void> {
    await this.stop();
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    const order: ServiceOrder = {
      dir: release.dir,
      command: commandAs(user, service.command),
      cwd: release.path,
      env,
      stopSignal: service.stopSignal,
      graceMs: service.graceMs,
      statusFile: this.#statusFile,
      logFile: this.#logFile,
      logMaxBytes,
      logFrom: statSync(this.#logFile, { throwIfNoEntry: false })?.size ?? 0,
    };
    await writeDurably(this.#orderFile, JSON.stringify(order));
    rmSync(this.#statusFile, { force: true });
    await this.#spawnShim();
  }

  async stop(): Promise<void> {
    const { graceMs } = this.#order() ?? { graceMs: 10_000 };
    const keepers = [this.#status()?.shim, readAs(isProcessIdentity, this.#keeperFile)];
    for (const keeper of keepers) {
      if (keeper === undefined || !this.#alive(keeper)) continue;
      process.kill(keeper.pid, 'SIGTERM');
      const gone = await this.#waitFor(() => !this.#alive(keeper), graceMs + stopMarginMs);
      if (!gone) signalGroup(keeper.pid, 'SIGKILL');
    }
    // A shim that was killed leaves its service behind, perhaps one that it started meanwhile.
    await this.#stopOrphan(this.#status()?.service, graceMs);
    rmSync(this.#statusFile, { force: true });
  }

  logTail(maxBytes: number, since: 'start' | 'ever'): Promise<string> {
    return textTail(this.#logFile, maxBytes, since === 'start' ? (this.#order()?.logFrom ?? 0) : 0);
  }

  /** The processes of the service; none if it does not run. */
  members(): readonly number[] {
    const service = this.#status()?.service;
    return service !== undefined && this.#alive(service) ? descendants(service.pid) : [];
  }

  async #spawnShim(): Promise<void> {
    const [program = '', ...args] = this.#options.shim;
    const log = openLog(join(this.#options.folder, 'shim.log'));
    const child = spawn(program, [...args, this.#orderFile], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: this.#options.folder,
      env: { PATH: this.#options.path },
    });
    closeSync(log);
    const keeper = child.pid === undefined ? undefined : identify(child.pid, this.#boot);
    if (keeper !== undefined) writeFileSync(this.#keeperFile, JSON.stringify(keeper), { mode: 0o600 });
    let failure = '';
    child.once('error', (error) => {
      failure = error.message;
    });
    child.once('exit', (code, signal) => {
      failure = `it ended at once (${signal ?? `exit code ${code ?? 'unknown'}`})`;
    });
    child.unref();
    const up = await this.#waitFor(() => failure !== '' || this.#status() !== undefined, startLimitMs);
    if (up && failure === '') return;
    if (failure === '' && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    throw new CapstanError(
      'failed',
      `the keeper of the service could not be started: ${failure || 'it said nothing'}`,
    );
  }

  async #stopOrphan(service: ProcessIdentity | undefined, graceMs: number): Promise<void> {
    if (service === undefined || !this.#alive(service)) return;
    signalGroup(service.pid, this.#order()?.stopSignal ?? 'SIGTERM');
    if (await this.#waitFor(() => !this.#alive(service), graceMs)) {
      if (groupExists(service.pid)) signalGroup(service.pid, 'SIGKILL');
      return;
    }
    signalGroup(service.pid, 'SIGKILL');
    await this.#waitFor(() => !this.#alive(service), stopMarginMs);
  }

  async #waitFor(condition: () => boolean, limitMs: number): Promise<boolean> {
    const { clock } = this.#options;
    const until = clock.monotonic() + limitMs;
    const never = new AbortController().signal;
    for (let pauseMs = 2; ; pauseMs = Math.min(50, pauseMs * 2)) {
      if (condition()) return true;
      if (clock.monotonic() >= until) return false;
      await clock.sleep(pauseMs, never);
    }
  }

  readonly #alive = (identity: ProcessIdentity | undefined): boolean => isAlive(identity, this.#boot);
  readonly #status = (): ServiceStatus | undefined => readAs(isServiceStatus, this.#statusFile);
  readonly #order = (): ServiceOrder | undefined => readAs(isServiceOrder, this.#orderFile);
}
