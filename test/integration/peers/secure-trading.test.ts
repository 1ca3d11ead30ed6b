import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import type { StageResult } from '../../../agent/stager/protocol.js';
import { type Authority, openAuthority } from '../../../coordinator/io/ca/authority.js';
import type { Purpose } from '../../../coordinator/io/ca/issue.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { readTree } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';
import { newKey } from '../identity/site.js';
import { type TradingNode, tradingFleet } from './trading-nodes.js';

const bytesFrom = ({ fetchedFrom }: StageResult, name: RegExp): number =>
  fetchedFrom.filter(({ source }) => name.test(source)).reduce((sum, { bytes }) => sum + bytes, 0);

describe('trading packs over TLS', function () {
  this.timeout(30_000);
  let authority: Authority;

  before(async () => {
    authority = await openAuthority(await tempDir(), { now: Date.now });
  });

  /** A node that has a release of two megabytes. */
  const installed = async (settings = {}) => {
    const setUp = await tradingFleet(2, authority);
    const first = await setUp.fleet.add('first', settings);
    await first.stage(setUp.release, [setUp.origin.url]);
    setUp.origin.packBytes = 0;
    return { ...setUp, first };
  };

  /** Where it says what it has of its pack. */
  const heldUrl = ({ trading }: TradingNode): string => {
    const { url, packs } = trading.serving();
    return `${url}/held/${packs[0]?.slice('sha256:'.length) ?? ''}`;
  };

  const certified = (by: Authority, purpose: Purpose, lifeMs = 60_000): SecureContextOptions => {
    const key: KeyObject = newKey();
    const certificate = new X509Certificate(by.issue(purpose, createPublicKey(key), lifeMs));
    return { key: key.export({ type: 'pkcs8', format: 'pem' }), cert: certificate.toString() };
  };

  const node = (name: string): Purpose => ({
    kind: 'node',
    node: name as NodeName,
    identity: 'b'.repeat(32),
  });

  /** The status of an answer, or what went wrong before there was one. */
  const ask = (
    url: string,
    shown: SecureContextOptions = {},
    agent?: Agent,
  ): Promise<number | string | undefined> =>
    new Promise((resolve) => {
      // Whom it asks is not what is tried.
      const trust = { rejectUnauthorized: false, ...shown, ...(agent === undefined ? {} : { agent }) };
      request(url, trust, (answer) => {
        answer.resume().on('end', () => {
          resolve(answer.statusCode);
        });
      })
        .on('error', (error) => {
          resolve(error.message);
        })
        .end();
    });

  it('nodes of one fleet get a release from each other', async () => {
    const { dir, release, origin, fleet, first } = await installed();
    expect(first.trading.serving().url).to.match(/^https:\/\//);
    const second = await fleet.add('second');
    const result = await second.stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer first$/)).to.equal(release.packSize);
    expect(origin.packBytes).to.equal(0);
    expect(await readTree(second.tree())).to.deep.equal(await readTree(`${dir}/source-2`));
  });

  it('who is no node of the fleet gets nothing', async () => {
    const { first } = await installed();
    const url = heldUrl(first);
    const stranger = await openAuthority(await tempDir(), { now: Date.now });
    expect(await ask(url, certified(authority, node('second')))).to.equal(200);
    const server: Purpose = { kind: 'server', hosts: ['127.0.0.1'] };
    for (const [who, shown] of Object.entries({
      'without a certificate': {},
      "another authority's": certified(stranger, node('second')),
      'an expired one': certified(authority, node('second'), -1000),
      'the one of a coordinator': certified(authority, server),
      'TLS 1.2': { ...certified(authority, node('second')), maxVersion: 'TLSv1.2' as const },
    })) {
      expect(await ask(url, shown), who).to.be.a('string');
    }
    const plain = new Promise((resolve) => {
      plainRequest(url.replace('https:', 'http:'), ({ statusCode }) => {
        resolve(statusCode);
      })
        .on('error', ({ message }) => {
          resolve(message);
        })
        .end();
    });
    expect(await plain, 'plain text').to.be.a('string');
  });

  it('a connection does not outlast the certificate that it was made with', async () => {
    const { first } = await installed();
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    cleanUp(() => {
      agent.destroy();
    });
    const shown = certified(authority, node('second'), 3000);
    expect(await ask(heldUrl(first), shown, agent)).to.equal(200);
    const statuses: unknown[] = [];
    await eventually(
      async () => {
        const status = await ask(heldUrl(first), shown, agent);
        statuses.push(status);
        return status !== 200;
      },
      { what: 'the certificate to end' },
    );
    expect(statuses.at(-1)).to.equal(403);
  });

  it('one that is not who the coordinator says is not asked for anything', async () => {
    const { release, origin, fleet, first } = await installed();
    fleet.directory.offers('other' as NodeName, first.trading.serving());
    fleet.directory.offers('first' as NodeName, undefined);
    const result = await (await fleet.add('second')).stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer/)).to.equal(0);
    expect(first.trading.sentBytes()).to.equal(0);
  });

  it('a peer without TLS is not asked where nodes have certificates', async () => {
    const plain = await tradingFleet(2);
    const open = await plain.fleet.add('open');
    await open.stage(plain.release, [plain.origin.url]);
    const { fleet } = await tradingFleet(1, authority);
    fleet.directory.offers('open' as NodeName, open.trading.serving());
    const result = await (await fleet.add('node')).stage(plain.release, [plain.origin.url]);
    expect(bytesFrom(result, /^peer/)).to.equal(0);
    expect(open.trading.sentBytes()).to.equal(0);
  });

  it('a node shows its new certificate once it has one, and goes on', async () => {
    const { release, origin, fleet, first } = await installed();
    const shown = async (): Promise<string> => {
      const { hostname, port } = new URL(first.trading.serving().url);
      const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
      socket.on('error', () => undefined); // it refuses us afterwards
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const before = await shown();
    await first.certify();
    expect(await shown()).not.to.equal(before);
    const result = await (await fleet.add('second')).stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer first$/)).to.equal(release.packSize);
  });
});
