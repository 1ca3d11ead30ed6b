import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';

/** What was last recorded under the name of a check. */
export interface CheckRecord {
  readonly name: string;
  readonly passed: boolean;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string;
}

/** One person's word that a build may come into an environment. */
export interface Approval {
  readonly env: EnvName;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string;
}

/**
 * What CI and people said of a build. It belongs to the content and not to a version, so that it is the same build in every
 * environment, and one that is built anew has to prove itself anew.
 */
export interface BuildRecord {
  readonly app: AppName;
  readonly digest: Digest;
  /** The newest of each name, in the order of their first coming; at most `maxChecks`. */
  readonly checks: readonly CheckRecord[];
  /** At most one of a person for each environment. */
  readonly approvals: readonly Approval[];
  /** The environments it was let into, each once. */
  readonly promotions: readonly Approval[];
}

export const maxChecks = 100;

/** A time in which a build was the proven one of an environment. */
export interface ProvenTime {
  readonly digest: Digest;
  /** Up-time in milliseconds; earlier by the time it had before, if it was the proven one more than once. */
  readonly since: number;
  /** Undefined: it still is. */
  readonly until?: number;
}

/** How far an environment has come: what is older is never deployed by itself. */
export interface Reached {
  readonly version: ReleaseVersion;
  readonly publishedAt: number;
}

/** Something a build lacks to be let into an environment. */
export type Lack =
  | { readonly kind: 'unproven'; readonly from: EnvName }
  | {
      readonly kind: 'unbaked';
      readonly from: EnvName;
      readonly bakeMs: number;
      readonly doneMs: number;
      /** False if another build is proven there by now, so that no time passes for this one. */
      readonly goesOn: boolean;
    }
  | { readonly kind: 'unchecked'; readonly check: string }
  | { readonly kind: 'failedCheck'; readonly check: CheckRecord }
  | {
      readonly kind: 'unapproved';
      readonly needed: number;
      readonly by: readonly string[];
      /** Whose approvals count for nothing, since they published it. */
      readonly own: readonly string[];
    };
