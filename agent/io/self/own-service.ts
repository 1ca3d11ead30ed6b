import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDir } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { agentApp } from '../../../shared/model/ids.js';
import { agentLauncher } from '../../../shared/model/release-spec.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { RunnableRelease, Service, ServiceFacts } from '../../ports/node.js';
import { readLink } from '../releases/links.js';
import type { Systemd } from '../services/systemd/systemd.js';
import { loadFault } from '../services/systemd/unit-fault.js';
import type { PutBack, UpdateFiles } from './update-files.js';

export interface OwnServiceOptions {
  /** Where releases of the agent are; the unit says it. */
  readonly updates: string;
  readonly files: UpdateFiles;
  /** The directory's name of the release that runs; undefined: it is the one that was installed. */
  readonly running: string | undefined;
  readonly systemd: Pick<Systemd, 'show' | 'journal'>;
  readonly clock: Clock;
  /** Why this agent is of no use so far; '' if it is. */
  readonly unready: () => string;
  /** Other applications that are in the middle of a change. */
  readonly changing: () => readonly string[];
  /** Has this agent end, as it does when systemd stops it. */
  readonly end: (why: string) => void;
  /** It ends. */
  readonly signal: AbortSignal;
}

const unit = 'capstan-agent.service';
const watchUnit = 'capstan-agent-watch.service';
/** What the watch waits longer than the agent's own check, which knows more of the reason. Seconds. */
const watchMargin = 5;
/** Other applications come to their end in this time, or go on under the next agent. Milliseconds. */
const quietLimitMs = 300_000;
const lookEveryMs = 100;

/**
 * The agent as the service of an application. A release is started by the end of the one before: the launcher then runs
 * what `current` leads to. It is on trial until it has passed its check; an agent that does not get there is put back by
 * `capstan-agent-watch`, and the next one finds a note of that.
 */
export class OwnService implements Service {
  readonly #options: OwnServiceOptions;
  readonly #admitted: Promise<void>;
  #admit: () => void = () => undefined;
  #onTrial: boolean;
  #putBack: PutBack | undefined;
  /** What runs is to be started anew. */
  #stopped = false;

  constructor(options: OwnServiceOptions) {
    const { files, running, signal } = options;
    this.#options = options;
    this.#putBack = files.putBack();
    this.#onTrial = running !== undefined && running !== files.proven();
    this.#admitted = new Promise((resolve) => {
      this.#admit = resolve;
    });
    signal.addEventListener('abort', this.#admit, { once: true });
  }

  /** Where its releases are. */
  get home(): string {
    return this.#options.updates;
  }

  /** Resolves when this agent has proved itself, or ends; undefined: it has. */
  get trial(): Promise<void> | undefined {
    return this.#onTrial ? this.#admitted : undefined;
  }

  observe(): ServiceFacts | undefined {
    const putBack = this.#putBack;
    if (putBack !== undefined)
      return { dir: putBack.dir, running: false, exits: 0, lastExit: putBack.reason, over: true };
    const { running } = this.#options;
    if (running === undefined) return undefined;
    const unready = this.#onTrial ? this.#options.unready() : '';
    return {
      ...{ dir: running, running: true, exits: 0, lastExit: '' },
      ...(unready === '' ? {} : { unready }),
    };
  }

  async preflight({ spec, path, dir }: RunnableRelease, deadlineMs?: number): Promise<string> {
    const { systemd, files } = this.#options;
    if (spec.service.kind !== 'agent')
      return `${agentApp} is the agent itself: its releases need "service: agent"`;
    if (spec.swap === 'exchange') return 'a release of the agent cannot have "swap: exchange"';
    if (!(await isExecutable(join(path, agentLauncher)))) return `${agentLauncher} cannot be executed`;
    const fault = loadFault(await systemd.show(watchUnit));
    if (fault !== '') return `nobody would put the agent back: ${fault}`;
    await this.#forgetPutBackOf(dir);
    if (deadlineMs !== undefined) await files.expect(Math.ceil(deadlineMs / 1000) + watchMargin);
    return '';
  }

  async start({ dir, path }: RunnableRelease): Promise<void> {
    const { updates, running } = this.#options;
    const putBack = this.#putBack;
    if (putBack?.dir === dir) throw new CapstanError('failed', putBack.reason);
    if (running === dir && !this.#stopped) return;
    const current = join(updates, 'current');
    if ((await readLink(current)) !== dir || !(await isExecutable(join(path, agentLauncher))))
      throw new CapstanError('failed', `${current} does not lead to a ${agentLauncher} of ${dir}`);
    await this.#forgetPutBack();
    await syncDir(updates);
    await this.#end(`${dir} takes over`);
    // Cut short by that, the step is its successor's.
    throw new CapstanError('failed', 'the agent ends');
  }

  async proved({ dir }: RunnableRelease): Promise<void> {
    const { files, running } = this.#options;
    if (dir !== running || !this.#onTrial) return;
    await files.prove(dir);
    await files.forgetStarts();
    this.#onTrial = false;
    this.#admit();
  }

  /** This agent does its work. One on trial has more to prove than that. */
  async up(): Promise<void> {
    if (!this.#onTrial) await this.#options.files.forgetStarts();
  }

  /** Ends nothing: it is its successor's start that ends an agent. */
  async stop(): Promise<void> {
    if (this.#putBack === undefined) {
      this.#stopped = true;
      return;
    }
    await this.#forgetPutBack();
  }

  /** What was installed takes over. */
  async remove(): Promise<void> {
    const { files, running } = this.#options;
    await this.#forgetPutBack();
    await files.prove('');
    if (running !== undefined) await this.#end('the agent that was installed takes over');
  }

  stranger(): Promise<string> {
    return Promise.resolve('');
  }

  unitFault(): Promise<string> {
    return Promise.resolve('the agent is not asked for by a probe of its unit');
  }

  connections(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  logTail(maxBytes: number): Promise<string> {
    return this.#options.systemd.journal(unit, [], maxBytes).catch(() => '');
  }

  /**
   * What became of an earlier try of a release does not count any more, unless it is live and this agent runs in its
   * place: then it is not to be started again before another one is live.
   */
  async #forgetPutBackOf(dir: string): Promise<void> {
    const withdrawn = await readLink(join(this.#options.updates, 'current'));
    if (this.#putBack?.dir === dir || this.#putBack?.dir !== withdrawn) await this.#forgetPutBack();
  }

  async #forgetPutBack(): Promise<void> {
    await this.#options.files.forgetPutBack();
    this.#putBack = undefined;
  }

  /** When no other application is in the middle of a change, for none is to be down meanwhile. */
  async #end(why: string): Promise<void> {
    const { clock, changing, end, signal } = this.#options;
    const until = clock.monotonic() + quietLimitMs;
    while (changing().length > 0 && clock.monotonic() < until && !signal.aborted) {
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
    }
    end(why);
  }
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
