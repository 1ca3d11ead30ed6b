import type { Cell } from './cell.js';
import type { Pair } from './pairs.js';
import type { PublishedPair } from './publishing.js';

/** All that was measured with one pair. */
export interface PairResult {
  readonly pair: Pair;
  readonly published: PublishedPair;
  readonly cells: readonly Cell[];
}
