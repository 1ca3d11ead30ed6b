import { nextDelay } from '../shared/core/backoff.js';
import { CapstanError } from '../shared/model/errors.js';
import type { AppName } from '../shared/model/ids.js';
import { messageLimits } from '../shared/model/messages.js';
import type { AppStatus } from '../shared/model/node-status.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Logger } from '../shared/ports/logger.js';
import type { Random } from '../shared/ports/random.js';
import { type Answer, noteAnswer, type Pollers } from './core/drain.js';
import { type Opinion, opinionOf, stagingOpinionOf } from './core/opinion.js';
import { isCommitted } from './core/plan.js';
import { deadService, type Reconciled, reconcile, supersedes, type Wanted } from './core/reconcile.js';
import { type AppRecord, emptyRecord, type Observed, releaseIn, type Verdict } from './core/record.js';
import { statusOf } from './core/status.js';
import type { Step } from './core/steps.js';
import { begin, complete, mustSync, type Outcome, resume } from './core/transitions.js';
import { type Circumstances, createExecutor, describeStep, type Parts } from './executor.js';
import { Housekeeping } from './housekeeping.js';
import { News } from './news.js';
import type { Journal } from './ports/node.js';
import { createSignal, waitFor } from './wake.js';

export interface AppLoopOptions {
  readonly app: AppName;
  readonly parts: Parts;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** How many releases to keep on disk. */
  readonly keep: number;
  /** Called when the status may have changed. */
  readonly onChange: () => void;
  /** Called when what it was told to do has come to an end. */
  readonly onSettled?: () => void;
}

const nothing: Observed = {
  current: undefined,
  previous: undefined,
  releases: [],
  serving: undefined,
  reviveAfter: 0,
  pruneFailed: false,
};
const retry = { baseMs: 500, capMs: 30_000 };

/** Drives one application from what is to what is wanted, one journalled step after another. */
export class AppLoop {
  readonly app: AppName;
  readonly #options: AppLoopOptions;
  readonly #execute: ReturnType<typeof createExecutor>;
  readonly #wake = createSignal();
  readonly #health = createSignal();
  readonly #news: News;
  readonly #house: Housekeeping;
  #record: AppRecord;
  #wanted: Wanted | undefined;
  #observed: Observed = nothing;
  #running: { readonly step: Step; readonly abort: AbortController } | undefined;
  #notReadySince: number | undefined;
  #pollers: Pollers;
  #opened = false;
  /** Why it does not go on; '' while it does. */
  #trouble = '';
  /** What an effect led to and the disk has not taken: the effect is not repeated for that. */
  #owed: (() => Promise<void>) | undefined;

  constructor(options: AppLoopOptions) {
    this.app = options.app;
    this.#options = options;
    this.#execute = createExecutor(options.parts);
    this.#record = emptyRecord(options.app);
    const { app, clock, random, log } = options;
    this.#news = new News({ app, clock, log, onChange: () => this.changed() });
    this.#house = new Housekeeping(clock, random);
    this.#pollers = { completeSince: clock.monotonic(), known: [] };
  }

  /**
   * Takes up what was before: probes, status, and a drain. What cannot be read does not keep the other applications
   * from going on: it is tried again by the loop, which does nothing before.
   */
  async open(): Promise<void> {
    try {
      await this.#observe();
      await this.#readJournal();
    } catch (thrown) {
      this.#complain(thrown);
    }
    const { current } = this.#observed;
    const { parts } = this.#options;
    const { work, health } = this.#record;
    // The verdict was on what served when nothing was under way: what an activation has put there since must prove itself.
    const unproven = work !== undefined && isCommitted(work.plan, work.at, work.begun);
    if (releaseIn(this.#observed, current) !== undefined && current !== undefined) {
      const live = await parts.releases.get(current);
      parts.health.watch(live, unproven ? 'unknown' : health);
      parts.drift.watch(live);
    }
    this.changed();
  }

  async #readJournal(): Promise<void> {
    const { journal, log } = this.#options;
    const read = await journal.read();
    this.#opened = true;
    const record = resume(read, this.#observed);
    this.#record = record;
    if (record !== read) {
      log.warn('app.interrupted', { app: this.app, what: record.interrupted });
      // Nothing is done on the strength of it before a line of it is on disk, so that a full disk need not end the agent.
      await journal.write(record, 'resume', true).catch((error: unknown) => {
        log.error('journal.failed', { app: this.app, error });
      });
    }
  }

  #complain(thrown: unknown, retryMs = 0): void {
    const error = CapstanError.from(thrown);
    this.#options.log.error('app.trouble', { app: this.app, error, retryMs });
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    this.#setTrouble(`the agent cannot go on: ${error.message}${hint}`);
  }

  #setTrouble(trouble: string): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.changed();
  }

  /** @returns false if the assignment is older than one already accepted, and is refused */
  want(wanted: Wanted | undefined): boolean {
    if (wanted !== undefined && wanted.assignment.generation < this.#record.highest) return false;
    this.#wanted = wanted;
    const running = this.#running;
    if (running !== undefined && wanted !== undefined && supersedes(this.#record, wanted))
      running.abort.abort();
    this.#wake.notify();
    return true;
  }

  status(): AppStatus {
    const { verdict, complaint, exits } = this.#options.parts.health.facts();
    const unwell = verdict === 'unhealthy' && this.#record.work === undefined ? complaint : '';
    const note = [this.#trouble, this.#news.note, unwell].filter((text) => text !== '').join('; ');
    const drift = this.#options.parts.drift.found(this.#observed.current);
    return statusOf(this.#record, this.#observed, {
      health: verdict,
      note,
      fetched: this.#news.fetched,
      drift,
      exits,
    });
  }

  /** What load balancers are told; undefined before it is known whether a drain was under way. */
  opinion(): Opinion | undefined {
    if (!this.#opened) return undefined;
    return opinionOf(this.#record, this.#observed, this.#options.parts.health.facts());
  }

  /** What is told to those who test a release before it takes requests; undefined as above. */
  stagingOpinion(): Opinion | undefined {
    if (!this.#opened) return undefined;
    return stagingOpinionOf(this.#record, this.#observed, this.#options.parts.health.facts());
  }

  /** A load balancer was told. */
  answered(answer: Answer): void {
    this.#pollers = noteAnswer(this.#pollers, answer, this.#options.clock.monotonic());
  }

  logTail(maxBytes: number): Promise<string> {
    return this.#options.parts.service.logTail(maxBytes, 'ever');
  }

  /** In the middle of something in which it serves less, so that it should not have to wait. */
  get changing(): boolean {
    const { work } = this.#record;
    return work !== undefined && isCommitted(work.plan, work.at, work.begun);
  }

  /** It is down, or may be. */
  get pressing(): boolean {
    return this.changing || deadService(this.#record, this.#observed) !== undefined;
  }

  /** What it was in the middle of could be read. */
  get opened(): boolean {
    return this.#opened;
  }

  /** What must not be collected even when space is short. */
  needed(): ReadonlySet<string> {
    const { work, lastGood, lastFailed } = this.#record;
    // What it was told to stage it keeps until it is told something else.
    const dirs = [work?.dir, work?.from, lastGood, lastFailed, this.#wanted?.dir];
    return new Set(dirs.filter((dir) => dir !== undefined));
  }

  /** Works until aborted. Whatever goes wrong, it comes back to the start of the loop after a while. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const stop = (): void => {
      this.#running?.abort.abort();
      this.#wake.notify();
    };
    signal.addEventListener('abort', stop, { once: true });
    let delayMs = 0;
    while (!signal.aborted) {
      try {
        await this.#turn(signal);
        delayMs = 0;
      } catch (thrown) {
        delayMs = nextDelay(delayMs, random.next(), retry);
        this.#complain(thrown, delayMs);
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
    this.#options.parts.health.close();
    this.#options.parts.drift.close();
  }

  /** To be called when the health facts change; recomputes what depends on them. */
  healthChanged(): void {
    this.#health.notify();
    this.#wake.notify();
    this.changed();
  }

  /** Tells whoever listens, and keeps the time since when the readiness endpoint says no. */
  changed(): void {
    if (this.opinion()?.kind === 'ready') this.#notReadySince = undefined;
    else this.#notReadySince ??= this.#options.clock.monotonic();
    this.#options.onChange();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { clock, keep } = this.#options;
    const woken = this.#wake.next();
    await this.#observe();
    if (!this.#opened) await this.#readJournal();
    await this.#owed?.();
    this.#owed = undefined;
    const input = {
      record: this.#record,
      wanted: this.#wanted,
      observed: this.#observed,
      now: clock.monotonic(),
      keep,
    };
    const result = reconcile(input);
    await this.#adopt(result);
    if (result.step !== undefined) {
      this.#options.parts.drift.watch(undefined);
      await this.#perform(result.step, signal);
      return;
    }
    await this.#rememberHealth();
    this.#setTrouble('');
    await this.#watchDrift();
    const waitMs = result.again === undefined ? undefined : Math.max(1, result.again - clock.monotonic());
    await waitFor(woken, waitMs, clock, signal);
  }

  async #adopt({ record }: Reconciled): Promise<void> {
    if (record === this.#record) return;
    const { work, settled } = record;
    const note = work === undefined ? `settled ${settled?.phase ?? ''}` : `adopted ${work.assignment.intent}`;
    await this.#commit(record, note, true);
    const generation = work?.assignment.generation ?? settled?.generation;
    this.#options.log[levelOf(work === undefined ? settled?.phase : undefined)]('app.work', {
      ...{ app: this.app, what: note, generation },
    });
    if (work === undefined) this.#options.onSettled?.();
  }

  async #perform(step: Step, signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#options;
    const before = this.#record;
    const started = begin(before, step);
    if (started !== before)
      await this.#commit(started, `begin ${describeStep(step)}`, mustSync(before, step, this.#observed));
    const abort = new AbortController();
    this.#running = { step, abort };
    if (signal.aborted || (this.#wanted !== undefined && supersedes(this.#record, this.#wanted)))
      abort.abort();
    log.info('step.begin', { app: this.app, step: describeStep(step) });
    const begunAt = clock.monotonic();
    const outcome = await this.#execute(step, this.#circumstances(abort.signal));
    const durationMs = Math.round((clock.monotonic() - begunAt) * 100) / 100;
    this.#running = undefined;
    const level = outcome.kind === 'failed' ? 'warn' : 'info';
    log[level]('step.end', { app: this.app, step: describeStep(step), outcome, durationMs });
    this.#news.clear();
    this.#house.note(step, outcome);
    if (step.action === 'revive' && outcome.kind === 'failed') this.#news.tell(outcome.failure.reason);
    this.#owed = () => this.#conclude(step, outcome);
    await this.#owed();
    this.#owed = undefined;
    this.#setTrouble('');
  }

  async #conclude(step: Step, outcome: Outcome): Promise<void> {
    await this.#observe();
    const before = this.#record;
    const after = complete(before, step, outcome, this.#observed);
    if (after === before) {
      this.changed();
      return;
    }
    const turned = after.work === undefined || after.work.direction !== before.work?.direction;
    await this.#commit(after, `${outcome.kind} ${describeStep(step)}`, turned);
  }

  #circumstances(signal: AbortSignal): Circumstances {
    const { clock } = this.#options;
    return {
      work: this.#record.work,
      signal,
      notReadySince: () => this.#notReadySince,
      healthChange: (withinMs) => waitFor(this.#health.next(), withinMs, clock, signal),
      pollers: () => this.#pollers,
      events: {
        ...this.#news.events,
        onFetched: (from) => {
          // On disk with the next line of the journal, which says that the step is done.
          this.#record = { ...this.#record, fetchedFrom: from.slice(0, messageLimits.sources) };
        },
      },
    };
  }

  async #observe(): Promise<void> {
    const { releases, service } = this.#options.parts;
    const found = await releases.observe();
    const serving = service.observe()?.dir;
    this.#observed = { ...found, serving, ...this.#house.facts() };
  }

  async #watchDrift(): Promise<void> {
    const { releases, drift } = this.#options.parts;
    const live = releaseIn(this.#observed, this.#observed.current);
    drift.watch(live === undefined ? undefined : await releases.get(live.dir));
  }

  async #rememberHealth(): Promise<void> {
    const health = this.#options.parts.health.facts().verdict;
    if (health === this.#record.health) return;
    await this.#commit({ ...this.#record, health }, `health ${health}`, false);
  }

  async #commit(record: AppRecord, note: string, synced: boolean): Promise<void> {
    await this.#options.journal.write(record, note, synced);
    this.#record = record;
    this.changed();
  }
}

/** How loudly an end is told. */
function levelOf(verdict: Verdict | undefined): 'info' | 'warn' | 'error' {
  if (verdict === 'inconsistent') return 'error';
  return verdict === 'failed' || verdict === 'turnedBack' ? 'warn' : 'info';
}
