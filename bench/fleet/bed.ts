import type { Pair } from '../distribution/pairs.js';
import type { Host } from '../support/fabric.js';

/** What all ways have in common. */
export interface Bed {
  readonly dir: string;
  readonly pair: Pair;
  /** Where commands are given. */
  readonly origin: Host;
  readonly nodes: readonly Host[];
}
