import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Guard, object, optional, parseAs, text, texts } from '../../../../shared/core/shapes.js';
import { makeDurableDir, syncDir, writeDurably } from '../../../../shared/io/durable-file.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import { madeOnNode } from '../../../../shared/model/release-spec.js';
import type { RunnableRelease } from '../../../ports/node.js';
import type { ReleasePlace } from '../../../stager/protocol.js';
import { readReleaseRecord } from '../../../stager/record.js';
import type { Stager } from '../../stager-client.js';
import type { Layout } from '../layout.js';
import { findPlaces, type Identities, identityOf, isSame, type Places, type TreeIdentity } from './places.js';

/** What the agent notes beside the stager's record: what a release directory was rendered for, and which one it is. */
export interface Rendering {
  readonly config: Readonly<Record<string, string>>;
  readonly env: string;
  /** Releases of before have none. */
  readonly tree?: TreeIdentity | undefined;
}

const number: Guard<number> = (value) => typeof value === 'number';
const isRendering = object<Rendering>({
  config: texts,
  env: text,
  tree: optional(object<TreeIdentity>({ inode: number, born: number })),
});

/** A release without its path, which may change. */
type Entry = Omit<RunnableRelease, 'path'> & Pick<Rendering, 'tree'>;

/** What is recorded of an application's releases, and where their trees are. */
export class ReleaseBook {
  readonly #layout: Layout;
  readonly #stager: Pick<Stager, 'verify'>;
  /** Read once: records never change. */
  readonly #known = new Map<string, Entry>();

  constructor(layout: Layout, stager: Pick<Stager, 'verify'>) {
    this.#layout = layout;
    this.#stager = stager;
  }

  /** Reads the records that are new, and finds where the trees are. */
  async look(): Promise<Places> {
    const names = await this.#recorded();
    for (const gone of [...this.#known.keys()].filter((dir) => !names.includes(dir))) {
      this.#known.delete(gone);
      await rm(this.#renderingFile(gone), { force: true });
    }
    const unread = names.filter((dir) => !this.#known.has(dir));
    const read = await Promise.all(unread.map((dir) => this.#read(dir)));
    const fresh = read.filter((entry) => entry !== undefined);
    for (const entry of fresh) this.#known.set(entry.dir, entry);
    const places = await findPlaces(this.#layout, this.identities());
    for (const { dir } of fresh) {
      // Not complete: the next stage step finds out what is missing and makes it good.
      const path = places.pathOf(dir);
      if (path === undefined || identityOf(path) === undefined) this.#known.delete(dir);
    }
    return places;
  }

  /** Those that are complete. */
  releases(places: Places): readonly RunnableRelease[] {
    return [...this.#known.values()].flatMap((entry) => {
      const path = places.pathOf(entry.dir);
      return path === undefined ? [] : [{ ...entry, path }];
    });
  }

  /** @throws CapstanError `notFound` */
  async get(dir: string): Promise<RunnableRelease> {
    const found = this.releases(await this.look()).find((release) => release.dir === dir);
    if (found !== undefined) return found;
    throw new CapstanError('notFound', `releases/${dir} is not on this node any more`);
  }

  /** As of when it was last looked. */
  identities(): Identities {
    return new Map([...this.#known].map(([dir, { tree }]) => [dir, tree]));
  }

  /** By its name, unless it is known to be elsewhere. */
  placeOf(dir: string, places?: Places): ReleasePlace {
    const releaseDir = places?.pathOf(dir) ?? join(this.#layout.releases, dir);
    return { releaseDir, recordFile: this.#recordFile(dir) };
  }

  /** Has a release that was just staged count. */
  async complete(dir: string, rendering: Rendering): Promise<void> {
    const tree = identityOf(join(this.#layout.releases, dir));
    await this.#write(dir, { ...rendering, tree });
  }

  /** It counts as staged no more; its tree stays. */
  async disown(dir: string): Promise<void> {
    this.#known.delete(dir);
    await rm(this.#recordFile(dir), { force: true });
    await syncDir(this.#layout.records);
  }

  /** What has the release's name is not the directory that was staged: it must not be taken for it unread. */
  async isForeign(dir: string): Promise<boolean> {
    const { isTree } = await this.look();
    const there = identityOf(join(this.#layout.releases, dir));
    return isTree && there !== undefined && !isSame(there, this.#known.get(dir)?.tree);
  }

  /** While `current` is a link, names are right; from then on it counts which directory is which. */
  async noteTrees(): Promise<void> {
    for (const entry of [...this.#known.values()]) {
      const tree = identityOf(join(this.#layout.releases, entry.dir));
      if (tree !== undefined && !isSame(tree, entry.tree)) await this.#note({ ...entry, tree });
    }
  }

  /** Removes the notes on releases that were removed when the agent was killed. Only while none is being staged. */
  async tidy(): Promise<void> {
    const recorded = new Set(await this.#recorded());
    for (const name of await readdir(this.#layout.records)) {
      const dir = name.endsWith('.rendering') ? name.slice(0, -'.rendering'.length) : undefined;
      if (dir !== undefined && !recorded.has(dir)) await rm(this.#renderingFile(dir), { force: true });
    }
  }

  /**
   * Where trees must be known for what they are, and are not, as after a restore from a backup: they count again if
   * they are what their records say, to the last byte.
   */
  async recognize(): Promise<void> {
    if (!(await this.look()).isTree) return;
    for (const dir of await this.#recorded()) {
      const entry = this.#known.has(dir) ? undefined : await this.#read(dir);
      if (entry === undefined) continue;
      for (const path of [this.#layout.current, join(this.#layout.releases, dir)]) {
        const tree = identityOf(path);
        if (tree === undefined || [...this.#known.values()].some((other) => isSame(other.tree, tree)))
          continue;
        const job = { ...this.placeOf(dir), releaseDir: path, ignore: madeOnNode(entry.spec) };
        if ((await this.#stager.verify(job)).total > 0) continue;
        await this.#note({ ...entry, tree });
        break;
      }
    }
  }

  async #note(entry: Entry): Promise<void> {
    const { dir, config, env, tree } = entry;
    await this.#write(dir, { config, env, tree });
    this.#known.set(dir, entry);
  }

  async #write(dir: string, rendering: Rendering): Promise<void> {
    await writeDurably(this.#renderingFile(dir), JSON.stringify(rendering));
  }

  async #recorded(): Promise<readonly string[]> {
    const { records } = this.#layout;
    await makeDurableDir(records);
    const names = await readdir(records);
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  }

  async #read(dir: string): Promise<Entry | undefined> {
    try {
      const [record, rendering, found] = await Promise.all([
        readReleaseRecord(this.#recordFile(dir)),
        readFile(this.#renderingFile(dir), 'utf8'),
        stat(this.#recordFile(dir)),
      ]);
      const renderedFor = parseAs(isRendering, rendering);
      if (record === undefined || renderedFor === undefined) return undefined;
      const { version, digest } = record.release;
      const { config, env, tree } = renderedFor;
      const release = { version, digest };
      return {
        dir,
        release,
        spec: record.spec,
        order: found.mtimeMs,
        app: this.#layout.app,
        config,
        env,
        tree,
      };
    } catch {
      return undefined; // as above
    }
  }

  readonly #recordFile = (dir: string): string => join(this.#layout.records, `${dir}.json`);
  /** Written last, once the links are made: with it a release counts. */
  readonly #renderingFile = (dir: string): string => join(this.#layout.records, `${dir}.rendering`);
}
