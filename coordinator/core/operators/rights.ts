import type { AppName, EnvName } from '../../../shared/model/ids.js';
import { type Role, roles } from '../../../shared/model/operator.js';

/** An environment by both its names, or every one that has a name, of whatever application. */
export interface Place {
  readonly app: AppName | undefined;
  readonly env: EnvName;
}

/** What somebody may do, and where. */
export interface Rights {
  readonly role: Role;
  /** Undefined: everywhere. */
  readonly places: readonly Place[] | undefined;
}

/** What a call is about; '' where it says nothing. */
export type Concern =
  | { readonly kind: 'nothing' }
  /** All environments of all applications, and what is beside them. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'app'; readonly app: string }
  /** Without `env`: all those of the application. */
  | { readonly kind: 'environment'; readonly app: string; readonly env: string };

export const mayAs = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Reading and what belongs to no environment is bound to none. */
export function mayWhere(places: Rights['places'], concern: Concern): boolean {
  if (places === undefined || concern.kind === 'nothing') return true;
  switch (concern.kind) {
    case 'everything':
      return false;
    case 'app':
      return places.some(({ app }) => app === undefined || app === concern.app);
    case 'environment':
      return places.some(({ app, env }) => env === concern.env && (app === undefined || app === concern.app));
  }
}

export const placeText = ({ app, env }: Place): string => (app === undefined ? env : `${app}/${env}`);
