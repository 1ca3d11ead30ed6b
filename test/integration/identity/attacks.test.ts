import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { type Authority, openAuthority } from '../../../coordinator/io/ca/authority.js';
import { issue } from '../../../coordinator/io/ca/issue.js';
import { fetchAuthority } from '../../../shared/identity/fetch-authority.js';
import { makeRequest } from '../../../shared/identity/request.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { connectAgent } from '../../../shared/wire/agent-client.js';
import { askForRenewal, askToEnrol } from '../../../shared/wire/enrolment-client.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, failure, identityOf, newKey, question, type Site, startSite, within } from './site.js';

const day = 86_400_000;
const status = { apps: [], facts: undefined, agentVersion: '1', allowUnsigned: false };
const report = { session: 'session', sequence: 1, status, logs: [], serving: undefined };

describe('attacks on the identity of nodes', function () {
  this.timeout(60_000);
  let site: Site;
  let authority: Authority;
  /** Of this test's nodes, and of another one. */
  let a: NodeName;
  let b: NodeName;
  let tests = 0;

  before(async () => {
    site = await startSite(await tempDir());
    // Whoever has the data directory can issue anything: so that other lines of defence can be tried.
    authority = await openAuthority(site.dir, { now: Date.now });
  });

  beforeEach(() => {
    tests += 1;
    a = `a${tests}` as NodeName;
    b = `b${tests}` as NodeName;
  });

  const tokenView = async (token: string) => {
    const hash = createHash('sha256').update(token).digest('hex');
    return (await site.operator.call('ListTokens', {})).tokens.find(({ id }) => hash.startsWith(id));
  };

  /** A certificate of the real authority for whatever it is told. */
  const forged = (identity: string, lifeMs = day) => {
    const key = newKey();
    const purpose = { kind: 'node', node: a, identity } as const;
    return identityOf(site.ca, key, authority.issue(purpose, createPublicKey(key), lifeMs));
  };

  it('a token is refused when it is unknown, expired, revoked or used as often as it may be', async () => {
    const once = await site.token();
    await site.enrol(once, a);
    expect(await failure(site.enrol(once, b))).to.match(/^refused: The join token .* was used as often/);
    expect(await failure(site.enrol(`capstan_join_${'0'.repeat(64)}`, b))).to.match(/^refused: .*not known/);
    expect(await failure(site.enrol('hunter2', b))).to.match(/^refused: .*not known/);
    const revoked = await site.token();
    const { id = '' } = (await tokenView(revoked)) ?? {};
    await site.operator.call('RevokeToken', { id, idempotencyKey: 'k' });
    expect(await failure(site.enrol(revoked, b))).to.match(/^refused: The join token .* was revoked/);
    const short = await site.token({ ttlMs: 1000, uses: 1000 });
    const late = await eventually(async () => {
      const error = await failure(site.enrol(short, a));
      return error.startsWith('conflict') ? undefined : error;
    });
    expect(late).to.match(/^refused: The join token .* has expired/);
  });

  it('the same server may ask again, and another one cannot take its name', async () => {
    const token = await site.token({ uses: 2, labels: { zone: 'a' } });
    const key = newKey();
    await site.enrol(token, a, key);
    await agentOf(site.agents, await site.enrol(token, a, key)).poll(question(1), within());
    expect(await tokenView(token)).to.include({ used: 1, state: 'valid' });
    expect(await failure(site.enrol(token, a))).to.contain(`conflict: There is a node ${a} already`);
    expect((await site.operator.call('GetNode', { name: a })).labels).to.deep.equal({ zone: 'a' });
  });

  it('a request that is not sound enrols nobody and uses nothing up', async () => {
    const token = await site.token();
    const sound = makeRequest(a, newKey());
    const spoilt = Buffer.from(sound);
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
    for (const request of [Buffer.alloc(0), spoilt, Buffer.alloc(5000, 0x30), sound.subarray(0, 100)]) {
      const asked = askToEnrol(site.operators, { ca: site.ca }, { token, name: a, request });
      expect(await failure(asked)).to.equal('invalid: The certificate request is not sound.');
    }
    const named = askToEnrol(site.operators, { ca: site.ca }, { token, name: '../a', request: sound });
    expect(await failure(named)).to.match(/^invalid: "\.\.\/a" cannot be the name of a node/);
    expect(await tokenView(token)).to.include({ used: 0 });
  });

  it('a token for one environment gives no way into another, also when a selector was changed since', async () => {
    const spec = (selector: string): string =>
      `apiVersion: capstan/v1\nkind: Application\nmetadata: { name: web }\nspec:\n  environments:\n    - name: staging\n      selector: "${selector}"\n`;
    const apply = (selector: string) =>
      site.operator.call('Apply', {
        files: [{ name: 'web.yml', text: spec(selector) }],
        idempotencyKey: selector,
      });
    await apply('role=none');
    const token = await site.token({ labels: { role: 'web' }, env: 'production' });
    await apply('role=web');
    expect(await failure(site.enrol(token, a))).to.match(
      /^refused: The token is for production, .* web\/staging/,
    );
    expect(await failure(site.token({ labels: { role: 'web' }, env: 'production' }))).to.match(
      /^refused: The token/,
    );
  });

  it('nobody polls without a certificate, nor with one of another authority, nor with an expired one', async () => {
    const known = await site.enrol(await site.token(), a);
    await agentOf(site.agents, known).poll(question(1), within());
    const refused = async (identity: Parameters<typeof agentOf>[1]): Promise<void> => {
      expect(await failure(agentOf(site.agents, identity).poll(question(), within(3000)))).to.match(
        /^unreachable/,
      );
    };
    await refused({ ca: site.ca });
    const stranger = newKey();
    const others = issue({
      purpose: { kind: 'node', node: a, identity: '0'.repeat(32) },
      ...{ publicKey: createPublicKey(stranger), signingKey: newKey() },
      dates: { notBefore: Date.now() - day, notAfter: Date.now() + day },
    });
    await refused(identityOf(site.ca, stranger, others));
    await refused(forged('0'.repeat(32), -1000));
    const server = newKey();
    const purpose = { kind: 'server', hosts: ['127.0.0.1'] } as const;
    await refused(identityOf(site.ca, server, authority.issue(purpose, createPublicKey(server), day)));
  });

  it('a certificate that no enrolment stands behind is worth nothing', async () => {
    await site.enrol(await site.token(), a);
    const poll = agentOf(site.agents, forged('f'.repeat(32))).poll(question(), within());
    expect(await failure(poll)).to.contain(`refused: The node ${a} has enrolled anew since`);
  });

  it('a certificate that ends while its connection lasts is refused in the next call', async () => {
    const brief = await startSite(await tempDir(), ['--certificate-life', '3s']);
    const client = agentOf(brief.agents, await brief.enrol(await brief.token(), a));
    await client.poll(question(1), within());
    const refusal = await eventually(() => failure(client.report(report, within())).catch(() => undefined));
    expect(refusal).to.equal(`refused: The certificate of ${a} has expired.`);
  });

  it('a node cannot speak for another one, in any message', async () => {
    const token = await site.token({ uses: 2 });
    const own = await site.enrol(token, a);
    await site.enrol(token, b);
    const liar = agentOf(site.agents, own, { name: b });
    const speaks = `refused: This is the certificate of ${a}: it cannot speak for ${b}.`;
    expect(await failure(liar.poll(question(), within()))).to.equal(speaks);
    expect(await failure(liar.report(report, within()))).to.equal(speaks);
    expect(await failure(liar.findPeers({ packs: [], corrupt: [] }, within()))).to.equal(speaks);
    // Whatever name the request asks for, the certificate is renewed for the one that it came with.
    const key = newKey();
    const { certificate } = await askForRenewal(site.agents, own, { request: makeRequest(b, key) });
    await agentOf(site.agents, identityOf(site.ca, key, certificate)).poll(question(1), within());
    const { nodes } = await site.operator.call('ListNodes', {});
    const names = nodes.map(({ name }) => name).filter((name) => name === a || name === b);
    expect(names).to.deep.equal([a]);
  });

  it('decommissioning ends a poll that is held within a second, and all that comes after', async () => {
    const own = await site.enrol(await site.token(), a);
    const client = agentOf(site.agents, own);
    await client.poll(question(1), within());
    await client.report(report, within());
    const held = failure(client.poll(question(), within(30_000))).then(
      (said) => [said, performance.now()] as const,
    );
    await eventually(async () => (await site.operator.call('GetNode', { name: a })).liveness);
    const asked = performance.now();
    await site.operator.call('DecommissionNode', { name: a, reason: 'stolen', idempotencyKey: `d-${a}` });
    const [said, at] = await held;
    expect(said).to.equal(`refused: The node ${a} was decommissioned.`);
    expect(at - asked).to.be.lessThan(1000);
    for (const call of [
      client.poll(question(), within()),
      client.report({ ...report, sequence: 2 }, within()),
      client.findPeers({ packs: [], corrupt: [] }, within()),
      askForRenewal(site.agents, own, { request: makeRequest(a, newKey()) }),
    ]) {
      expect(await failure(call)).to.contain(`refused: The node ${a} was decommissioned`);
    }
    // With a new token, and a new certificate, it is a node again; the old certificate stays worthless.
    const again = agentOf(site.agents, await site.enrol(await site.token(), a));
    await again.poll(question(1), within());
    expect(await failure(client.poll(question(), within()))).to.contain(`refused: The node ${a}`);
  });

  it('a name whose server enrolled and never polled can be freed', async () => {
    const token = await site.token({ uses: 3 });
    await site.enrol(token, a);
    const { answer, since } = await site.operator.call('Why', { subject: a });
    expect(answer).to.equal(`${a} has enrolled, and its agent has never polled`);
    expect(Date.parse(since)).to.be.closeTo(Date.now(), 60_000);
    await site.operator.call('DecommissionNode', {
      name: a,
      reason: 'reinstalled',
      idempotencyKey: 'd',
    });
    await agentOf(site.agents, await site.enrol(token, a)).poll(question(1), within());
  });

  it('TLS 1.2 and plain text are refused on every port', async () => {
    for (const address of [site.agents, site.operators, site.http]) {
      const [host = '', port] = address.split(':');
      const old = connect({ host, port: Number(port), maxVersion: 'TLSv1.2', rejectUnauthorized: false });
      const [error] = (await once(old, 'error')) as [Error];
      expect(error.message, address).to.match(/alert protocol version|protocol version/i);
      const plain = connectPlain({ host, port: Number(port) });
      let answered = '';
      plain.setEncoding('latin1').on('data', (bytes: string) => (answered += bytes));
      plain.on('error', () => undefined);
      plain.write('GET /healthz HTTP/1.1\r\nHost: capstan\r\n\r\n');
      await once(plain, 'close');
      expect(answered, address).not.to.contain('HTTP');
    }
    const plainAgent = connectAgent({
      ...{ address: site.agents, credentials: credentials.createInsecure() },
      claims: { name: a, labels: {} },
    });
    cleanUp(() => {
      plainAgent.close();
      return Promise.resolve();
    });
    expect(await failure(plainAgent.poll(question(), within(3000)))).to.match(/^unreachable/);
  });

  it("a node's certificate is none for a server", async () => {
    const { own } = await site.enrol(await site.token(), a);
    const server = createServer({ key: own?.key, cert: own?.certificate, minVersion: 'TLSv1.3' });
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const fooled = connectOperator({
      ...{ address: `127.0.0.1:${port}`, actor: 'ann' },
      trust: { ca: site.ca, token: 'secret' },
    });
    const said = await failure(fooled.call('Status', {}, { retry: false }));
    fooled.close();
    server.close();
    expect(said).to.match(/^unreachable: What answers at .* is not to be trusted: .*certificate/);
  });

  it('a coordinator with another pin is not told the token', async () => {
    expect(await fetchAuthority(site.operators, site.pin)).to.equal(site.ca);
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await failure(fetchAuthority(site.operators, other))).to.match(
      /^refused: What answers .* is not the/,
    );
  });

  it('operators need the token, and agents are not served where they are', async () => {
    for (const token of ['wrong', site.adminToken.slice(0, -1)]) {
      const client = connectOperator({
        address: site.operators,
        actor: 'eve',
        trust: { ca: site.ca, token },
      });
      const said = await failure(client.call('CreateToken', { hash: '0'.repeat(64), ttlMs: 1000, uses: 1 }));
      client.close();
      expect(said).to.equal('unauthenticated: The token is not the right one.');
    }
    const agent = agentOf(site.operators, await site.enrol(await site.token(), a));
    expect(await failure(agent.poll(question(), within()))).to.match(/does not serve agents/);
  });

  it('the store is served with the same certificate', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      get(`https://${site.http}/healthz`, { ca: site.ca }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });
    expect(answer).to.equal(200);
  });

  it('neither token is in the log, the events or the database', async () => {
    const token = await site.token({ uses: 2 });
    await site.enrol(token, a);
    await failure(site.enrol(token, a));
    const kept: string[] = [site.program.stdout(), site.program.stderr()];
    for (const file of await readdir(site.dir)) {
      if (file.startsWith('capstan.db')) kept.push(await readFile(join(site.dir, file), 'latin1'));
    }
    expect(kept.length).to.be.greaterThan(2);
    for (const secret of [token.slice('capstan_join_'.length), site.adminToken]) {
      expect(kept.some((text) => text.includes(secret))).to.equal(false);
    }
  });
});
