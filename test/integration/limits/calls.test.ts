import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { makeRequest } from '../../../shared/identity/request.js';
import type { CapstanError } from '../../../shared/model/errors.js';
import { askToEnrol } from '../../../shared/wire/enrolment-client.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, newKey, question, type Site, startSite, within } from '../identity/site.js';
import { callOn, framed, http2To, toldOf } from './peers.js';

/** The answers of so many calls at once: 'taken', or what was wrong. */
async function outcomes(
  times: number,
  call: () => Promise<unknown>,
): Promise<readonly (CapstanError | 'taken')[]> {
  return Promise.all(
    Array.from({ length: times }, () =>
      call().then(
        () => 'taken' as const,
        (error: unknown) => error as CapstanError,
      ),
    ),
  );
}

const refusalsIn = (all: readonly (CapstanError | 'taken')[]): readonly CapstanError[] =>
  all.filter((outcome) => outcome !== 'taken');

describe('calls to a coordinator', function () {
  this.timeout(30_000);
  let site: Site;

  before(async () => {
    site = await startSite(await tempDir(), [
      ...['--node-calls-per-second', '2', '--operator-calls-per-second', '2', '--operator-calls', '4'],
      ...['--stranger-calls-per-second', '2'],
    ]);
  });

  /** An operator with a token of its own. */
  const operator = async (name: string) => {
    const token = randomBytes(32).toString('hex');
    const hash = createHash('sha256').update(token).digest('hex');
    await site.operator.call('CreateOperator', {
      ...{ name, role: 'viewer', hash, ttlMs: 3_600_000, idempotencyKey: name },
    });
    const client = connectOperator({
      ...{ address: site.operators, actor: name },
      trust: { ca: site.ca, token },
    });
    cleanUp(() => {
      client.close();
    });
    return { client, token };
  };

  it('of a node that asks too often are pushed back, and another node is not disturbed', async () => {
    const [busy, calm] = await Promise.all(
      ['busy', 'calm'].map(async (name) => agentOf(site.agents, await site.enrol(await site.token(), name))),
    );
    const ask = () => busy?.findPeers({ packs: [], corrupt: [] }, within()) ?? Promise.resolve();
    const all = await outcomes(60, ask);
    expect(all.filter((outcome) => outcome === 'taken').length).to.be.within(16, 46);
    for (const { code, message, retryAfterMs } of refusalsIn(all)) {
      expect(code).to.equal('unavailable');
      expect(message).to.match(
        /^The node busy (calls more often than 2 times a second|has 16 calls under way)/,
      );
      expect(retryAfterMs).to.be.within(1, 1000);
    }
    await calm?.poll(question(1), within());
    await toldOf(site, 'calls node busy');
    // It is let in again after as long as it was told.
    await eventually(() => ask().then(() => true));
  });

  it('of an operator are pushed back so that gRPC knows it, and another operator is not disturbed', async () => {
    const [{ client, token }, other] = [await operator('busy'), await operator('other')];
    const all = await outcomes(60, () => client.call('GetSelf', {}, { retry: false }));
    const refused = refusalsIn(all);
    expect(refused.length).to.be.within(14, 59);
    expect(refused.map(({ message }) => message).join('\n')).to.match(/^(The operator busy .*\n?)+$/);
    expect((await other.client.call('GetSelf', {}, { retry: false })).name).to.equal('other');
    const session = http2To(site.operators, { ca: site.ca });
    const trailers = await eventually(async () => {
      const stream = callOn(session, '/capstan.v1.OperatorService/GetSelf', {
        authorization: `Bearer ${token}`,
      });
      const headers = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
      stream.resume();
      stream.end(framed(Buffer.alloc(0)));
      const answered = await headers;
      return answered['grpc-status'] === '8' ? answered : undefined;
    });
    expect(Number(trailers['grpc-retry-pushback-ms'])).to.be.within(1, 1000);
    // Who waits as it is told gets through: the command line does so by itself.
    expect((await client.call('GetSelf', {})).name).to.equal('busy');
  });

  it('that watch are counted while they last, and make room when they end', async () => {
    const { client } = await operator('watcher');
    const watching = Array.from({ length: 4 }, () => new AbortController());
    const firsts = watching.map(({ signal }) => {
      const nodes = client.stream('WatchNodes', {}, { signal });
      return nodes[Symbol.asyncIterator]().next();
    });
    await Promise.all(firsts);
    const [refused] = refusalsIn(await outcomes(1, () => client.call('GetSelf', {}, { retry: false })));
    expect(refused?.message).to.equal('The operator watcher has 4 calls under way, as many as it may.');
    expect(refused?.retryAfterMs).to.equal(1000);
    watching[0]?.abort();
    await eventually(() => client.call('GetSelf', {}, { retry: false }).then(() => true));
  });

  it('to enrol are pushed back from an address that asks too often, before anything of them is read', async () => {
    const enrol = () => {
      const question = {
        token: `capstan_join_${'0'.repeat(64)}`,
        name: 'x',
        request: makeRequest('x', newKey()),
      };
      return askToEnrol(site.operators, { ca: site.ca }, question);
    };
    const refused = refusalsIn(await outcomes(50, enrol));
    expect(refused.length).to.equal(50);
    const pushed = refused.filter(({ code }) => code === 'unavailable');
    expect(pushed.length).to.be.within(1, 12);
    expect(pushed[0]?.message).to.equal('There are too many calls from 127.0.0.1 that need no token.');
    await toldOf(site, 'strangers 127.0.0.1');
    // So are tokens that are tried out; one that is good is served.
    const guesser = connectOperator({
      ...{ address: site.operators, actor: 'eve' },
      trust: { ca: site.ca, token: 'guessed' },
    });
    cleanUp(() => {
      guesser.close();
    });
    const guesses = refusalsIn(await outcomes(10, () => guesser.call('GetSelf', {}, { retry: false })));
    expect(guesses.map(({ code }) => code)).to.include('unavailable');
    expect((await (await operator('fine')).client.call('GetSelf', {})).name).to.equal('fine');
  });

  it('without a good token are refused before their message is sent', async () => {
    const session = http2To(site.operators, { ca: site.ca });
    const stream = callOn(session, '/capstan.v1.OperatorService/Apply', { authorization: 'Bearer nothing' });
    const headers = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
    stream.write(framed(Buffer.alloc(8 * 1024 * 1024)).subarray(0, 100));
    expect((await headers)['grpc-status']).to.be.oneOf(['16', '8']);
  });
});
