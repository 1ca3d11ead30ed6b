import type { AppRecord, StagedRelease } from '../../../agent/core/record.js';
import type { DesiredState } from '../../../shared/model/desired-state.js';
import type { Dice } from './dice.js';

interface Links {
  readonly current: string | undefined;
  readonly previous: string | undefined;
}

const nowhere: Links = { current: undefined, previous: undefined };

/** A release's directory, complete on disk. */
export interface Directory extends StagedRelease {
  readonly config: Readonly<Record<string, string>>;
  readonly env: string;
}

/**
 * What a node keeps. Written is not yet safe: what was not synced may be there or not once the power is back, lines of
 * the journal in their order, links each for itself. What is read back is no object that somebody in memory still holds.
 */
export class Disk {
  /** Of the journal. The first one is safe. */
  #lines: readonly string[] = [];
  #links = nowhere;
  #linksSafe = nowhere;
  #desired: string | undefined;
  #directories: readonly Directory[] = [];
  #order = 0;

  get links(): Links {
    return this.#links;
  }

  get directories(): readonly Directory[] {
    return this.#directories;
  }

  journal(): AppRecord | undefined {
    const line = this.#lines.at(-1);
    return line === undefined ? undefined : (JSON.parse(line) as AppRecord);
  }

  /** The first line of a journal is written together with its file, which is always safe. */
  append(record: AppRecord, synced: boolean): void {
    const before = synced ? [] : this.#lines;
    this.#lines = [...before, JSON.stringify(record)];
  }

  desired(): DesiredState | undefined {
    return this.#desired === undefined ? undefined : (JSON.parse(this.#desired) as DesiredState);
  }

  keepDesired(desired: DesiredState): void {
    this.#desired = JSON.stringify(desired);
  }

  addDirectory(directory: Omit<Directory, 'order'>): void {
    this.removeDirectories([directory.dir]);
    this.#order += 1;
    const text = JSON.stringify({ ...directory, order: this.#order });
    this.#directories = [...this.#directories, JSON.parse(text) as Directory];
  }

  removeDirectories(dirs: readonly string[]): void {
    this.#directories = this.#directories.filter(({ dir }) => !dirs.includes(dir));
  }

  link(current: string | undefined, previous: string | undefined): void {
    this.#links = { current, previous };
  }

  syncLinks(): void {
    this.#linksSafe = this.#links;
  }

  losePower(dice: Dice): void {
    const kept = dice.below(this.#lines.length);
    this.#lines = this.#lines.slice(kept, kept + 1);
    const either = (key: keyof Links): string | undefined =>
      (dice.chance(0.5) ? this.#links : this.#linksSafe)[key];
    this.#links = { current: either('current'), previous: either('previous') };
    this.#linksSafe = this.#links;
  }

  /** All of it, as it would be found if the power went now. */
  image(): string {
    const { current, previous } = this.#linksSafe;
    return JSON.stringify({
      lines: this.#lines.slice(0, 1),
      links: { current, previous },
      desired: this.#desired,
      directories: this.#directories,
      order: this.#order,
    });
  }

  bring(image: string): void {
    const { lines, links, desired, directories, order } = JSON.parse(image) as Image;
    this.#lines = lines;
    this.#links = { ...nowhere, ...links };
    this.#linksSafe = this.#links;
    this.#desired = desired;
    this.#directories = directories;
    this.#order = order;
  }
}

interface Image {
  readonly lines: readonly string[];
  readonly links: Partial<Links>;
  readonly desired?: string;
  readonly directories: readonly Directory[];
  readonly order: number;
}
