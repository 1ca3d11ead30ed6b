import type { sendUnaryData } from '@grpc/grpc-js';
import { PollHub } from '../../../coordinator/io/grpc/poll-hub.js';
import { Orchestrator } from '../../../coordinator/orchestrator.js';
import type { NodeCaller } from '../../../coordinator/ports/fleet.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { PollAnswer, PollRequest, ReportRequest } from '../../../shared/model/messages.js';
import { errorFromStatus } from '../../../shared/wire/client-error.js';
import type { Dice } from './dice.js';
import { type MemoryStore, storeThrough } from './memory-store.js';
import type { Arrival, Network } from './network.js';
import { Process } from './process.js';
import type { Time } from './time.js';

/** What can be called of a coordinator that runs. */
export interface CoordinatorService {
  readonly orchestrator: Orchestrator;
  readonly hub: PollHub;
}

/** It fails without being done, or is done though nobody is told. */
export type CommitFate = 'done' | 'fails' | 'answerLost';

/** Short, so that a scenario sees much of it in little time. */
const limits = {
  silentAfterMs: 2000,
  lostAfterMs: 6000,
  startGraceMs: 8000,
  massWindowMs: 2000,
  massShare: 0.5,
  massMinimum: 4,
};
const holdMs = 10_000;

export interface CoordinatorOptions {
  readonly time: Time;
  readonly dice: Dice;
  readonly store: MemoryStore;
  readonly network: Network<CoordinatorService>;
  readonly bandwidth: number;
  /** On so many nodes content has to fail to be refused; 0: it never is. */
  readonly poisonAfter: number;
  readonly trace: (line: string) => void;
  /** Told of what must never happen. */
  readonly fault: (what: string) => void;
}

/** The coordinator's program, started and killed over the same database. */
export class SimCoordinator {
  /** What becomes of the next commits, one after the other. */
  nextCommits: readonly CommitFate[] = [];
  readonly #options: CoordinatorOptions;
  #process: Process | undefined;
  /** When it is to be up again. */
  #back = 0;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  get process(): Process | undefined {
    return this.#process;
  }

  get service(): CoordinatorService | undefined {
    return this.#options.network.server?.service;
  }

  start(): void {
    const { time, dice, trace, fault } = this.#options;
    if (this.#process !== undefined) return;
    const process: Process = new Process(time, dice, dice.below(5000), () => {
      this.#died(process);
    });
    this.#process = process;
    trace('coordinator starts');
    this.#open(process).catch((error: unknown) => {
      fault(`the coordinator could not be started: ${String(error)}`);
    });
  }

  /** @param downMs how long until it is started again */
  kill(downMs: number): void {
    this.#back = downMs;
    const process = this.#process;
    if (process === undefined) return;
    process.kill();
    this.#died(process);
  }

  /** It will be killed around one of its next commits. */
  burn(writes: number, after: boolean, downMs: number): void {
    this.#back = downMs;
    if (this.#process !== undefined) this.#process.fuse = { writes, after };
  }

  #died(process: Process): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#options.trace('coordinator dies');
    this.#options.network.serverDied();
    this.#options.time.after(this.#back, () => {
      this.start();
    });
  }

  async #open(process: Process): Promise<void> {
    const { dice, store, network, bandwidth, poisonAfter, trace } = this.#options;
    const orchestrator = await Orchestrator.open({
      store: storeThrough(store, {
        now: () => process.clock.now(),
        read: async (look) => {
          await process.wait(dice.between(0.1, 2));
          return look();
        },
        write: (effect) => process.write(() => this.#commit(effect)),
      }),
      clock: process.clock,
      random: dice,
      logger: {
        info: () => undefined,
        warn: () => undefined,
        error: (event) => trace(`coordinator ${event}`),
      },
      limits,
      bandwidth,
      poisonAfter,
      stores: () => ['http://store'],
      configRevision: (config) => `c${JSON.stringify(config).length}`,
    });
    const { clock } = process;
    const hub = new PollHub({ fleet: orchestrator, clock, random: dice, holdMs, timers: timersOf(process) });
    orchestrator.start(hub);
    network.server = { process, service: { orchestrator, hub } };
    trace('coordinator serves');
  }

  #commit<T>(effect: () => T): T {
    const [fate = 'done', ...rest] = this.nextCommits;
    this.nextCommits = rest;
    if (fate === 'done') return effect();
    if (fate === 'answerLost') effect();
    throw new CapstanError('failed', 'The database could not be written: the connection was lost.');
  }
}

const timersOf = (
  process: Process,
): { soon: (run: () => void) => void; every: (ms: number, run: () => void) => () => void } => ({
  soon: (run) => {
    process.after(0, run);
  },
  every: (ms, run) => {
    let over = false;
    const turn = (): void => {
      if (over) return;
      run();
      process.after(ms, turn);
    };
    process.after(ms, turn);
    return () => {
      over = true;
    };
  },
});

/** As the gRPC service does it. */
export const takePoll =
  (
    caller: NodeCaller,
    request: PollRequest,
    onAnswer: (answer: PollAnswer) => void,
  ): Arrival<CoordinatorService, PollAnswer> =>
  ({ hub }, answer) => {
    const reply: sendUnaryData<PollAnswer> = (error, value) => {
      if (error === null && value !== null && value !== undefined) {
        onAnswer(value);
        answer(value);
      } else answer(errorFromStatus(Object.assign(new Error('call'), error), 'coordinator'));
    };
    try {
      const held = hub.take(caller, request, reply);
      return () => {
        hub.cancelled(held);
      };
    } catch (error) {
      answer(CapstanError.from(error));
      return undefined;
    }
  };

/** As the gRPC service does it. */
export const takeReport =
  ({ name }: NodeCaller, request: ReportRequest): Arrival<CoordinatorService, number> =>
  ({ hub, orchestrator }, answer) => {
    const { session, sequence, status } = request;
    const take = async (): Promise<number> => {
      await hub.reporting(name, session);
      await orchestrator.report(name, session, sequence, status);
      return sequence;
    };
    take().then(answer, (error: unknown) => {
      answer(CapstanError.from(error));
    });
    return undefined;
  };
