import { CapstanError, type ErrorCode } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { BuildDescription } from '../../../shared/spec/build.js';
import { checkedSource, type Drop, dropsIn } from './drop.js';
import { forgetOld, forgetRefused, markPublished, markRefused } from './outcomes.js';

export interface DropFolderOptions {
  readonly folder: string;
  /** Publishes a build and records its checks; what is to be said of it. Fails with a CapstanError. */
  readonly take: (
    build: BuildDescription,
    source: string,
    signal: AbortSignal,
  ) => Promise<{ readonly digest: string; readonly notes: readonly string[] }>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What has not changed for so long is finished. Milliseconds. */
const settleMs = 2000;
/** Between two looks at what may still be written. */
const lookMs = 500;
/** … and when nothing is: file systems on a network tell of no changes. */
const restMs = 10_000;
/** For what has not come for so long it is waited still, and the log says so. */
const waitingMs = 60_000;
/** What failed through nobody's fault is tried again after so long. */
const retryMs = 30_000;
const forgetEveryMs = 3_600_000;

/** Failures that have nothing to do with the build. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'unreachable',
  'unavailable',
  'failed',
  'cancelled',
  'internal',
]);

/** What is known of a build between two looks. Times by the monotonic clock, in milliseconds. */
interface Watched {
  readonly fingerprint: string;
  /** Since when it looks like this. */
  readonly since: number;
  /** Not before; for ever once it was refused as it is. */
  notBefore: number;
  /** Why it could not be taken for now, or is waited for, as it was said. */
  told: string;
}

/**
 * Takes finished builds out of a folder, one at a time, the oldest first. What still changes is waited for; what cannot be
 * published waits until it is written anew, and a file beside it says why.
 */
export class DropFolder {
  readonly #options: DropFolderOptions;
  readonly #stop = new AbortController();
  readonly #watched = new Map<string, Watched>();
  /** Aborted when something has changed in the folder. */
  #news = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #unwatch: () => Promise<void> = () => Promise.resolve();

  constructor(options: DropFolderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { folder, logger } = this.#options;
    const { watch } = await import('chokidar');
    const watcher = watch(folder, { ignoreInitial: true, depth: 0 });
    watcher.on('error', (error) => {
      logger.warn('drop.unwatched', { folder, error }); // the slow looks go on
    });
    watcher.on('all', () => {
      this.#news.abort();
    });
    this.#unwatch = () => watcher.close();
    this.#running = this.#run();
  }

  /** What is being published is stopped, and begun again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#news.abort();
    await this.#unwatch();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { folder, clock, logger } = this.#options;
    let forgottenAt = Number.NEGATIVE_INFINITY;
    while (!this.#stop.signal.aborted) {
      let pauseMs = restMs;
      try {
        if (clock.monotonic() - forgottenAt > forgetEveryMs) {
          forgottenAt = clock.monotonic();
          await forgetOld(folder, clock.now());
        }
        if (await this.#look()) pauseMs = lookMs;
      } catch (error) {
        logger.error('drop.unreadable', { folder, error });
      }
      await clock.sleep(pauseMs, this.#news.signal).catch(() => undefined);
      this.#news = new AbortController();
    }
  }

  /** True if something may be finished soon. */
  async #look(): Promise<boolean> {
    const drops = await dropsIn(this.#options.folder);
    const names = new Set(drops.map(({ name }) => name));
    for (const name of this.#watched.keys()) {
      if (names.has(name)) continue;
      this.#watched.delete(name);
      await forgetRefused(this.#options.folder, name);
    }
    let waits = false;
    for (const drop of drops) {
      if (this.#stop.signal.aborted) return false;
      const watched = this.#watch(drop);
      const now = this.#options.clock.monotonic();
      if (drop.lacks !== '') this.#tellWaiting(drop, watched, now);
      if (drop.lacks !== '' || watched.notBefore > now) continue;
      if (now - watched.since >= settleMs) await this.#take(drop, watched);
      else waits = true;
    }
    return waits;
  }

  /** Once: what was forgotten, or broke off, may never come. */
  #tellWaiting({ name, lacks }: Drop, watched: Watched, now: number): void {
    if (watched.told !== '' || now - watched.since < waitingMs) return;
    watched.told = lacks;
    this.#options.logger.warn('drop.waiting', { name, waitsFor: lacks, sinceMs: now - watched.since });
  }

  #watch({ name, fingerprint }: Drop): Watched {
    const known = this.#watched.get(name);
    if (known?.fingerprint === fingerprint) return known;
    const watched = { fingerprint, since: this.#options.clock.monotonic(), notBefore: 0, told: '' };
    this.#watched.set(name, watched);
    return watched;
  }

  async #take(drop: Drop, watched: Watched): Promise<void> {
    const { folder, take, clock, logger } = this.#options;
    const { name, description } = drop;
    try {
      if (description instanceof CapstanError) throw description;
      const { app, version } = description;
      const source = await checkedSource(folder, description);
      const { digest, notes } = await take(description, source, this.#stop.signal);
      logger.info('drop.published', { name, app, version, digest, notes });
      watched.notBefore = Number.POSITIVE_INFINITY;
      const publishedAt = new Date(clock.now()).toISOString();
      const said = notes.length === 0 ? {} : { notes };
      await markPublished(folder, drop, { app, version, digest, publishedAt, ...said });
    } catch (thrown) {
      if (!this.#stop.signal.aborted) await this.#fail(drop, watched, CapstanError.from(thrown));
    }
  }

  async #fail({ name, description }: Drop, watched: Watched, error: CapstanError): Promise<void> {
    const { clock, logger } = this.#options;
    const { code, message } = error;
    if (!passing.has(code)) {
      watched.notBefore = Number.POSITIVE_INFINITY;
      logger.warn('drop.refused', { name, code, message });
      await this.#markRefused(name, error);
      return;
    }
    watched.notBefore = Math.max(watched.notBefore, clock.monotonic() + retryMs);
    if (watched.told === message) return;
    watched.told = message;
    logger.warn('drop.failed', { name, message, retryAfterMs: retryMs });
    // That a store is away passes; that a file may not be read is for who wrote it to know.
    if (description === error) await this.#markRefused(name, error);
  }

  async #markRefused(name: string, error: CapstanError): Promise<void> {
    const { folder, logger } = this.#options;
    await markRefused(folder, name, error).catch((failure: unknown) => {
      logger.error('drop.unwritable', { folder, error: failure });
    });
  }
}
