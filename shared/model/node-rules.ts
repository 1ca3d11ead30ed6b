/** What a node's own configuration allows the releases of one application. */
export interface AppRules {
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
