import { userInfo } from 'node:os';
import { expect } from 'chai';
import { hostUsers } from '../../../agent/io/users.js';
import type { AppName } from '../../../shared/model/ids.js';
import { type AppRules, noRules } from '../../../shared/model/node-rules.js';

const app = 'web' as AppName;
const users = (rules: Partial<AppRules>, self?: { readonly uid: number; readonly name: string }) =>
  hostUsers({ of: () => ({ ...noRules, ...rules }), confDir: '/etc/conf.d' }, self);
const reasonOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'allowed',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('whom the programs of releases run as', () => {
  const self = { uid: 12_345_678, name: 'capstan-agent' };
  const own = userInfo();

  it('is the agent’s own user if nobody says anything else, named or not', async () => {
    expect(await users({}, self).of(app, undefined)).to.equal(undefined);
    expect(await users({}).of(app, own.username)).to.equal(undefined);
    expect(await users({ user: own.username }).of(app, undefined)).to.equal(undefined);
  });

  it('is what the node’s configuration allows, with the ids of this host', async () => {
    const root = { uid: 0, name: 'root' };
    const user = await users({ user: 'nobody' }, root).of(app, undefined);
    expect(user).to.include({ name: 'nobody' });
    expect(user?.uid).to.be.above(0);
    expect(await users({ users: ['nobody'] }, root).of(app, 'nobody')).to.deep.include({ name: 'nobody' });
    expect(await users({ users: ['nobody'] }, root).of(app, undefined)).to.equal(undefined);
  });

  it('is never somebody whom it does not allow, and root is nobody special', async () => {
    const root = { uid: 0, name: 'root' };
    const says =
      'it is to run as "nobody", which this node does not allow: name "nobody" under applications.web.users in a file of /etc/conf.d';
    expect(await reasonOf(users({}, root).of(app, 'nobody'))).to.equal(says);
    expect(await reasonOf(users({ user: 'nobody' }, root).of(app, 'root'))).to.match(
      /"root", which this node/,
    );
  });

  it('is somebody of this host', async () => {
    const root = { uid: 0, name: 'root' };
    const missing = users({ user: 'capstan-not-there' }, root).of(app, undefined);
    expect(await reasonOf(missing)).to.equal('this host has no user "capstan-not-there"');
  });

  it('is nobody but itself where the agent is not root', async () => {
    expect(await reasonOf(users({ user: 'nobody' }, self).of(app, undefined))).to.equal(
      'it is to run as "nobody", and the agent, which is not root, can run programs as itself ("capstan-agent") only',
    );
  });
});
