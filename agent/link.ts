import { nextDelay } from '../shared/core/backoff.js';
import type { DesiredState } from '../shared/model/desired-state.js';
import { CapstanError } from '../shared/model/errors.js';
import type { Epoch, RestoreId } from '../shared/model/ids.js';
import {
  type LogAnswer,
  type LogRequest,
  messageLimits,
  type PollAnswer,
  type PollRequest,
} from '../shared/model/messages.js';
import type { NodeStatus } from '../shared/model/node-status.js';
import type { PeersAnswer, PeersQuestion, Serving } from '../shared/model/peers.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Logger } from '../shared/ports/logger.js';
import type { Random } from '../shared/ports/random.js';
import type { Coordinator } from './ports/coordinator.js';
import { createSignal } from './wake.js';

export interface LinkOptions {
  /** Tried in turn; one answers for all. At least one. */
  readonly coordinators: readonly Coordinator[];
  readonly instance: string;
  readonly session: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly revisionSeen: () => number;
  readonly epochSeen: () => Epoch;
  readonly restoreSeen: () => RestoreId;
  readonly status: () => NodeStatus;
  /** What this node offers to others; undefined: nothing. */
  readonly serving: () => Serving | undefined;
  readonly apply: (desired: DesiredState) => Promise<void>;
  readonly readLog: (request: LogRequest) => Promise<string>;
}

const retry = { baseMs: 250, capMs: 15_000 };
/** A name that is taken, or a node that is not wanted any more, is a matter for people: slowly. */
const refusedRetry = { baseMs: 10_000, capMs: 60_000 };
/** Changes within this time go in one report. Milliseconds. */
const coalesceMs = 50;
const reportDeadlineMs = 15_000;
/** Whoever waits for peers does not wait for long: there are stores. */
const findPeersDeadlineMs = 1000;
/** Longer than a coordinator holds a poll (60 s). */
const pollDeadlineMs = 90_000;
/** What is wanted is written down and handed to the applications in far less. */
const takeLimitMs = 60_000;
/** Nobody can send a node to sleep for longer. */
const patienceMs = 300_000;
/** How late the poll loop may be for what it does by itself: a busy machine is not a stuck agent. */
const slackMs = 15_000;
/** Log requests that are being answered or whose answers wait for a report; nobody is told more at once. */
const maxLogs = 16;
/** Log answers in one report, in UTF-8: the other half of the message is for the status. */
const logBytes = messageLimits.messageBytes / 2;

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** It was heard and not wanted: another coordinator would say the same. */
const isRefusal = ({ code }: CapstanError): boolean => code === 'conflict' || code === 'refused';

/** The node's side of the conversation with the coordinator: one held poll, and reports of the whole status. */
export class Link {
  readonly #options: LinkOptions;
  readonly #dirty = createSignal();
  #index = 0;
  #connected = false;
  #sequence = 0;
  #acknowledged = 0;
  /** What was last acknowledged, to tell a change. */
  #told = '';
  #forced = true;
  #answers: readonly LogAnswer[] = [];
  /** Logs that are being read. */
  #reading = 0;
  #trouble = '';
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The coordinator in use, or that is tried next, and why it is not connected. */
  get coordinator(): string {
    return this.#coordinator().address;
  }

  get trouble(): string {
    return this.#trouble;
  }

  /**
   * Whether the poll loop is back from what it does within the time which that may take. A watchdog looks at this and at
   * nothing else: an agent that is up and does not poll is worse than none.
   */
  get onTime(): boolean {
    return this.#options.clock.monotonic() <= this.#dueMs;
  }

  /** The status may have changed. */
  changed(): void {
    this.#dirty.notify();
  }

  /** Asks the coordinator in use; rejects if it does not answer. */
  findPeers(question: PeersQuestion, signal: AbortSignal): Promise<PeersAnswer> {
    return this.#coordinator().findPeers(question, { deadlineMs: findPeersDeadlineMs, signal });
  }

  /** Polls and reports until aborted; returns when both have ended. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#pollLoop(signal), this.#reportLoop(signal)]);
    for (const coordinator of this.#options.coordinators) coordinator.close();
  }

  async #pollLoop(signal: AbortSignal): Promise<void> {
    const { random } = this.#options;
    let delayMs = 0;
    while (!signal.aborted) {
      try {
        this.#backWithin(pollDeadlineMs);
        const answer = await this.#coordinator().poll(this.#question(), {
          deadlineMs: pollDeadlineMs,
          signal,
        });
        this.#healthy();
        this.#backWithin(takeLimitMs);
        await this.#take(answer);
        delayMs = 0;
        await this.#pause(answer.retryAfterMs, signal);
      } catch (thrown) {
        const error = CapstanError.from(thrown);
        if (isAborted(signal)) return;
        this.#unhealthy(error);
        delayMs = nextDelay(delayMs, random.next(), isRefusal(error) ? refusedRetry : retry);
        await this.#pause(Math.max(delayMs, error.retryAfterMs ?? 0), signal);
      }
    }
  }

  /** Between two polls. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const boundedMs = Math.min(ms, patienceMs);
    this.#backWithin(boundedMs);
    await this.#sleep(boundedMs, signal);
  }

  #backWithin(ms: number): void {
    this.#dueMs = this.#options.clock.monotonic() + ms + slackMs;
  }

  async #take({ desired, reportWanted, logs }: PollAnswer): Promise<void> {
    if (desired !== undefined) await this.#options.apply(desired);
    for (const request of logs) void this.#answer(request);
    if (reportWanted) {
      this.#forced = true;
      this.#dirty.notify();
    }
  }

  /** Beside the poll loop: a journal that takes its time must not keep what is wanted waiting. */
  async #answer(request: LogRequest): Promise<void> {
    if (this.#reading + this.#answers.length >= maxLogs) return;
    this.#reading += 1;
    const text = await this.#options
      .readLog(request)
      .catch((error: unknown) => CapstanError.from(error).message);
    this.#reading -= 1;
    this.#answers = [...this.#answers, { id: request.id, text: text.slice(-messageLimits.logText) }];
    this.#dirty.notify();
  }

  /** The oldest answers, as many as fit in a report. */
  #fitting(): readonly LogAnswer[] {
    let bytes = 0;
    return this.#answers.filter(({ text }) => {
      bytes += Buffer.byteLength(text);
      return bytes <= logBytes;
    });
  }

  #forget(answers: readonly LogAnswer[]): void {
    this.#answers = this.#answers.filter((answer) => !answers.includes(answer));
    if (this.#answers.length > 0) this.#dirty.notify();
  }

  async #reportLoop(signal: AbortSignal): Promise<void> {
    const { random, log } = this.#options;
    let delayMs = 0;
    while (!signal.aborted) {
      const changed = this.#dirty.next();
      try {
        await this.#report(signal);
        delayMs = 0;
      } catch (thrown) {
        const error = CapstanError.from(thrown);
        if (isAborted(signal)) return;
        if (error.code !== 'unreachable' && !isRefusal(error)) log.warn('report.failed', { error });
        delayMs = nextDelay(delayMs, random.next(), isRefusal(error) ? refusedRetry : retry);
        await this.#sleep(Math.max(delayMs, error.retryAfterMs ?? 0), signal);
        continue;
      }
      await this.#until(changed, signal);
      await this.#sleep(coalesceMs, signal);
    }
  }

  async #report(signal: AbortSignal): Promise<void> {
    const status = this.#options.status();
    const serving = this.#options.serving();
    const text = JSON.stringify([status, serving]);
    const logs = this.#fitting();
    if (text === this.#told && !this.#forced && logs.length === 0) return;
    this.#forced = false;
    this.#sequence += 1;
    const sequence = this.#sequence;
    try {
      const report = { session: this.#options.session, sequence, status, logs, serving };
      const options = { deadlineMs: reportDeadlineMs, signal };
      this.#acknowledged = Math.max(this.#acknowledged, await this.#coordinator().report(report, options));
    } catch (error) {
      this.#forced = true;
      // Whoever refused it would refuse it again if they are the reason; who asked for them can ask again.
      if (CapstanError.from(error).code !== 'unreachable') this.#forget(logs);
      throw error;
    }
    this.#told = text;
    this.#forget(logs);
    // A poll may be held for a minute without a word.
    if (this.#trouble === '') this.#healthy();
  }

  #question(): PollRequest {
    const { instance, session, revisionSeen, epochSeen, restoreSeen } = this.#options;
    const seen = { revisionSeen: revisionSeen(), epochSeen: epochSeen(), restoreSeen: restoreSeen() };
    return { ...seen, instance, session, reportSequence: this.#acknowledged };
  }

  #coordinator(): Coordinator {
    const { coordinators } = this.#options;
    const chosen = coordinators[this.#index % coordinators.length];
    if (chosen === undefined) throw new CapstanError('internal', 'there is no coordinator to ask');
    return chosen;
  }

  #healthy(): void {
    if (!this.#connected || this.#trouble !== '') {
      this.#options.log.info('coordinator.connected', { coordinator: this.#coordinator().address });
    }
    this.#connected = true;
    this.#trouble = '';
  }

  #unhealthy(error: CapstanError): void {
    const { log } = this.#options;
    this.#connected = false;
    const { code, message, hint } = error;
    if (message !== this.#trouble) {
      log.warn(isRefusal(error) ? 'coordinator.refused' : 'coordinator.unreachable', {
        coordinator: this.#coordinator().address,
        ...{ message, code, hint },
      });
    }
    this.#trouble = message;
    if (!isRefusal(error)) this.#index += 1;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0 && !signal.aborted) await this.#options.clock.sleep(ms, signal).catch(() => undefined);
  }

  async #until(event: Promise<void>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const over = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true, signal: over.signal },
      );
    });
    await Promise.race([event, aborted]);
    over.abort();
  }
}
