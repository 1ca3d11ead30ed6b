import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nextDelay } from '../../shared/core/backoff.js';
import { formatDuration } from '../../shared/core/duration.js';
import { makeDurableDir, syncDir, writeDurably } from '../../shared/io/durable-file.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { StepName } from '../../shared/model/node-status.js';
import { madeOnNode, type ReleaseSpec } from '../../shared/model/release-spec.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Random } from '../../shared/ports/random.js';
import type { StagedRelease } from '../core/record.js';
import { removable } from '../core/retention.js';
import { type HostUser, ownerOf, serviceUser } from '../core/users.js';
import type { Releases, RunnableRelease, Users } from '../ports/node.js';
import type { ReleasePlace, StageResult } from '../stager/protocol.js';
import { readReleaseRecord } from '../stager/record.js';
import type { Layout } from './layout.js';
import { findUnlinked, linkShared, readLink, replaceLink } from './links.js';
import type { PackTrading } from './pack-trading.js';
import { renderTemplates, templateNames } from './rendering/render.js';
import { makeShared } from './shared-dirs.js';
import { type Stager, StagerFailure } from './stager-client.js';
import { object, parseAs, text, texts } from './state/shapes.js';

export interface ReleasesOptions {
  readonly layout: Layout;
  readonly stager: Stager;
  readonly clock: Clock;
  readonly random: Random;
  /** Base URLs of the stores in the newest desired state. */
  readonly stores: () => readonly string[];
  /** Bytes that must stay free. */
  readonly reserveBytes: number;
  /** At most so many bytes are fetched in a second; 0: no limit. */
  readonly fetchBytesPerSecond: number;
  /** With other nodes; undefined: this one keeps to itself. */
  readonly trading: Pick<PackTrading, 'begin' | 'makeRoom'> | undefined;
  readonly users: Users;
  /** Directories that must not be collected, asked when space is short. */
  readonly needed: () => ReadonlySet<string>;
}

/** What the agent notes beside the stager's record: what a release directory was rendered for. */
interface Rendering {
  readonly config: Readonly<Record<string, string>>;
  readonly env: string;
}

const isRendering = object<Rendering>({ config: texts, env: text });

type Entry = RunnableRelease;

/** The directories and links of one application, in the layout that Capistrano's users know. */
export class ReleaseFolder implements Releases {
  readonly #options: ReleasesOptions;
  /** Read once: records never change. */
  readonly #known = new Map<string, Entry>();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  async observe(): Promise<Awaited<ReturnType<Releases['observe']>>> {
    const { layout } = this.#options;
    const names = await this.#recorded();
    for (const gone of [...this.#known.keys()].filter((dir) => !names.includes(dir)))
      this.#known.delete(gone);
    const releases: StagedRelease[] = [];
    for (const dir of names) {
      const entry = this.#known.get(dir) ?? (await this.#read(dir));
      if (entry === undefined) continue;
      this.#known.set(dir, entry);
      releases.push(entry);
    }
    return { current: await readLink(layout.current), previous: await readLink(layout.previous), releases };
  }

  async get(dir: string): Promise<RunnableRelease> {
    const entry = this.#known.get(dir) ?? (await this.#read(dir));
    if (entry === undefined)
      throw new CapstanError('notFound', `releases/${dir} is not on this node any more`);
    return entry;
  }

  async stage(
    ...[assignment, dir, signal, events]: Parameters<Releases['stage']>
  ): ReturnType<Releases['stage']> {
    const { layout, clock, random } = this.#options;
    let delayMs = 0;
    let unexplained = 0;
    for (;;) {
      const trade = this.#options.trading?.begin();
      try {
        const { spec, ...told } = await this.#options.stager.stage(
          {
            app: layout.app,
            release: assignment.release,
            stores: assignment.stores.length > 0 ? assignment.stores : this.#options.stores(),
            stagingDir: layout.staging,
            ...this.#placeOf(dir),
            reserveBytes: this.#options.reserveBytes,
            reuseFrom: await this.#reusable(dir),
            fetchBytesPerSecond: lowerLimit(
              assignment.fetchBytesPerSecond,
              this.#options.fetchBytesPerSecond,
            ),
            sharing: trade?.sharing,
          },
          { signal, ...events, ...trade },
        );
        for (const text of remarksOn(told)) events.onRemark(text);
        if (told.fetchedFrom.length > 0) events.onFetched(told.fetchedFrom);
        await this.#makeSharedIfKnown(spec);
        await linkShared(join(layout.releases, dir), layout.shared, spec.shared);
        const rendering: Rendering = { config: assignment.config, env: assignment.env };
        await writeDurably(this.#renderingFile(dir), JSON.stringify(rendering));
        return { kind: 'done' };
      } catch (thrown) {
        if (signal.aborted) return { kind: 'cancelled' };
        const error = CapstanError.from(thrown, 'failed');
        if (error instanceof StagerFailure && error.lacksSpace && (await this.#makeRoom(dir))) continue;
        // The child was killed from outside, or could not be started.
        if (!(error instanceof StagerFailure)) unexplained += 1;
        const transient = error.code === 'unreachable' || error.code === 'unavailable';
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
      const unlinked = await findUnlinked(path, this.#options.layout.shared, spec.shared);
      const job = { ...this.#placeOf(dir), ignore: madeOnNode(spec) };
      const { differences } = await this.#options.stager.verify(job, { signal });
      return [...differences.map(({ message }) => message), ...unlinked];
    } catch (thrown) {
      const error = CapstanError.from(thrown, 'failed');
      // What cannot be read back is no better than what reads back as something else.
      if (error instanceof StagerFailure || error.code === 'notFound') return [error.message];
      throw error;
    }
  }

  async disown(dir: string): Promise<void> {
    this.#known.delete(dir);
    await rm(this.#recordFile(dir), { force: true });
    await syncDir(this.#options.layout.records);
  }

  async makeShared({ spec }: RunnableRelease): Promise<void> {
    const { layout, users } = this.#options;
    await makeShared(layout.shared, spec.shared, await users.of(layout.app, ownerOf(spec)));
  }

  templateNames(release: RunnableRelease): Promise<ReadonlySet<string>> {
    return templateNames(release, this.#placeOf(release.dir));
  }

  async render(release: RunnableRelease, values: Readonly<Record<string, string>>): Promise<void> {
    const { layout, users } = this.#options;
    const reader = await users.of(layout.app, serviceUser(release.spec));
    await renderTemplates(release, values, reader, {
      recordFile: this.#recordFile(release.dir),
      stagingDir: layout.staging,
    });
  }

  async swap(to: string | undefined, previous: string | undefined): Promise<void> {
    const { layout } = this.#options;
    if (to !== undefined) await stat(join(layout.releases, to));
    await replaceLink(layout.previous, previous);
    await replaceLink(layout.current, to);
  }

  async sync(): Promise<void> {
    await syncDir(this.#options.layout.home).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }

  async remove(dirs: readonly string[]): Promise<void> {
    const { layout, stager } = this.#options;
    const releases = dirs.map((dir) => this.#placeOf(dir));
    await stager.remove({ releases, stagingDir: layout.staging });
    for (const dir of dirs) {
      this.#known.delete(dir);
      await rm(this.#renderingFile(dir), { force: true });
    }
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

  /** Collects all that is not needed, keeping no spare ones; false if that is nothing. */
  async #makeRoom(wanted: string): Promise<boolean> {
    if ((await this.#options.trading?.makeRoom()) === true) return true;
    const { releases, current, previous } = await this.observe();
    const pinned = [wanted, current, previous].filter((dir) => dir !== undefined);
    const dirs = removable(releases, new Set([...this.#options.needed(), ...pinned]), 0);
    if (dirs.length === 0) return false;
    await this.remove(dirs);
    return true;
  }

  /** Where the files of a new release may be had: newest first, since it has most in common with those. */
  async #reusable(dir: string): Promise<readonly ReleasePlace[]> {
    const { releases, current } = await this.observe();
    const newestFirst = [...releases].sort((a, b) => b.order - a.order).map((release) => release.dir);
    const dirs = current === undefined ? newestFirst : [current, ...newestFirst];
    return [...new Set(dirs)].filter((other) => other !== dir).map((other) => this.#placeOf(other));
  }

  async #recorded(): Promise<readonly string[]> {
    const { records } = this.#options.layout;
    await makeDurableDir(records);
    const names = await readdir(records);
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  }

  async #read(dir: string): Promise<Entry | undefined> {
    const { layout } = this.#options;
    const path = join(layout.releases, dir);
    try {
      const [record, rendering, found] = await Promise.all([
        readReleaseRecord(this.#recordFile(dir)),
        readFile(this.#renderingFile(dir), 'utf8'),
        stat(this.#recordFile(dir)),
        stat(path),
      ]);
      const renderedFor = parseAs(isRendering, rendering);
      if (record === undefined || renderedFor === undefined) return undefined;
      const { version, digest } = record.release;
      const { config, env } = renderedFor;
      const release = { version, digest };
      return { dir, release, spec: record.spec, order: found.mtimeMs, app: layout.app, path, config, env };
    } catch {
      // Not complete: the next stage step finds out what is missing and makes it good.
      return undefined;
    }
  }

  readonly #placeOf = (dir: string): ReleasePlace => ({
    releaseDir: join(this.#options.layout.releases, dir),
    recordFile: this.#recordFile(dir),
  });
  readonly #recordFile = (dir: string): string => join(this.#options.layout.records, `${dir}.json`);
  /** Written last, once the links are made: with it a release counts. */
  readonly #renderingFile = (dir: string): string => join(this.#options.layout.records, `${dir}.rendering`);
}

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
