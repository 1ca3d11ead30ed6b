import type { Stats } from 'node:fs';
import type { Hex } from '../../../shared/release/digest.js';
import { settledAfterMs } from './judge-tree.js';
import { markOf } from './tree-index.js';

/**
 * What was linked to in this run. A link changes the time of change of the file that it leads to, which is what indexes
 * know a file by; whoever made it knows that nothing else has changed it, and need not read it again for that.
 */
export class LinksMade {
  readonly #renewed = new Map<string, string>();
  readonly #marks = new Map<Hex, string>();

  /** Of files that were linked to: the mark that each has now, by the one that it had before. */
  get renewed(): ReadonlyMap<string, string> {
    return this.#renewed;
  }

  /** By content, the mark of the file that has it. */
  get marks(): ReadonlyMap<Hex, string> {
    return this.#marks;
  }

  /**
   * All links to a file have been made. Had somebody written to it meanwhile, its time of modification would be that
   * moment. If that might be the very tick of the clock in which it was modified before, nothing is known.
   * @param before how it looked when it held this content
   * @param nowMs milliseconds since the epoch
   */
  note(content: Hex, before: Stats, after: Stats | undefined, nowMs: number): void {
    if (after === undefined || !isSame(before, after)) return;
    if (Math.abs(nowMs - before.mtimeMs) < settledAfterMs) return;
    const mark = markOf(after);
    this.#renewed.set(markOf(before), mark);
    this.#marks.set(content, mark);
  }
}

/** But for what a link changes. */
const isSame = (a: Stats, b: Stats): boolean =>
  a.ino === b.ino && a.size === b.size && a.mode === b.mode && a.uid === b.uid && a.mtimeMs === b.mtimeMs;
