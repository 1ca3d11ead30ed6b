import type { Command, Outcome } from '../support/command.js';
import type { Link } from '../support/link.js';
import type { Traffic } from '../support/nginx.js';
import type { Pair } from './pairs.js';

/** Where a method's releases are, and one node that wants them. */
export interface Place {
  readonly pair: Pair;
  readonly link: Link;
  /** Base URL of what the method published. */
  readonly url: string;
  /** The same, for rsync. */
  readonly rsyncUrl: string;
  /** The method's own folder on the node. */
  readonly dir: string;
}

/** A way to bring releases to a node. */
export interface Method {
  readonly name: string;
  /** Where its releases are, below what the origin serves. */
  readonly folder: string;
  /** What must be installed for it. */
  readonly tools: readonly string[];
  /** Makes both releases ready in the folder `served`. */
  publish?(pair: Pair, served: string): Promise<void>;
  /** Brings a node to where an update begins: the first release is there, and what the tool keeps beside it. */
  seed(place: Place): Promise<void>;
  /** Before each update: nothing of the second release is there. */
  reset(place: Place): Promise<void>;
  update(place: Place): Command;
  /** Before each cold install, when its folder is empty. */
  prepare?(place: Place): Promise<void>;
  cold(place: Place): Command;
  /** Where the second release is afterwards. */
  target(place: Place): string;
  /** For what does not speak HTTP: what the tool says that it received. */
  traffic?(outcome: Outcome): Traffic;
}
