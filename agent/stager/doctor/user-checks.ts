import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import type { OwnConf } from '../settings/own-values.js';
import { bad, type Finding, ok } from './finding.js';

/** Directory services behind `getent` may hang. Milliseconds. */
const lookUpLimitMs = 5_000;

/**
 * Can programs run as those whom `conf.d` names?
 * @param uid who the agent would run as
 */
export function checkUsers(
  { rules }: Pick<OwnConf, 'rules'>,
  confDir: string,
  uid = process.getuid?.(),
): Finding {
  const named = new Set(
    rules.flatMap(([, { user, users }]) => (user === undefined ? users : [user, ...users])),
  );
  const names = [...named].sort();
  if (names.length === 0) return ok('users', 'programs of releases run as whoever the agent runs as');
  const where = `applications in the files of ${confDir}`;
  const missing = names.filter((name) => !isKnown(name));
  if (missing.length > 0) {
    const detail = `${missing.join(', ')}: named under ${where}, and not known on this host`;
    return bad('users', detail, 'create them, or name others');
  }
  const others = names.filter((name) => name !== ownName());
  if (others.length === 0) return ok('users', `programs of releases run as ${names.join(', ')}`);
  if (uid !== 0) {
    const detail = `the agent is not root, and cannot run programs as ${others.join(', ')}`;
    return bad('users', detail, `run the agent as root, or name nobody else under ${where}`);
  }
  if (!works('setpriv', '--version'))
    return bad('users', 'setpriv is missing, which runs programs as others', 'install util-linux');
  return ok('users', `programs of releases may run as ${names.join(', ')}`);
}

const isKnown = (name: string): boolean => works('getent', 'passwd', name);

function works(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: lookUpLimitMs });
    return true;
  } catch {
    return false;
  }
}

/** '' if no user has the agent's number. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
