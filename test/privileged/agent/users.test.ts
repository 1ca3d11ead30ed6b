import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { makeNode, type Node, serverFiles } from '../../integration/agent/harness.js';
import { cleanUp } from '../../support/cleanup.js';
import { skipLoudly } from '../../support/installed.js';

interface TestUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A user of this host with one more group than its own, until the test is over. */
function makeUser(): TestUser & { readonly extra: number } {
  const name = `capstan-${randomBytes(4).toString('hex')}`;
  run('groupadd', `${name}-x`);
  cleanUp(() => void run('groupdel', `${name}-x`));
  run('useradd', '--no-create-home', '--user-group', '--groups', `${name}-x`, '--home-dir', '/tmp', name);
  cleanUp(() => void run('userdel', '--force', name));
  const id = (...args: readonly string[]): number => Number(run('id', ...args, name));
  const extra = Number(run('getent', 'group', `${name}-x`).split(':')[2]);
  return { name, uid: id('-u'), gid: id('-g'), extra };
}

describe('users that the programs of releases run as', function () {
  this.timeout(60_000);
  let node: Node;
  beforeEach(async function () {
    if (process.getuid?.() !== 0) skipLoudly(this, 'running programs as somebody else needs root');
    node = await makeNode();
    await chmod(node.dir, 0o755);
    await mkdir(join(node.dir, 'conf.d'));
    await node.start();
  });
  const allow = async (rules: string): Promise<void> => {
    const before = node
      .agent()
      .logs()
      .filter(({ event }) => event === 'conf.applied').length;
    const text = `apiVersion: capstan/v1\nkind: Node\napplications: { web: ${rules} }\n`;
    await writeFile(join(node.dir, 'conf.d/web.yml'), text);
    await node.agent().waitFor('conf.applied', () => {
      const applied = node
        .agent()
        .logs()
        .filter(({ event }) => event === 'conf.applied');
      return applied.length > before;
    });
  };
  const deploy = async (version: string, made: Readonly<Record<string, string>>): Promise<AppStatus> =>
    node.coordinator.settled('web', node.deploy(await node.release(version, made)));
  const who = `JSON.stringify([process.getuid(), process.getgid(), process.getgroups().sort(), process.env.HOME,
    process.env.USER, process.env.LOGNAME, require('node:fs').readFileSync('etc/secret', 'utf8'),
    require('node:fs').writeFileSync('uploads/' + process.pid, '')])`;
  const asks = (spec: string): Readonly<Record<string, string>> => {
    const made = serverFiles('1', { spec });
    const text = (made['server.js'] ?? '').replace("end('1')", `end(${who})`);
    return { ...made, 'server.js': text };
  };

  it('are the ones of the node’s configuration, with their groups, and own what is shared', async () => {
    const [web, db] = [makeUser(), makeUser()];
    await allow(`{ user: ${web.name}, users: [${db.name}], env: { SECRET: hush } }`);
    await mkdir(join(node.home, 'shared/logs'), { recursive: true });
    const made = {
      ...asks(`shared: { dirs: [uploads, logs], files: [etc/deep/file] }
templates: [{ from: secret.in, to: etc/secret }]
hooks: { afterStage: { run: [touch, etc/deep/file] }, afterStart: { run: [bin/who], user: ${db.name} }, afterHealthy: { run: [bin/who] } }`),
      'secret.in': '$' + '{SECRET}',
      'bin/who': '#!/bin/sh\necho "$(id -un) $(id -gn) $(id -Gn) $HOME $USER $LOGNAME" > /dev/stderr\n',
    };
    expect(await deploy('1', made)).to.include({ phase: 'healthy' });
    const groups = [web.gid, web.extra].sort();
    const told: unknown = JSON.parse(await node.ask());
    expect(told).to.deep.equal([web.uid, web.gid, groups, '/tmp', web.name, web.name, 'hush', null]);

    const log = await readFile(join(node.dir, 'state/logs/web.hooks.log'), 'utf8');
    for (const { name } of [db, web])
      expect(log).to.include(`${name} ${name} ${name} ${name}-x /tmp ${name} ${name}\n`);

    const ownerOf = async (path: string): Promise<readonly number[]> => {
      const { uid, gid } = await stat(join(node.home, path));
      return [uid, gid];
    };
    expect(await ownerOf('shared/uploads')).to.deep.equal([web.uid, web.gid]);
    expect(await ownerOf('shared/etc/deep')).to.deep.equal([web.uid, web.gid]);
    expect(await ownerOf('shared/logs'), 'what was there is left alone').to.deep.equal([0, 0]);
    expect(await ownerOf('current/etc/secret'), 'readable, and not to be changed').to.deep.equal([
      0,
      web.gid,
    ]);
  });

  it('are the ones that releases name, and refused where the node does not allow them', async () => {
    const [web, other] = [makeUser(), makeUser()];
    await allow(`{ users: [${web.name}, capstan-nobody-at-all] }`);
    const named: Readonly<Record<string, string>> = {
      ...asks(`shared: { dirs: [uploads], owner: ${web.name} }`),
      'etc/secret': '',
    };
    const spec = (named['capstan.yml'] ?? '')
      .replace('grace: 2s', `grace: 2s, user: ${web.name}`)
      .replace('health:', `health:\n  - command: { run: [sh, -c, 'test $(id -un) = ${web.name}'] }`);
    expect(await deploy('1', { ...named, 'capstan.yml': spec })).to.include({ phase: 'healthy' });
    const [uid] = JSON.parse(await node.ask()) as readonly unknown[];
    expect(uid).to.equal(web.uid);
    const { pid } = await node.service();

    const file = join(node.dir, 'conf.d');
    const refusals: readonly (readonly [string, string])[] = [
      [
        `hooks: { beforeStart: { run: [a], user: ${other.name} } }`,
        `the hook beforeStart cannot be run: it is to run as "${other.name}", which this node does not allow: name "${other.name}" under applications.web.users in a file of ${file}`,
      ],
      [
        'database: { run: [a], reversible: true, user: capstan-nobody-at-all }',
        'the database step cannot be run: this host has no user "capstan-nobody-at-all"',
      ],
      [`shared: { dirs: [more], owner: ${other.name} }`, `"${other.name}", which this node does not allow`],
    ];
    for (const [index, [more, says]] of refusals.entries()) {
      const status = await deploy(String(index + 2), serverFiles('2', { spec: more }));
      expect(status, more).to.include({ phase: 'failed', ready: true });
      expect(status.failure).to.include({ step: 'preflight' });
      expect(status.failure?.reason).to.include(says);
    }
    expect((await node.service()).pid).to.equal(pid);
    await allow(`{ users: [${web.name}, ${other.name}] }`);
    const made = serverFiles('9', { spec: `shared: { dirs: [more], owner: ${other.name} }` });
    expect(await deploy('9', made), 'mended without a restart of the agent').to.include({ phase: 'healthy' });
    expect((await stat(join(node.home, 'shared/more'))).uid).to.equal(other.uid);
  });
});
