import type { Command } from '../support/command.js';
import type { Bed } from './bed.js';
import type { Control } from './control.js';

/** One way to bring a release to all hosts. */
export interface Way {
  readonly name: string;
  /** Brings the first release to all hosts, and leaves nothing of the second one on any. */
  prepare(): Promise<void>;
  /** What is measured: it ends when the second release is live on all hosts. To be called when they are prepared. */
  update(): Command;
  /** Ends what would go on in the background. */
  end(): Promise<void>;
}

/** One that reaches its hosts with SSH. */
export interface Peer {
  readonly name: string;
  /** Programs beyond those that all peers need. */
  readonly tools: readonly string[];
  make(bed: Bed, control: Control): Promise<Way>;
}
