import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import { needs } from '../../../coordinator/core/operators/access.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { operatorTokenPrefix } from '../../../shared/model/operator.js';
import { connectOperator, type OperatorClient } from '../../../shared/wire/operator-client.js';
import { loadOperatorService } from '../../../shared/wire/operator-service.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { runProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { failure, type Site, startSite } from './site.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: staging, selector: role=staging }
    - { name: production, selector: role=web }
`;

type Method = Parameters<OperatorClient['call']>[0] | Parameters<OperatorClient['stream']>[0];
const methods = Object.entries(loadOperatorService());
/** What its name says only to look; any other call changes something until it is shown not to. */
const isReading = (name: string): boolean =>
  /^(List|Get|Watch|Show|Verify)|^(Status|Plan|Why|Logs)$/.test(name);

describe('operators', function () {
  this.timeout(60_000);
  let site: Site;
  let number = 0;

  before(async () => {
    site = await startSite(await tempDir());
    await site.operator.call('Apply', { files: [{ name: 'web.yml', text: spec }], idempotencyKey: 'a' });
  });

  const clientWith = (token: string): OperatorClient => {
    const trust = { ca: site.ca, token };
    const client = connectOperator({ address: site.operators, actor: 'somebody-else', trust });
    cleanUp(() => {
      client.close();
      return Promise.resolve();
    });
    return client;
  };

  const make = async (role: string, environments: readonly string[] = [], ttlMs = 600_000) => {
    number += 1;
    const name = `${role}-${number}`;
    const token = `${operatorTokenPrefix}${randomBytes(32).toString('base64url')}`;
    const hash = createHash('sha256').update(token).digest('hex');
    const request = { hash, name, role, environments: [...environments], ttlMs, idempotencyKey: hash };
    await site.operator.call('CreateOperator', request);
    return { name, token, client: clientWith(token) };
  };

  /** The code that a call is refused with, of whatever kind it is; `through` if it got past the door. */
  const refusal = async (client: OperatorClient, name: string): Promise<string> => {
    const isStream = loadOperatorService()[name as Method].responseStream;
    try {
      if (!isStream) {
        await client.call(name as Parameters<OperatorClient['call']>[0], {}, { retry: false });
      } else {
        const signal = AbortSignal.timeout(2000);
        for await (const _ of client.stream(name as Parameters<OperatorClient['stream']>[0], {}, { signal }))
          break;
      }
      return 'through';
    } catch (thrown) {
      const { code } = CapstanError.from(thrown);
      return code === 'permissionDenied' || code === 'unauthenticated' ? code : 'through';
    }
  };

  it('every call of the service is in the table of what it takes, and nothing else is', () => {
    expect(Object.keys(needs)).to.have.members(methods.map(([name]) => name));
  });

  for (const [name] of methods) {
    it(`${name} is ${isReading(name) ? 'answered to' : 'refused to'} a viewer, and refused to who has no token`, async () => {
      const viewer = await make('viewer');
      expect(await refusal(viewer.client, name)).to.equal(isReading(name) ? 'through' : 'permissionDenied');
      const nobody = clientWith(`${operatorTokenPrefix}${'x'.repeat(43)}`);
      expect(await refusal(nobody, name)).to.equal('unauthenticated');
    });
  }

  it('what is done with a token is done by its name, whatever the caller says of itself', async () => {
    const { name, client } = await make('deployer');
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

  it('a deployer neither approves nor governs, and an approver does not govern', async () => {
    const deployer = await make('deployer');
    const approver = await make('approver');
    for (const name of ['ApproveRelease', 'PromoteRelease', 'ForgivePoison', 'Apply', 'CreateOperator'])
      expect(await refusal(deployer.client, name), name).to.equal('permissionDenied');
    const gate = deployer.client.call('ControlRollout', { id: 'r-1', approve: {}, idempotencyKey: 'g' });
    expect(await failure(gate)).to.match(/^permissionDenied: .* is a deployer, and this takes an approver/);
    for (const name of ['Deploy', 'ApproveRelease', 'PromoteRelease'])
      expect(await refusal(approver.client, name), name).to.equal('through');
    for (const name of ['Apply', 'DecommissionNode', 'LabelNode', 'CreateToken', 'CreateOperator'])
      expect(await refusal(approver.client, name), name).to.equal('permissionDenied');
  });

  it('a token for some environments changes no other, nor what is about all of them', async () => {
    const { name, client } = await make('approver', ['web/staging']);
    const deploy = (app: string, env: string) =>
      failure(client.call('Deploy', { app, env, version: '1', idempotencyKey: `${app}${env}` }));
    expect(await deploy('web', 'staging')).to.match(/^notFound/);
    expect(await deploy('web', 'production')).to.equal(
      `permissionDenied: ${name} may change web/staging only, and this is about web/production.`,
    );
    expect(await deploy('api', 'staging')).to.match(/^permissionDenied/);
    const lock = client.call('LockEnvironment', { app: 'web', env: '', idempotencyKey: 'x', reason: 'r' });
    expect(await failure(lock)).to.match(/^permissionDenied: .*about all of web/);
    expect(await failure(client.call('BeginPublish', { app: 'api', version: '1' }))).to.match(
      /^permissionDenied/,
    );
    await client.call('BeginPublish', { app: 'web', version: '1' });
    expect(await refusal(client, 'ForgivePoison')).to.equal('permissionDenied');
    expect((await client.call('GetSelf', {})).environments).to.deep.equal(['web/staging']);
  });

  it('a token that has ended lets nobody in, and breaks off what is watched with it', async () => {
    const { name, client } = await make('viewer');
    const watching = failure(
      (async () => {
        for await (const _ of client.stream('ListEvents', { follow: true }, {}));
      })(),
    );
    await eventually(async () => {
      const { operators } = await site.operator.call('ListOperators', {});
      return operators.find((known) => known.name === name)?.usedAt !== '';
    });
    await site.operator.call('RevokeOperator', { name, idempotencyKey: 'rv' });
    expect(await watching).to.equal(`unauthenticated: The token of ${name} was revoked.`);
    expect(await failure(client.call('Status', {}))).to.equal(
      `unauthenticated: The token of ${name} was revoked.`,
    );
    const short = await make('viewer', [], 1000);
    // Nothing else happens meanwhile: the stream ends by the clock alone.
    const over = failure(
      (async () => {
        for await (const _ of short.client.stream('WatchNodes', {}, {}));
      })(),
    );
    expect(await over).to.equal(`unauthenticated: The token of ${short.name} has expired.`);
    const late = await eventually(async () => {
      const said = await failure(short.client.call('Status', {})).catch(() => '');
      return said === '' ? undefined : said;
    });
    expect(late).to.equal(`unauthenticated: The token of ${short.name} has expired.`);
  });

  it('an upload ticket ends with the token that it was given for', async () => {
    const { name, client } = await make('deployer');
    const { uploadUrl, ticket } = await client.call('BeginPublish', { app: 'web', version: '1' });
    /** Asks how much of a pack is there, which takes a ticket. */
    const status = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const url = `${uploadUrl}/packs/aa/${'a'.repeat(64)}`;
        const headers = { authorization: `Bearer ${ticket}` };
        request(url, { method: 'HEAD', ca: site.ca, headers }, ({ statusCode }) => {
          resolve(statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status()).to.equal(404);
    await site.operator.call('RevokeOperator', { name, idempotencyKey: `t${name}` });
    expect(await status()).to.equal(401);
  });

  it('a name is somebody until the token has ended, and none that the coordinator uses', async () => {
    const { name } = await make('viewer');
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
