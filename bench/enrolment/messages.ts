import type { LinkCounts } from '../../test/support/linked-agents.js';

/** What the benchmark tells the process that plays the servers. */
export type ToServers =
  /** Makes keys for so many, which each server has done before it asks. */
  | { readonly kind: 'prepare'; readonly count: number }
  /** All of them join, at once. */
  | ({ readonly kind: 'enrol' } & Joining)
  /** They join a few at a time, and are agents until so long has passed. */
  | ({
      readonly kind: 'work';
      readonly agents: string;
      readonly seconds: number;
      readonly reportEveryMs: number;
    } & Joining);

export interface Joining {
  readonly operators: string;
  readonly pin: string;
  readonly token: string;
}

/** What it hears from it. */
export type FromServers =
  | { readonly kind: 'prepared' }
  /** How long each took; and a sentence for each that did not get in. */
  | { readonly kind: 'enrolled'; readonly delaysMs: readonly number[]; readonly failures: readonly string[] }
  | ({ readonly kind: 'worked' } & LinkCounts);
