import type { AppName, EnvName } from './ids.js';

/** `lock`: only its owner may deploy. `freeze`: nobody may, and what is under way waits between nodes. */
export type LockKind = 'lock' | 'freeze';

/** Something a person put on an environment, or on all environments of an application. */
export interface Lock {
  readonly kind: LockKind;
  readonly app: AppName;
  /** Undefined: every environment of the application. */
  readonly env: EnvName | undefined;
  /** Who set it. */
  readonly owner: string;
  readonly reason: string;
  /** Milliseconds since the epoch, the coordinator's clock. */
  readonly since: number;
  /** When it ends by itself; undefined: when it is taken away. */
  readonly until: number | undefined;
}

/** What a lock is on: `web`, or `web/production`. */
export const scopeOf = ({ app, env }: Pick<Lock, 'app' | 'env'>): string =>
  env === undefined ? app : `${app}/${env}`;
