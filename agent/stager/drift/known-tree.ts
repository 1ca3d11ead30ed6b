import type { Stats } from 'node:fs';
import { indexFileOf, type ReleasePlace } from '../protocol.js';
import { statOf } from './judge-tree.js';
import { readIndex, type TreeIndex } from './read-index.js';
import { isRecent, markOf } from './tree-index.js';
import { writeIndex } from './write-index.js';

/**
 * A release's tree as the search for drift knows it: what looks as it did when it was read and found right need not be
 * read again. Whatever is done to a file shows in the time of its last change, which nobody can set (docs/adr/0036).
 */
export interface KnownTree {
  /** How a path in it looks, if that is as it did when it was right; undefined: only reading it tells. */
  unchanged(path: string): Stats | undefined;
  /** Whether a path that looks like this does so as it did when it was right. */
  isAsJudged(path: string, stats: Stats): boolean;
  /**
   * Whether all of it is right, and nothing else is in it; false: only looking at it in full tells. What was unchanged a
   * moment ago is not looked at again, for a link to it made since has changed it.
   */
  isRight(): boolean;
  /** When the reading began that all of it goes back to, in milliseconds since the epoch; undefined: nothing is known. */
  readonly readMs: number | undefined;
  /** Writes down how files look now. @param marks by the mark that each had before */
  renew(marks: ReadonlyMap<string, string>): Promise<void>;
}

/** For so long what was seen of a path counts as what it is like now. Milliseconds. */
const momentMs = 10_000;

const unknown: KnownTree = {
  unchanged: () => undefined,
  isAsJudged: () => false,
  isRight: () => false,
  readMs: undefined,
  renew: () => Promise.resolve(),
};

/** @param nowMs milliseconds since the epoch */
export function openKnownTree({ releaseDir, recordFile }: ReleasePlace, nowMs: number): KnownTree {
  const file = indexFileOf(recordFile);
  const index = readIndex(file);
  if (index === undefined || !isRecent(index.header, nowMs)) return unknown;
  return new IndexedTree(releaseDir, file, index);
}

class IndexedTree implements KnownTree {
  readonly #root: string;
  readonly #file: string;
  readonly #index: TreeIndex;
  readonly #seen = new Set<string>();
  #seenSince: number | undefined;

  constructor(root: string, file: string, index: TreeIndex) {
    this.#root = root;
    this.#file = file;
    this.#index = index;
  }

  get readMs(): number | undefined {
    return this.#index.header.readMs;
  }

  unchanged(path: string): Stats | undefined {
    const stats = statOf(path === '' ? this.#root : `${this.#root}/${path}`);
    if (stats === undefined || !this.isAsJudged(path, stats)) return undefined;
    this.#seenSince ??= performance.now();
    this.#seen.add(path);
    return stats;
  }

  isAsJudged(path: string, stats: Stats): boolean {
    const record = this.#index.records.get(path);
    return record?.verdict === '=' && record.mark === markOf(stats);
  }

  isRight(): boolean {
    const { records } = this.#index;
    if (!records.has('')) return false;
    if (this.#seenSince !== undefined && performance.now() - this.#seenSince > momentMs) return false;
    for (const path of records.keys()) {
      if (!this.#seen.has(path) && this.unchanged(path) === undefined) return false;
    }
    return true;
  }

  async renew(marks: ReadonlyMap<string, string>): Promise<void> {
    const before = [...this.#index.records.values()];
    const records = before.map((record) => {
      const mark = record.verdict === '=' ? marks.get(record.mark) : undefined;
      return mark === undefined ? record : { ...record, mark };
    });
    if (records.every((record, at) => record === before[at])) return;
    await writeIndex(this.#file, this.#index.header, records);
  }
}
