import type { Host } from '../support/fabric.js';
import type { Spread } from './spread.js';
import type { Trees } from './trees.js';

/** What all ways of spreading share. */
export interface Bed {
  /** Not there before and after each run. */
  readonly dir: string;
  readonly trees: Trees;
  readonly origin: Host;
  readonly nodes: readonly Host[];
  /** For one release to reach all nodes. */
  readonly limitMs: number;
}

/** Of a run: cold, then the update. */
export type Spreads = readonly [Spread, Spread];
