import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { failure, makeOperator, type Site, startSite } from './site.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: staging, selector: role=staging }
    - { name: production, selector: role=web }
`;

describe('operators', function () {
  this.timeout(60_000);
  let site: Site;

  before(async () => {
    site = await startSite(await tempDir());
    await site.operator.call('Apply', { files: [{ name: 'web.yml', text: spec }], idempotencyKey: 'a' });
  });

  it('what is done with a token is done by its name, whatever the caller says of itself', async () => {
    const { name, client } = await makeOperator(site, 'deployer');
    await client.call('LockEnvironment', {
      app: 'web',
      env: 'staging',
      kind: 'lock',
      idempotencyKey: 'l',
      reason: 'r',
    });
    const events = [];
    for await (const event of site.operator.stream('ListEvents', {}, {})) events.push(event);
    expect(events.find(({ kind }) => kind === 'environment.locked' || kind === 'env.locked')?.actor).to.equal(
      name,
    );
    await client.call('UnlockEnvironment', {
      app: 'web',
      env: 'staging',
      kind: 'lock',
      idempotencyKey: 'u',
      reason: 'r',
    });
    expect(events.find(({ kind }) => kind === 'operator.created')?.actor).to.equal('admin');
  });

  it('a name is somebody until the token has ended, and none that the coordinator uses', async () => {
    const { name } = await makeOperator(site, 'viewer');
    const again = (wanted: string) =>
      site.operator.call('CreateOperator', {
        ...{ name: wanted, role: 'viewer', ttlMs: 5000, hash: randomBytes(32).toString('hex') },
        idempotencyKey: randomBytes(8).toString('hex'),
      });
    expect(await failure(again(name))).to.match(/^conflict: There is an operator/);
    expect(await failure(again('admin'))).to.match(/^conflict/);
    expect(await failure(again('coordinator'))).to.match(/^conflict/);
    await site.operator.call('RevokeOperator', { name, idempotencyKey: `r${name}` });
    await again(name);
  });

  it('capstan makes operators, logs in and lists them, and the token is nowhere but in its file', async () => {
    const home = await tempDir();
    const env = { XDG_CONFIG_HOME: home };
    const adminFile = join(home, 'admin');
    await writeFile(adminFile, site.adminToken);
    const admin = ['--coordinator', site.operators, '--ca-pin', site.pin, '--token-file', adminFile];
    const create = [
      'operator',
      'create',
      'ann',
      '--role',
      'deployer',
      '--env',
      'web/staging',
      '--output',
      'json',
    ];
    const created = await runProgram('capstan', [...create, ...admin], { env });
    expect(created.code, created.stderr).to.equal(0);
    const { token } = JSON.parse(created.stdout) as { readonly token: string };
    const where = ['--coordinator', site.operators, '--ca-pin', site.pin];
    const wrong = await runProgram('capstan', ['login', ...where], { env, input: `${token}x\n` });
    expect([wrong.code, wrong.stderr]).to.satisfy(([code, said]: [number, string]) => {
      return code === 4 && said.includes('not the right one') && !said.includes(token);
    });
    const login = await runProgram('capstan', ['login', ...where], { env, input: `${token}\n` });
    expect(login.stdout, login.stderr).to.match(/^You are ann, deployer for web\/staging\./);
    const kept = join(home, 'capstan', 'default.token');
    expect(await readFile(kept, 'utf8')).to.equal(`${token}\n`);
    expect((await stat(kept)).mode & 0o777).to.equal(0o600);
    const listed = await runProgram('capstan', ['operator', 'list'], { env });
    expect(listed.stdout, listed.stderr).to.match(/ann +│? *deployer/);
    const denied = await runProgram('capstan', ['operator', 'revoke', 'ann', '--output', 'json'], { env });
    expect(denied.code).to.equal(4);
    expect(denied.stderr).to.contain('"permissionDenied"');
    const byVariable = await runProgram('capstan', ['status', ...where], {
      env: { XDG_CONFIG_HOME: join(home, 'none'), CAPSTAN_TOKEN_FILE: kept },
    });
    expect(byVariable.code, byVariable.stderr).to.equal(0);
    const verified = await runProgram('capstan', ['events', 'verify'], { env });
    expect(verified.code, verified.stderr).to.equal(0);
    expect(verified.stdout).to.match(/^Events 1 to (\d+) are as they were written\.\n\1 [0-9a-f]{64}\n$/);
    for (const file of ['capstan.db', 'capstan.db-wal']) {
      const bytes = await readFile(join(site.dir, file)).catch(() => Buffer.alloc(0));
      expect(bytes.includes(token), file).to.equal(false);
    }
    expect(JSON.stringify(site.program.logs())).not.to.contain(token);
  });
});
