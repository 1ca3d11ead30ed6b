import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { CapstanError } from '../../shared/model/errors.js';
import type { AppName } from '../../shared/model/ids.js';
import type { HostUser } from '../core/users.js';
import type { NodeRules, Users } from '../ports/node.js';

const lookUp = promisify(execFile);
/** Directory services behind `getent` may hang. Milliseconds. */
const lookUpLimitMs = 5_000;

/** Who the agent runs as; tests stand in for it. */
interface Self {
  readonly uid: number;
  readonly name: string;
}

/** @param self who the agent itself runs as */
export function hostUsers(rules: NodeRules, self: Self = ownUser()): Users {
  const known = new Map<string, HostUser>();
  const find = async (name: string, fresh: boolean): Promise<HostUser> => {
    const before = fresh ? undefined : known.get(name);
    const user = before ?? (await readUser(name));
    if (user === undefined) {
      known.delete(name);
      throw new CapstanError('notFound', `this host has no user "${name}"`);
    }
    known.set(name, user);
    return user;
  };
  return {
    of: async (app, named, { fresh = false } = {}) => {
      const { user: usual, users } = rules.of(app);
      const name = named ?? usual;
      if (name === undefined) return undefined;
      const mayBe = name === (usual ?? self.name) || users.includes(name);
      if (!mayBe) throw notAllowed(app, name, rules.confDir);
      const user = await find(name, fresh);
      if (user.uid === self.uid) return undefined;
      if (self.uid === 0) return user;
      throw new CapstanError(
        'refused',
        `it is to run as "${name}", and the agent, which is not root, can run programs as itself ("${self.name}") only`,
      );
    },
  };
}

const notAllowed = (app: AppName, name: string, confDir: string): CapstanError =>
  new CapstanError(
    'refused',
    `it is to run as "${name}", which this node does not allow: name "${name}" under applications.${app}.users in a file of ${confDir}`,
  );

/** Undefined if the host does not know the name. */
async function readUser(name: string): Promise<HostUser | undefined> {
  let line: string;
  try {
    line = (await lookUp('getent', ['passwd', name], { timeout: lookUpLimitMs })).stdout;
  } catch (error) {
    // 2: it looked everywhere and found nobody.
    if (error instanceof Error && 'code' in error && error.code === 2) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CapstanError('failed', `the user "${name}" could not be looked up: ${reason}`);
  }
  const [found = '', , uid = '', gid = '', , home = ''] = line.trimEnd().split(':');
  // Asked for digits, getent answers with whoever has that number.
  if (found !== name) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: home === '' ? '/' : home };
}

function ownUser(): Self {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, name: userInfo().username };
  } catch {
    // A number that no user has.
    return { uid, name: String(uid) };
  }
}
