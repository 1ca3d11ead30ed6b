import { join } from 'node:path';
import { nextDelay } from '../../../shared/core/backoff.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { isDiskFull, isReadOnly } from '../../../shared/distribution/disk-full.js';
import { syncDir } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { StepName } from '../../../shared/model/node-status.js';
import { madeOnNode, type ReleaseSpec } from '../../../shared/model/release-spec.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { Random } from '../../../shared/ports/random.js';
import { removable } from '../../core/retention.js';
import { type HostUser, ownerOf, serviceUser } from '../../core/users.js';
import type { Releases, RunnableRelease, Users } from '../../ports/node.js';
import type { ReleasePlace, StageResult, TreeToVerify, VerifyResult } from '../../stager/protocol.js';
import type { PackTrading } from '../peers/pack-trading.js';
import { type Stager, StagerFailure } from '../stager-client.js';
import type { Layout } from './layout.js';
import { findUnlinked, linkShared, readLink } from './links.js';
import { loadExchange } from './live/exchange-call.js';
import { ReleaseBook } from './live/release-book.js';
import { putInOrder, type SwapCalls, swapCalls, swapTrees } from './live/swap-trees.js';
import { tryExchange } from './live/try-exchange.js';
import { LiveVerdict } from './live-verdict.js';
import { renderTemplates, templateNames } from './rendering/render.js';
import { makeShared, requireSharedFiles } from './shared-dirs.js';

export interface ReleasesOptions {
  readonly layout: Layout;
  readonly stager: Stager;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Base URLs of the stores in the newest desired state. */
  readonly stores: () => readonly string[];
  /** Bytes that must stay free. */
  readonly reserveBytes: number;
  /** What all releases together may take; 0: no limit. */
  readonly quotaBytes: number;
  /** At most so many bytes are fetched in a second; 0: no limit. */
  readonly fetchBytesPerSecond: number;
  /** With other nodes; undefined: this one keeps to itself. */
  readonly trading: Pick<PackTrading, 'begin' | 'makeRoom'> | undefined;
  /** Of an authority that stores are believed by, beside the public ones (PEM). */
  readonly ca?: string | undefined;
  readonly users: Users;
  /** Directories that must not be collected, asked when space is short. */
  readonly needed: () => ReadonlySet<string>;
  /** How `current` is switched, if not by the system. */
  readonly calls?: SwapCalls;
}

/** The directories and links of one application, in the layout that Capistrano's users know. */
export class ReleaseFolder implements Releases {
  readonly #options: ReleasesOptions;
  readonly #book: ReleaseBook;
  readonly #calls: SwapCalls;
  #opened: Promise<void> | undefined;
  readonly #verdict: LiveVerdict;

  constructor(options: ReleasesOptions) {
    this.#options = options;
    this.#book = new ReleaseBook(options.layout, options.stager);
    this.#calls = options.calls ?? swapCalls(loadExchange);
    this.#verdict = new LiveVerdict(options.clock);
  }

  async observe(): Promise<Awaited<ReturnType<Releases['observe']>>> {
    this.#opened ??= this.#open();
    await this.#opened;
    const places = await this.#book.look();
    const previous = await readLink(this.#options.layout.previous);
    return { current: places.current, previous, releases: this.#book.releases(places) };
  }

  /** Puts names right that a swap was ended in the middle of. */
  async #open(): Promise<void> {
    const { layout, log } = this.#options;
    try {
      await this.#book.tidy();
      await this.#book.recognize();
      await putInOrder(layout, this.#book.identities(), this.#calls);
    } catch (error) {
      log.warn('releases.outOfOrder', { app: layout.app, error }); // the next swap tries again
    }
  }

  get(dir: string): Promise<RunnableRelease> {
    return this.#book.get(dir);
  }

  async stage(
    ...[assignment, dir, signal, events]: Parameters<Releases['stage']>
  ): ReturnType<Releases['stage']> {
    const { layout, clock, random } = this.#options;
    let delayMs = 0;
    let unexplained = 0;
    if (await this.#book.isForeign(dir)) await this.#book.disown(dir);
    const live = assignment.intent === 'activate' ? await this.#liveBeside(dir) : undefined;
    this.#verdict.forget();
    for (;;) {
      const trade = this.#options.trading?.begin();
      try {
        const { spec, along, ...told } = await this.#options.stager.stage(
          {
            app: layout.app,
            release: assignment.release,
            stores: assignment.stores.length > 0 ? assignment.stores : this.#options.stores(),
            stagingDir: layout.staging,
            ...this.#book.placeOf(dir),
            reserveBytes: this.#options.reserveBytes,
            quotaBytes: this.#options.quotaBytes,
            reuseFrom: await this.#reusable(dir),
            along: live?.job,
            index: assignment.intent === 'stage',
            fetchBytesPerSecond: lowerLimit(
              assignment.fetchBytesPerSecond,
              this.#options.fetchBytesPerSecond,
            ),
            sharing: trade?.sharing,
            ca: this.#options.ca,
          },
          { signal, ...events, ...trade },
        );
        for (const text of remarksOn(told)) events.onRemark(text);
        if (told.fetchedFrom.length > 0) events.onFetched(told.fetchedFrom);
        await this.#makeSharedIfKnown(spec);
        await linkShared(join(layout.releases, dir), layout.shared, spec);
        await this.#book.complete(dir, { config: assignment.config, env: assignment.env });
        // A hook that changes files in place changes those of the live release that are linked: that is looked at again.
        if (live !== undefined && along !== undefined && spec.hooks.afterStage === undefined) {
          this.#verdict.keep(live.dir, along);
        }
        return { kind: 'done' };
      } catch (thrown) {
        if (signal.aborted) return { kind: 'cancelled' };
        const error = CapstanError.from(thrown, 'failed');
        if (error instanceof StagerFailure && error.lacksSpace && (await this.#makeRoom(dir, signal)))
          continue;
        // The child was killed from outside, or could not be started.
        if (!(error instanceof StagerFailure) && !mayHeal(error)) unexplained += 1;
        const transient = error.code === 'unreachable' || error.code === 'unavailable' || mayHeal(error);
        if (!transient && (error instanceof StagerFailure || unexplained >= 3)) {
          const step: StepName = error instanceof StagerFailure ? error.step : 'fetch';
          return { kind: 'failed', failure: { step, reason: sentence(error), logTail: '' } };
        }
        delayMs = nextDelay(delayMs, random.next(), { baseMs: 500, capMs: 15_000 });
        events.onNote(`${error.message}; trying again in ${formatDuration(delayMs)}`);
        await clock.sleep(delayMs, signal).catch(() => undefined);
      } finally {
        trade?.end();
      }
    }
  }

  async verify(dir: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const { spec, path } = await this.get(dir);
      const unlinked = await findUnlinked(path, this.#options.layout.shared, spec);
      const { differences } = this.#verdict.take(dir) ?? (await this.#verify(dir, signal));
      // What is there besides was made by a hook or by the service: it is told as drift, and harms nothing.
      const damage = differences.filter(({ kind }) => kind !== 'extra');
      return [...damage.map(({ message }) => message), ...unlinked];
    } catch (thrown) {
      const error = CapstanError.from(thrown, 'failed');
      // What cannot be read back is no better than what reads back as something else.
      if (error instanceof StagerFailure || error.code === 'notFound') return [error.message];
      throw error;
    }
  }

  async #verify(dir: string, signal: AbortSignal): Promise<VerifyResult> {
    const live = await this.#liveBeside(dir);
    const { along, ...result } = await this.#options.stager.verify(
      { ...(await this.#toVerify(dir)), along: live?.job },
      { signal },
    );
    if (live !== undefined && along !== undefined) this.#verdict.keep(live.dir, along);
    return result;
  }

  /** What serves, beside a release that is to: an activation has what it may have to turn back to verified as well. */
  async #liveBeside(dir: string) {
    const { current: live } = await this.#book.look();
    if (live === undefined || live === dir) return undefined;
    const job = await this.#toVerify(live).catch(() => undefined); // it may have no record
    return job === undefined ? undefined : { dir: live, job };
  }

  async #toVerify(dir: string): Promise<TreeToVerify> {
    const { spec, path } = await this.get(dir);
    return { ...this.#book.placeOf(dir), releaseDir: path, ignore: madeOnNode(spec) };
  }

  disown(dir: string, signal: AbortSignal): Promise<void> {
    // A tree without a record would stay for good if it were not staged again.
    return this.#remove([dir], { slowly: false, signal });
  }

  async makeShared({ spec }: RunnableRelease): Promise<void> {
    const { layout, users } = this.#options;
    await makeShared(layout.shared, spec.shared, await users.of(layout.app, ownerOf(spec)));
    await requireSharedFiles(layout.shared, spec.shared);
  }

  templateNames(release: RunnableRelease): Promise<ReadonlySet<string>> {
    return templateNames(release, this.#book.placeOf(release.dir));
  }

  async render(release: RunnableRelease, values: Readonly<Record<string, string>>): Promise<void> {
    const { layout, users } = this.#options;
    const reader = await users.of(layout.app, serviceUser(release.spec));
    await renderTemplates(release, values, reader, {
      recordFile: this.#book.placeOf(release.dir).recordFile,
      stagingDir: layout.staging,
    });
  }

  async checkSwap({ spec }: RunnableRelease): Promise<void> {
    const { layout } = this.#options;
    if (spec.swap === 'exchange') {
      await tryExchange(layout, this.#calls);
      return;
    }
    const { isTree, current } = await this.#book.look();
    if (!isTree || current !== undefined) return;
    throw new CapstanError(
      'conflict',
      `${layout.current} is a directory that no release of this node was switched to; move it away`,
    );
  }

  async swap(to: string | undefined, previous: string | undefined): Promise<void> {
    const { isTree } = await this.#book.look();
    const mode = to === undefined ? 'link' : ((await this.get(to)).spec.swap ?? 'link');
    if (mode === 'exchange' && !isTree) await this.#book.noteTrees();
    await swapTrees(this.#options.layout, this.#book.identities(), { to, previous, mode }, this.#calls);
  }

  async sync(): Promise<void> {
    const { home, releases } = this.#options.layout;
    for (const folder of [releases, home]) {
      await syncDir(folder).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
    }
  }

  async remove(dirs: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#remove(dirs, { slowly: true, signal });
  }

  async #remove(
    dirs: readonly string[],
    { slowly, signal }: { readonly slowly: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const places = await this.#book.look();
    const releases = dirs.map((dir) => this.#book.placeOf(dir, places));
    const { stager, layout } = this.#options;
    await stager.remove({ releases, stagingDir: layout.staging, slowly }, { signal });
  }

  /** Hooks after staging may rely on it. Whose it cannot be is told at preflight, where it is made good. */
  async #makeSharedIfKnown(spec: ReleaseSpec): Promise<void> {
    const { layout, users } = this.#options;
    let owner: HostUser | undefined;
    try {
      owner = await users.of(layout.app, ownerOf(spec));
    } catch {
      return;
    }
    await makeShared(layout.shared, spec.shared, owner);
  }

  /** Collects the oldest release that is not needed; false if there is none. */
  async #makeRoom(wanted: string, signal: AbortSignal): Promise<boolean> {
    if ((await this.#options.trading?.makeRoom()) === true) return true;
    const { releases, current, previous } = await this.observe();
    const pinned = [wanted, current, previous].filter((dir) => dir !== undefined);
    const [oldest] = removable(releases, new Set([...this.#options.needed(), ...pinned]), 0);
    if (oldest === undefined) return false;
    await this.#remove([oldest], { slowly: false, signal });
    return true;
  }

  /** Where the files of a new release may be had: newest first, since it has most in common with those. */
  async #reusable(dir: string): Promise<readonly ReleasePlace[]> {
    const { releases, current } = await this.observe();
    const newestFirst = [...releases].sort((a, b) => b.order - a.order).map((release) => release.dir);
    const dirs = current === undefined ? newestFirst : [current, ...newestFirst];
    const places = await this.#book.look();
    return [...new Set(dirs)]
      .filter((other) => other !== dir)
      .map((other) => this.#book.placeOf(other, places));
  }
}

/** What is written beside the stager may find the disk full as well. */
const mayHeal = (error: CapstanError): boolean =>
  error instanceof StagerFailure ? error.mayHeal : isDiskFull(error) || isReadOnly(error);

/** 0 is no limit. */
const lowerLimit = (a: number, b: number): number => (a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b));

/** What went otherwise than it should have; the release is whole all the same. */
function remarksOn({
  remarks,
  damagedFiles,
  corruptSources,
}: Pick<StageResult, 'remarks' | 'damagedFiles' | 'corruptSources'>): readonly string[] {
  const [damaged] = damagedFiles;
  const others = damagedFiles.length > 1 ? ` and ${damagedFiles.length - 1} more` : '';
  return [
    ...remarks,
    ...(damaged === undefined
      ? []
      : [`${damaged}${others}: not what it was when it was staged, so fetched anew`]),
    ...corruptSources.map((source) => `${source} has delivered corrupt bytes, which were had again`),
  ];
}

const sentence = (error: CapstanError): string =>
  error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
