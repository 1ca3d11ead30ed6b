import type { ReleaseSpec } from '../../shared/model/release-spec.js';

/** Somebody of the host whom programs are run as. */
export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The command that runs another one as somebody else, with that user's groups; the very command if nobody is named. */
export function commandAs(user: HostUser | undefined, command: readonly string[]): readonly string[] {
  if (user === undefined) return command;
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups'];
  return ['setpriv', ...ids, '--', ...command];
}

/** The environment with what tells a program who it is. */
export const environmentAs = (
  user: HostUser | undefined,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  user === undefined ? env : { ...env, HOME: user.home, USER: user.name, LOGNAME: user.name };

/** All that a release runs or owns, and as whom; undefined: as the node's configuration says. */
export function usersOf(
  spec: ReleaseSpec,
): readonly { readonly what: string; readonly user: string | undefined }[] {
  const { service, hooks, database, shared } = spec;
  const runs = Object.entries(hooks).map(([name, { user }]) => ({ what: `the hook ${name}`, user }));
  return [
    ...(service.kind === 'process' ? [{ what: 'the service', user: service.user }] : []),
    ...runs,
    ...(database === undefined ? [] : [{ what: 'the database step', user: database.user }]),
    ...(shared.owner === undefined ? [] : [{ what: 'what is shared', user: shared.owner }]),
  ];
}

/** Whom the release wants its service to run as; undefined: as the node's configuration says. */
export const serviceUser = ({ service }: ReleaseSpec): string | undefined =>
  service.kind === 'process' ? service.user : undefined;

/** Whom shared directories are made for. */
export const ownerOf = (spec: ReleaseSpec): string | undefined => spec.shared.owner ?? serviceUser(spec);
