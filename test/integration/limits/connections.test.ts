import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import type { NodeName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, newKey, question, type Site, startSite, within } from '../identity/site.js';
import { callOn, closed, drip, framed, http2To, plainTo, tlsTo, toldOf } from './peers.js';

const handshakeMs = 2000; // who is honest is in far sooner, on a busy machine as well
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

describe('connections to a coordinator', function () {
  this.timeout(30_000);
  let site: Site;

  before(async () => {
    site = await startSite(await tempDir(), [
      ...['--max-unknown-connections', '8', '--handshake-timeout', `${handshakeMs}ms`],
    ]);
  });

  const ports = () => [site.agents, site.operators, site.http];

  it('that never say who they are, or spin it out byte by byte wherever they can, are cut off in time', async () => {
    // As much of a client's first record as says how long it is, and then all else too slowly.
    const record = Buffer.concat([Buffer.from([22, 3, 1, 2, 0]), Buffer.alloc(512)]);
    const request = Buffer.from(`GET /healthz HTTP/1.1\r\nHost: ${'h'.repeat(500)}`);
    const since = async (cut: Promise<unknown>): Promise<number> => {
      const began = performance.now();
      await cut;
      return performance.now() - began;
    };
    const session = (): ClientHttp2Session => http2To(site.operators, { ca: site.ca });
    const ended = (open: ClientHttp2Session): Promise<number> =>
      since(new Promise((resolve) => open.once('close', resolve)));
    const [silent, inTls, inPreface, idle, inCall, inRequest] = await Promise.all([
      Promise.all(ports().map(async (address) => since(closed(await plainTo(address, '127.0.0.9'))))),
      Promise.all(ports().map(async (address) => drip(await plainTo(address), record, 20))),
      tlsTo(site.operators, site.ca, 'h2').then((socket) => drip(socket, preface, 60)),
      ended(session()),
      (async () => {
        const open = session();
        callOn(open, '/capstan.v1.EnrolmentService/Enrol').write(Buffer.from([0, 0, 0, 0]));
        return ended(open);
      })(),
      tlsTo(site.http, site.ca, 'http/1.1').then((socket) => drip(socket, request, 20)),
    ]);
    for (const [what, ms] of Object.entries({ silent, inTls, inPreface, idle, inCall, inRequest })) {
      for (const one of [ms].flat()) expect(one, what).to.be.within(handshakeMs * 0.5, handshakeMs + 5000);
    }
    await toldOf(site, 'introduction 127.0.0.9');
  });

  for (const [what, from] of [
    ['another address', '127.0.0.9'],
    ['the same address', '127.0.0.1'],
  ] as const) {
    it(`a node gets in though ${what} holds all places for the unknown, again and again`, async () => {
      const own = await site.enrol(await site.token(), `n${from.at(-1)}`);
      const held: Socket[] = [];
      const over = new AbortController();
      const attack = (async () => {
        while (!over.signal.aborted) {
          held.push(await plainTo(site.agents, from));
          if (held.length > 24) await closed(held.shift());
        }
      })();
      await toldOf(site, `connections ${from}`);
      const answer = await eventually(() => agentOf(site.agents, own).poll(question(1), within(1000)));
      over.abort();
      await attack;
      expect(answer.desired?.revision).to.equal(0);
    });
  }

  it('who has introduced itself is not disturbed by those who have not, and stays', async () => {
    const own = await site.enrol(await site.token(), 'calm');
    const client = agentOf(site.agents, own);
    await client.poll(question(1), within());
    const held = client.poll(question(), within(20_000)).then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await Promise.all(Array.from({ length: 40 }, () => plainTo(site.agents).catch(() => undefined)));
    const waited = await Promise.race([
      held,
      once(await plainTo(site.agents, '127.0.0.8'), 'close').then(() => 'still held'),
    ]);
    expect(waited).to.equal('still held');
    await site.operator.call('DecommissionNode', { name: 'calm', reason: 'over', idempotencyKey: 'calm' });
    expect(await held).to.contain('was decommissioned');
  });

  it('of one node are eight; with another one the oldest goes', async () => {
    const name = 'many' as NodeName;
    const key = newKey();
    const own = await site.enrol(await site.token(), name, key);
    const sessions: ClientHttp2Session[] = [];
    const report = { ...question(1), session: 's' };
    for (let n = 0; n < 9; n += 1) {
      const session = http2To(site.agents, own);
      sessions.push(session);
      const stream = callOn(session, '/capstan.v1.AgentService/FindPeers').resume();
      stream.end(framed(Buffer.alloc(0)));
      await once(stream, 'close');
    }
    await eventually(() => sessions[0]?.destroyed);
    expect(sessions.slice(1).map(({ destroyed }) => destroyed)).to.not.include(true);
    await agentOf(site.agents, own).poll(report, within());
    await toldOf(site, 'connections node many');
  });
});
