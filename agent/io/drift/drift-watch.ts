import { nextDelay } from '../../../shared/core/backoff.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Drift } from '../../../shared/model/node-status.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { Random } from '../../../shared/ports/random.js';
import type { DriftWatch, RunnableRelease } from '../../ports/node.js';
import { openIndex } from '../../stager/drift/index-file.js';
import { indexFileOf } from '../../stager/protocol.js';
import type { Stager } from '../stager-client.js';
import { sweep } from './sweep.js';

/** How fast a tree is gone through: what it may cost, and how long it takes. */
export interface DriftPace {
  /** A tree is first looked at so long after the work on it. Milliseconds. */
  readonly afterWorkMs: number;
  /** Between two pages of the index, of less than two hundred files each. Milliseconds. */
  readonly pageMs: number;
  /** From the start of one sweep to the start of the next, at least. Milliseconds. */
  readonly sweepMs: number;
  /** The same in durations of a sweep, but no more than `maxSweepMs`: a tree that is half as large is to cost half as much. */
  readonly sweepFactor: number;
  /** Between two judgements, at least. Milliseconds. */
  readonly judgeMs: number;
  /** The same where nothing but what was suspect before is suspect again, in durations of a judgement. */
  readonly judgeFactor: number;
}

/**
 * Eight hundred files a second, for less than a hundredth of a core: 70,000 with their folders take 95 s. With the pause
 * before a judgement, and that itself, a change is named within two minutes.
 */
const defaultPace: DriftPace = {
  afterWorkMs: 5000,
  pageMs: 200,
  sweepMs: 15_000,
  sweepFactor: 8,
  judgeMs: 10_000,
  judgeFactor: 100,
};

export interface SweepingWatchOptions {
  readonly recordFileOf: (dir: string) => string;
  /** Paths that are in a release's tree though its manifest does not name them. */
  readonly expectedIn: (release: RunnableRelease) => readonly string[];
  readonly stager: Pick<Stager, 'drift'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Called when what was found changes. */
  readonly onChange: () => void;
  readonly pace?: DriftPace;
}

/** More suspects than these are not told apart. */
const maxSuspects = 1000;
const maxSweepMs = 90_000;
const retry = { baseMs: 5000, capMs: 600_000 };

interface Watched {
  readonly release: RunnableRelease;
  readonly abort: AbortController;
}

/**
 * Goes through the live tree's metadata again and again, and has whatever differs from the time before judged by a
 * child that knows the manifest and reads files. The child looks at everything, so that a sweep begins anew after it.
 */
export class SweepingWatch implements DriftWatch {
  readonly #options: SweepingWatchOptions;
  readonly #pace: DriftPace;
  #watched: Watched | undefined;
  #found: { readonly dir: string; readonly drift: Drift | undefined } | undefined;

  constructor(options: SweepingWatchOptions) {
    this.#options = options;
    this.#pace = options.pace ?? defaultPace;
  }

  watch(release: RunnableRelease | undefined): void {
    if (release !== undefined && release.path === this.#watched?.release.path && this.#isSame(release))
      return;
    this.#watched?.abort.abort();
    this.#watched = undefined;
    if (release === undefined) return;
    const watched = { release, abort: new AbortController() };
    this.#watched = watched;
    void this.#run(watched);
  }

  found(dir: string | undefined): Drift | undefined {
    return this.#found?.dir === dir ? this.#found?.drift : undefined;
  }

  close(): void {
    this.watch(undefined);
  }

  #isSame({ dir }: RunnableRelease): boolean {
    return this.#watched?.release.dir === dir;
  }

  /** Until it is aborted. Whatever goes wrong, it tries again after a while. */
  async #run({ release, abort }: Watched): Promise<void> {
    const { clock, random, log } = this.#options;
    const { signal } = abort;
    const isOver = (): boolean => signal.aborted;
    let delayMs = 0;
    // Before the first report after a start, or that would say that all is mended.
    this.#recall(release);
    await clock.sleep(this.#pace.afterWorkMs, signal).catch(() => undefined);
    while (!isOver()) {
      try {
        await this.#look(release, signal);
        delayMs = 0;
      } catch (thrown) {
        if (isOver()) return;
        const error = CapstanError.from(thrown, 'failed');
        delayMs = nextDelay(delayMs, random.next(), retry);
        log.warn('drift.unknown', { app: release.app, error, retryMs: delayMs });
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  }

  async #look(release: RunnableRelease, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (!this.#recall(release)) await this.#judge(release, signal);
    const doubt = new Doubt(this.#pace);
    while (!signal.aborted) {
      const begun = clock.monotonic();
      if (await this.#sweepOnce(release, doubt, signal)) await this.#judgeAgain(release, doubt, signal);
      else await clock.sleep(this.#restMs(clock.monotonic() - begun), signal);
    }
  }

  #restMs(tookMs: number): number {
    const { sweepMs, sweepFactor } = this.#pace;
    return Math.max(0, sweepMs - tookMs, Math.min(tookMs * sweepFactor, maxSweepMs) - tookMs);
  }

  /** @returns true as soon as something is to be judged */
  async #sweepOnce(release: RunnableRelease, doubt: Doubt, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const indexFile = this.#indexOf(release);
    try {
      for await (const suspects of sweep({
        root: release.path,
        indexFile,
        pauseMs: this.#pace.pageMs,
        clock,
        signal,
      })) {
        doubt.add(suspects);
        if (doubt.isDue(clock.monotonic())) return true;
      }
      return false;
    } catch (error) {
      if (signal.aborted) throw error;
      return true; // an index that cannot be read is as good as none
    }
  }

  async #judgeAgain(release: RunnableRelease, doubt: Doubt, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const begun = clock.monotonic();
    const changed = await this.#judge(release, signal);
    doubt.settle(begun, clock.monotonic(), changed);
  }

  /** What an earlier run of the agent found; false if there is none. */
  #recall(release: RunnableRelease): boolean {
    try {
      const index = openIndex(this.#indexOf(release));
      index.close();
      this.#tell(release, index.header.drift ?? undefined);
      return true;
    } catch {
      return false;
    }
  }

  async #judge(release: RunnableRelease, signal: AbortSignal): Promise<boolean> {
    const { stager, expectedIn, recordFileOf } = this.#options;
    const recordFile = recordFileOf(release.dir);
    const job = { releaseDir: release.path, recordFile, expected: expectedIn(release) };
    const { drift } = await stager.drift(job, { signal });
    return this.#tell(release, drift);
  }

  /** @returns whether it is something new */
  #tell({ app, dir }: RunnableRelease, drift: Drift | undefined): boolean {
    const { log, onChange } = this.#options;
    const before = this.found(dir);
    this.#found = { dir, drift };
    if (JSON.stringify(before) === JSON.stringify(drift)) return false;
    if (drift === undefined) log.info('drift.mended', { app });
    else log.warn('drift.found', { app, total: drift.total, first: drift.paths[0] });
    onChange();
    return true;
  }

  #indexOf({ dir }: RunnableRelease): string {
    return indexFileOf(this.#options.recordFileOf(dir));
  }
}

/** What is suspect, and when it is time to have it judged: a file that never comes to rest must not cost the rest of a core. */
class Doubt {
  readonly #pace: DriftPace;
  readonly #suspects = new Set<string>();
  #judged: ReadonlySet<string> = new Set();
  #isOld = false;
  #nextAt = -Infinity;
  #nextOldAt = -Infinity;

  constructor(pace: DriftPace) {
    this.#pace = pace;
  }

  add(paths: readonly string[]): void {
    for (const path of paths) if (this.#suspects.size < maxSuspects) this.#suspects.add(path);
  }

  isDue(now: number): boolean {
    if (this.#suspects.size === 0 || now < this.#nextAt) return false;
    return (
      now >= this.#nextOldAt || !this.#isOld || [...this.#suspects].some((path) => !this.#judged.has(path))
    );
  }

  settle(begun: number, ended: number, changed: boolean): void {
    this.#judged = new Set(this.#suspects);
    this.#suspects.clear();
    this.#isOld = !changed;
    this.#nextAt = ended + this.#pace.judgeMs;
    this.#nextOldAt = Math.max(this.#nextAt, ended + (ended - begun) * this.#pace.judgeFactor);
  }
}
