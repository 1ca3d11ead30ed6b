import { userInfo } from 'node:os';

type Environment = Readonly<Record<string, string | undefined>>;

const taken = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME'] as const;

/**
 * What every process of a release gets, taken from the agent's own environment. Who the agent runs as is made good where
 * that does not say it, as with services and containers.
 */
export function baseEnvironment(env: Environment): Readonly<Record<string, string>> {
  const all: Environment = { ...ownNames(), ...env };
  return Object.fromEntries(taken.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** Nothing if no user has the agent's number. */
function ownNames(): Environment {
  try {
    const { username, homedir } = userInfo();
    return { HOME: homedir, USER: username, LOGNAME: username };
  } catch {
    return {};
  }
}
