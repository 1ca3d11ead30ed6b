import { lstatSync } from 'node:fs';
import type { Clock } from '../../../shared/ports/clock.js';
import { openIndex } from '../../stager/drift/index-file.js';
import { absent, markOf } from '../../stager/drift/tree-index.js';

export interface Sweep {
  readonly root: string;
  readonly indexFile: string;
  /** Between two pages of the index. Milliseconds. */
  readonly pauseMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Compares a tree with its index, a page of it at a time, which nobody notices: a call of lstatSync takes some
 * four millionths of a second, nine times less than its promise does.
 * @returns after each page, the paths that are not what they were
 * @throws if the index cannot be read
 */
export async function* sweep({
  root,
  indexFile,
  pauseMs,
  clock,
  signal,
}: Sweep): AsyncGenerator<readonly string[]> {
  const index = openIndex(indexFile);
  try {
    for (let page = index.next(); page !== undefined; page = index.next()) {
      yield page.filter((text) => isSuspect(root, text)).map((text) => text.slice(text.indexOf(' ') + 1));
      await clock.sleep(pauseMs, signal);
    }
  } finally {
    index.close();
  }
}

/** Of what should not be there, and of what has no folder to be in, the folder above tells. */
function isSuspect(root: string, text: string): boolean {
  if (text.startsWith('+') || text.startsWith('x')) return false;
  const space = text.indexOf(' ');
  return !text.startsWith(markAt(`${root}/${text.slice(space + 1)}`), 1);
}

const options = { throwIfNoEntry: false } as const;

function markAt(path: string): string {
  try {
    return markOf(lstatSync(path, options));
  } catch {
    return absent; // what should be a folder on the way is none
  }
}
