import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { readSettings } from '../../agent/stager/settings/read-settings.js';
import type { AgentConfig } from '../../agent/stager/settings/settings.js';
import type { Assignment } from '../../shared/model/desired-state.js';
import type { AppName, EnvName, RolloutId } from '../../shared/model/ids.js';
import type { AppStatus } from '../../shared/model/node-status.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { FakeCoordinator } from '../integration/agent/fake-coordinator.js';
import { freePorts } from '../support/free-ports.js';
import { cleanEnvironment, killProcessesIn, processesIn } from '../support/processes.js';
import { removeTree } from '../support/temp-dir.js';
import { hookLog } from './fixtures.js';
import type { AgentJob, Cell, Order, Plan, Point, Request, Seen } from './plan.js';

const app = 'web' as AppName;

export interface RigOptions {
  /** Made, and removed when it is closed. */
  readonly dir: string;
  readonly store: string;
  readonly programs: { readonly agent: string; readonly reader: string };
  readonly plan: Plan;
}

/** How long a coordinator is away at most. Milliseconds. */
const awayMs = 500;

const interruption = new AbortController();
const interrupted = interruption.signal;

/** From now on no agent is started again, so that what runs can be cleared away. */
export const interrupt = (): void => {
  interruption.abort();
};

/** One node: an agent that is started again whenever it was killed, a coordinator, and a reader of `current`. */
export class Rig {
  readonly coordinator = new FakeCoordinator();
  readonly #options: RigOptions;
  readonly #job: AgentJob;
  readonly #reader: ChildProcess;
  readonly #said: Interface;
  #agent: ChildProcess | undefined;
  #closing = false;
  #ended: Promise<void> = Promise.resolve();
  #port = 0;
  #up = true;
  #turning: Promise<void> = Promise.resolve();
  #comeBack: NodeJS.Timeout | undefined;
  #generation = 0;
  #revision = 0;
  #planned: () => void = () => undefined;
  #break: (error: Error) => void = () => undefined;
  /** Rejects when an agent ends that nobody killed. */
  readonly #broken = new Promise<never>((_resolve, reject) => {
    this.#break = reject;
  });
  kills = 0;

  private constructor(options: RigOptions, config: AgentConfig) {
    this.#options = options;
    this.#broken.catch(() => undefined); // whoever waits for an end hears of it
    const file = (name: string): string => join(options.dir, name);
    this.#job = { config, plan: options.plan, doneFile: file('done'), seenFile: file('seen') };
    this.#reader = spawn(process.execPath, [options.programs.reader, this.home, file('state/releases/web')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#reader.stdout === null) throw new Error('the reader has no output');
    this.#said = createInterface({ input: this.#reader.stdout });
  }

  static async open(options: RigOptions): Promise<Rig> {
    const { dir } = options;
    await mkdir(dir, { recursive: true });
    const [listen = 0, port = 0] = await freePorts(2);
    const settings = await readSettings(
      {
        kind: 'settings',
        argv: [
          ...[
            '--insecure-loopback',
            '--allow-unsigned',
            '--name',
            'n1',
            '--coordinator',
            `127.0.0.1:${port}`,
          ],
          ...[
            '--state-dir',
            join(dir, 'state'),
            '--root',
            join(dir, 'srv'),
            '--conf-dir',
            join(dir, 'conf.d'),
          ],
          ...['--listen', `127.0.0.1:${listen}`, '--reserve-mb', '0', '--keep-releases', '1'],
        ],
      },
      {},
    );
    if (settings.answer.kind !== 'run') throw new Error(settings.answer.text);
    const rig = new Rig(options, settings.answer.config);
    rig.#port = port;
    await rig.coordinator.start(port);
    rig.#start();
    return rig;
  }

  get home(): string {
    return join(this.#options.dir, 'srv', app);
  }

  async setPlan(plan: Plan): Promise<void> {
    const planned = new Promise<void>((done) => {
      this.#planned = done;
    });
    this.#tell({ kind: 'plan', plan });
    await planned;
  }

  /** Assigns, and waits for the end. `deployment` names it in points. */
  async deploy(deployment: string, release: ReleaseRef, more: Partial<Assignment> = {}): Promise<AppStatus> {
    this.#generation += 1;
    const assignment: Assignment = {
      app,
      env: 'test' as EnvName,
      generation: this.#generation,
      intent: 'activate',
      release,
      config: {},
      configRevision: this.revision(),
      activation: { drain: false, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 20_000 },
      rollout: deployment as RolloutId,
      stores: [],
      fetchBytesPerSecond: 0,
      ...more,
    };
    this.coordinator.want([assignment], [this.#options.store]);
    return await Promise.race([this.coordinator.settled(app, this.#generation, 300_000), this.#broken]);
  }

  latest(): AppStatus | undefined {
    return this.coordinator.latest(app);
  }

  /** The directory of a release is named by this too: a new one makes it staged anew. */
  revision(): string {
    return this.#revision.toString(16).padStart(8, '0');
  }

  renew(): void {
    this.#revision += 1;
  }

  /** From now on there must be something live at every instant, or need not be. */
  async expectLive(must: boolean): Promise<void> {
    const heard = once(this.#said, 'line');
    this.#reader.stdin?.write(must ? 'must\n' : 'may\n');
    await heard;
  }

  /** What the hooks said since this was last asked. */
  async hooks(): Promise<readonly string[]> {
    const file = join(this.home, hookLog);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    await rm(file, { force: true });
    return lines;
  }

  done(): ReadonlySet<Cell> {
    return new Set(linesOf(this.#job.doneFile));
  }

  seen(): ReadonlySet<Point> {
    return new Set(linesOf(this.#job.seenFile));
  }

  /** Every process of the node but the agent and its reader. */
  processes(): readonly number[] {
    const own = [this.#agent?.pid, this.#reader.pid];
    return processesIn(this.#options.dir).filter((pid) => !own.includes(pid));
  }

  /** What should not be there any more, whatever happened, once the application was removed. */
  remains(): readonly string[] {
    const { dir } = this.#options;
    const namesIn = (folder: string): readonly string[] =>
      existsSync(join(this.home, folder)) ? readdirSync(join(this.home, folder)) : [];
    const links = namesIn('.').filter((name) => name.endsWith('.new') || name === 'current');
    const state = readdirSync(join(dir, 'state'), { recursive: true, encoding: 'utf8' });
    return [
      ...links,
      ...['.staging', 'releases'].flatMap((folder) => namesIn(folder).map((name) => `${folder}/${name}`)),
      ...state.filter((name) => name.endsWith('.tmp')),
    ];
  }

  async close(): Promise<Seen> {
    this.#closing = true;
    this.#agent?.kill('SIGTERM');
    await this.#ended;
    await this.restoreCoordinator();
    this.coordinator.stop();
    const last = new Promise<string>((resolve) => {
      this.#said.on('line', (line) => {
        if (line !== '') resolve(line);
      });
    });
    this.#reader.stdin?.end();
    const seen = JSON.parse(await last) as Seen;
    await killProcessesIn(this.#options.dir);
    await removeTree(this.#options.dir);
    return seen;
  }

  #start(): void {
    const { programs } = this.#options;
    const agent = spawn(process.execPath, [programs.agent, JSON.stringify(this.#job)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: cleanEnvironment(),
    });
    let complaint = '';
    agent.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    agent.on('message', (request: Request) => {
      if (request.kind === 'planned') this.#planned();
      else void this.#toggle();
    });
    this.#agent = agent;
    this.#ended = once(agent, 'exit').then(([code, signal]) => {
      if (this.#closing || interrupted.aborted) return;
      if (signal === 'SIGKILL') {
        this.kills += 1;
        this.#start();
      } else this.#break(new Error(`the agent ended by itself (${String(code ?? signal)}): ${complaint}`));
    });
  }

  async #toggle(): Promise<void> {
    await this.#turn(!this.#up);
    this.#tell({ kind: 'toggled' });
  }

  /** To be called when it is to be there for good again. */
  restoreCoordinator(): Promise<void> {
    return this.#turn(true);
  }

  /** One that has gone comes back by itself: an agent that waits for it passes no point that would bring it back. */
  #turn(up: boolean): Promise<void> {
    this.#turning = this.#turning.then(async () => {
      clearTimeout(this.#comeBack);
      if (up === this.#up) return;
      this.#up = up;
      if (up) await this.coordinator.start(this.#port);
      else {
        this.coordinator.stop();
        this.#comeBack = setTimeout(() => void this.#turn(true), awayMs);
      }
    });
    return this.#turning;
  }

  #tell(order: Order): void {
    this.#agent?.send(order);
  }
}

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
