import type { PublicKey } from './ids.js';

/** Whose signatures a release needs. */
export interface Trust {
  readonly keys: readonly PublicKey[];
  /** So many of the keys must have signed it. */
  readonly threshold: number;
}

/** What one level of a node's configuration says of signatures; what it leaves out is left to the level above. */
export interface SigningRules {
  readonly trust?: Trust | undefined;
  readonly allowUnsigned?: boolean | undefined;
}

/** What a node's own configuration allows the releases of one application. */
export interface AppRules extends SigningRules {
  /** Whom their programs run as unless they name somebody else; undefined: whoever the agent runs as. */
  readonly user: string | undefined;
  /** Whom else they may name. */
  readonly users: readonly string[];
  /** Which of the host's systemd units they may use as their service; undefined: any if there is no `user` either, else none. */
  readonly units?: readonly string[];
  /** They may bring systemd units of their own. */
  readonly installUnits: boolean;
}

/** Of an application that the node's configuration says nothing about. */
export const noRules: AppRules = { user: undefined, users: [], installUnits: false };
