import type { Stats } from 'node:fs';
import { indexFileOf, type ReleasePlace } from '../protocol.js';
import { statOf } from './judge-tree.js';
import { readIndex, type TreeIndex } from './read-index.js';
import { isRecent, markOf } from './tree-index.js';

/**
 * A release's tree as the search for drift knows it: what looks as it did when it was read and found right need not be
 * read again. Whatever is done to a file shows in the time of its last change, which nobody can set (docs/adr/0036).
 */
export interface KnownTree {
  /** How a path in it looks, if that is as it did when it was right; undefined: only reading it tells. */
  unchanged(path: string): Stats | undefined;
  /**
   * Whether all of it is right, and nothing else is in it; false: only looking at it in full tells. What was unchanged a
   * moment ago is not looked at again, for a link to it made since has changed it.
   */
  isRight(): boolean;
}

/** For so long what was seen of a path counts as what it is like now. Milliseconds. */
const momentMs = 10_000;

const unknown: KnownTree = { unchanged: () => undefined, isRight: () => false };

/** @param nowMs milliseconds since the epoch */
export function openKnownTree({ releaseDir, recordFile }: ReleasePlace, nowMs: number): KnownTree {
  const index = readIndex(indexFileOf(recordFile));
  if (index === undefined || !isRecent(index.header, nowMs)) return unknown;
  return new IndexedTree(releaseDir, index.records);
}

class IndexedTree implements KnownTree {
  readonly #root: string;
  readonly #records: TreeIndex['records'];
  readonly #seen = new Set<string>();
  #seenSince: number | undefined;

  constructor(root: string, records: TreeIndex['records']) {
    this.#root = root;
    this.#records = records;
  }

  unchanged(path: string): Stats | undefined {
    const record = this.#records.get(path);
    if (record?.verdict !== '=') return undefined;
    const stats = statOf(path === '' ? this.#root : `${this.#root}/${path}`);
    if (markOf(stats) !== record.mark) return undefined;
    this.#seenSince ??= performance.now();
    this.#seen.add(path);
    return stats;
  }

  isRight(): boolean {
    if (!this.#records.has('')) return false;
    if (this.#seenSince !== undefined && performance.now() - this.#seenSince > momentMs) return false;
    for (const path of this.#records.keys()) {
      if (!this.#seen.has(path) && this.unchanged(path) === undefined) return false;
    }
    return true;
  }
}
