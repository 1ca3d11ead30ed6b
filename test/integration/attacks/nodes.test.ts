import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect } from 'chai';
import { type Authority, openAuthority } from '../../../coordinator/io/ca/authority.js';
import { issue } from '../../../coordinator/io/ca/issue.js';
import { fetchAuthority } from '../../../shared/identity/fetch-authority.js';
import { makeRequest } from '../../../shared/identity/request.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { askForRenewal, askToEnrol } from '../../../shared/wire/enrolment-client.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import {
  agentOf,
  failure,
  identityOf,
  newKey,
  question,
  type Site,
  startSite,
  within,
} from '../identity/site.js';
import { attempt } from './attempt.js';

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

  const enrolA = async () => site.enrol(await site.token(), a);

  describe('join tokens', () => {
    const viewOf = async (token: string) => {
      const hash = createHash('sha256').update(token).digest('hex');
      return (await site.operator.call('ListTokens', {})).tokens.find(({ id }) => hash.startsWith(id));
    };

    attempt(
      'a join token that was used as often as it may be',
      /^refused: .* was used as often/,
      async () => {
        const token = await site.token();
        await site.enrol(token, a);
        return failure(site.enrol(token, b));
      },
    );

    for (const [what, token] of [
      ['a join token that nobody made', `capstan_join_${'0'.repeat(64)}`],
      ['a join token that is none', 'hunter2'],
    ] as const) {
      attempt(what, /^refused: The join token is not known here/, () => failure(site.enrol(token, a)));
    }

    attempt('a join token that was revoked', /^refused: The join token .* was revoked/, async () => {
      const token = await site.token();
      const { id = '' } = (await viewOf(token)) ?? {};
      await site.operator.call('RevokeToken', { id, idempotencyKey: id });
      return failure(site.enrol(token, a));
    });

    attempt('a join token that has expired', /^refused: The join token .* has expired/, async () => {
      const token = await site.token({ ttlMs: 1000, uses: 1000 });
      await site.enrol(token, a);
      return eventually(async () => {
        const said = await failure(site.enrol(token, a));
        return said.startsWith('conflict') ? undefined : said;
      });
    });

    const spec = (app: string, selector: string): string =>
      `apiVersion: capstan/v1\nkind: Application\nmetadata: { name: ${app} }\nspec:\n  environments:\n    - name: staging\n      selector: "${selector}"\n`;
    const apply = (app: string, selector: string) =>
      site.operator.call('Apply', {
        files: [{ name: `${app}.yml`, text: spec(app, selector) }],
        idempotencyKey: `${app}-${selector}`,
      });

    attempt(
      'a join token of one environment, for a node of another',
      /^refused: The token is for production, .* first\/staging/,
      async () => {
        await apply('first', 'role=none');
        const token = await site.token({ labels: { role: 'first' }, env: 'production' });
        await apply('first', 'role=first');
        return failure(site.enrol(token, a));
      },
    );

    attempt(
      'a join token of one environment, with labels of another',
      /^refused: The token is for production, .* second\/staging/,
      async () => {
        await apply('second', 'role=second');
        return failure(site.token({ labels: { role: 'second' }, env: 'production' }));
      },
    );

    attempt('the name of a node that there is', /^conflict: There is a node a\d+ already/, async () => {
      const token = await site.token({ uses: 2 });
      await site.enrol(token, a);
      return failure(site.enrol(token, a));
    });

    attempt('a path as the name of a node', /^invalid: "\.\.\/a" cannot be the name of a node/, async () => {
      const request = makeRequest(a, newKey());
      const asked = { token: await site.token(), name: '../a', request };
      return failure(askToEnrol(site.operators, { ca: site.ca }, asked));
    });

    const unsound: Readonly<Record<string, (sound: Uint8Array) => Buffer>> = {
      'a certificate request of which a bit is another': (sound) => {
        const bytes = Buffer.from(sound);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return bytes;
      },
      'a certificate request that is empty': () => Buffer.alloc(0),
      'a certificate request that is cut short': (sound) => Buffer.from(sound.subarray(0, 100)),
      'a certificate request that is oversized': () => Buffer.alloc(5000, 0x30),
    };
    for (const [what, spoil] of Object.entries(unsound)) {
      attempt(what, 'invalid: The certificate request is not sound.', async () => {
        const token = await site.token();
        const request = spoil(makeRequest(a, newKey()));
        const said = await failure(askToEnrol(site.operators, { ca: site.ca }, { token, name: a, request }));
        expect(await viewOf(token), 'it uses nothing up').to.include({ used: 0 });
        return said;
      });
    }
  });

  describe('certificates', () => {
    const poll = (identity: Parameters<typeof agentOf>[1]): Promise<string> =>
      failure(agentOf(site.agents, identity).poll(question(), within(3000)));
    /** A certificate of the real authority for whatever it is told. */
    const forged = (identity: string, lifeMs = day) => {
      const key = newKey();
      const purpose = { kind: 'node', node: a, identity } as const;
      return identityOf(site.ca, key, authority.issue(purpose, createPublicKey(key), lifeMs));
    };

    /** Whom TLS lets in is greeted by HTTP/2; for others there is nothing but an end. */
    const greeted = ({ ca, own }: Parameters<typeof agentOf>[1]): Promise<boolean> => {
      const [host, port] = site.agents.split(':');
      const shown = own === undefined ? {} : { key: own.key, cert: own.certificate };
      const where = { ...(host === undefined ? {} : { host }), port: Number(port), ca };
      const socket = connect({ ...where, ...shown, ALPNProtocols: ['h2'] });
      socket.on('error', () => undefined);
      return new Promise((resolve) => {
        socket.once('data', () => {
          resolve(true);
          socket.destroy();
        });
        socket.once('close', () => resolve(false));
      });
    };
    /** By TLS, before anything is asked. */
    const shut = async (identity: Parameters<typeof agentOf>[1]): Promise<string> => {
      expect(await greeted(await enrolA()), 'who may come in').to.equal(true);
      expect(await greeted(identity), 'who may not').to.equal(false);
      return poll(identity);
    };

    attempt('no certificate', /^unreachable: /, () => shut({ ca: site.ca }));

    attempt("another authority's certificate", /^unreachable: /, () => {
      const key = newKey();
      const certificate = issue({
        purpose: { kind: 'node', node: a, identity: '0'.repeat(32) },
        ...{ publicKey: createPublicKey(key), signingKey: newKey() },
        dates: { notBefore: Date.now() - day, notAfter: Date.now() + day },
      });
      return shut(identityOf(site.ca, key, certificate));
    });

    attempt('an expired certificate', /^unreachable: /, () => shut(forged('0'.repeat(32), -1000)));

    attempt("a server's certificate", /^unreachable: /, () => {
      const key = newKey();
      const purpose = { kind: 'server', hosts: ['127.0.0.1'] } as const;
      return shut(identityOf(site.ca, key, authority.issue(purpose, createPublicKey(key), day)));
    });

    attempt(
      'a certificate that no enrolment stands behind',
      /^refused: The node a\d+ (?:was decommissioned|has enrolled anew)/,
      async () => {
        await enrolA();
        return poll(forged('f'.repeat(32)));
      },
    );

    attempt(
      'a certificate that ends while its connection lasts',
      /^refused: The certificate of a\d+ has expired\.$/,
      async () => {
        const brief = await startSite(await tempDir(), ['--certificate-life', '3s']);
        const client = agentOf(brief.agents, await brief.enrol(await brief.token(), a));
        await client.poll(question(1), within());
        return eventually(() => failure(client.report(report, within())).catch(() => undefined));
      },
    );

    const asAnother: Readonly<Record<string, (liar: ReturnType<typeof agentOf>) => Promise<unknown>>> = {
      "one node's certificate that asks for another": (liar) => liar.poll(question(), within()),
      "one node's certificate that reports about another": (liar) => liar.report(report, within()),
      "one node's certificate that asks for another's peers": (liar) =>
        liar.findPeers({ packs: [], corrupt: [] }, within()),
    };
    for (const [what, call] of Object.entries(asAnother)) {
      attempt(what, /^refused: This is the certificate of a\d+: it cannot speak for b\d+\.$/, async () =>
        failure(call(agentOf(site.agents, await enrolA(), { name: b }))),
      );
    }

    it("one node's certificate that is renewed for another is renewed for the one that it is of", async () => {
      const token = await site.token({ uses: 2 });
      const own = await site.enrol(token, a);
      await site.enrol(token, b);
      const key = newKey();
      const { certificate } = await askForRenewal(site.agents, own, { request: makeRequest(b, key) });
      await agentOf(site.agents, identityOf(site.ca, key, certificate)).poll(question(1), within());
      const { nodes } = await site.operator.call('ListNodes', {});
      expect(nodes.map(({ name }) => name).filter((name) => name === a || name === b)).to.deep.equal([a]);
    });

    attempt(
      'a certificate that is revoked while its poll is held, which ends within a second',
      /^refused: The node a\d+ was decommissioned\.$/,
      async () => {
        const client = agentOf(site.agents, await enrolA());
        await client.poll(question(1), within());
        await client.report(report, within());
        const held = failure(client.poll(question(), within(30_000))).then(
          (said) => [said, performance.now()] as const,
        );
        await eventually(async () => (await site.operator.call('GetNode', { name: a })).liveness);
        const asked = performance.now();
        const request = { name: a, reason: 'stolen', idempotencyKey: `d-${a}` };
        await site.operator.call('DecommissionNode', request);
        const [said, at] = await held;
        expect(at - asked).to.be.lessThan(1000);
        return said;
      },
    );

    const afterwards: Readonly<
      Record<
        string,
        (client: ReturnType<typeof agentOf>, own: Parameters<typeof agentOf>[1]) => Promise<unknown>
      >
    > = {
      'a poll with a revoked certificate': (client) => client.poll(question(), within()),
      'a report with a revoked certificate': (client) => client.report({ ...report, sequence: 2 }, within()),
      'a question for peers with a revoked certificate': (client) =>
        client.findPeers({ packs: [], corrupt: [] }, within()),
      'a renewal with a revoked certificate': (_client, own) =>
        askForRenewal(site.agents, own, { request: makeRequest(a, newKey()) }),
    };
    for (const [what, call] of Object.entries(afterwards)) {
      attempt(what, /^refused: The node a\d+ was decommissioned/, async () => {
        const own = await enrolA();
        const client = agentOf(site.agents, own);
        await client.poll(question(1), within());
        const request = { name: a, reason: 'stolen', idempotencyKey: `d-${a}` };
        await site.operator.call('DecommissionNode', request);
        const said = await failure(call(client, own));
        // Also when the node has joined again: that is another certificate.
        await agentOf(site.agents, await enrolA()).poll(question(1), within());
        expect(await failure(client.poll(question(), within()))).to.contain(`refused: The node ${a}`);
        return said;
      });
    }
  });

  describe('coordinators that are none', () => {
    attempt(
      "a node's certificate as a coordinator's",
      /^unreachable: What answers at .* is not to be trusted: .*certificate/,
      async () => {
        const { own } = await enrolA();
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
        return said;
      },
    );

    attempt('a coordinator with another pin', /^refused: What answers .* is not the coordinator/, () =>
      failure(fetchAuthority(site.operators, `sha256:${'0'.repeat(64)}`)),
    );
  });
});
