import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { ChannelIdentity } from '../../../shared/identity/channel.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, question, type Site, startSite, within } from '../identity/site.js';
import { callOn, framed, http2To } from './peers.js';

const mebibyte = 1024 * 1024;
const exhausted = '8';

describe('a coordinator that is sent too much', function () {
  this.timeout(30_000);
  let site: Site;
  let node: ChannelIdentity;

  before(async () => {
    site = await startSite(await tempDir());
    node = await site.enrol(await site.token(), 'large');
  });

  const onPort = (port: 'agents' | 'operators') =>
    port === 'agents'
      ? { session: http2To(site.agents, node), path: '/capstan.v1.AgentService/Report', headers: {} }
      : {
          session: http2To(site.operators, { ca: site.ca }),
          path: '/capstan.v1.OperatorService/Apply',
          headers: { authorization: `Bearer ${site.adminToken}` },
        };

  for (const [port, limit] of [
    ['agents', 2 * mebibyte],
    ['operators', 8 * mebibyte],
  ] as const) {
    it(`refuses a message of more than ${limit} bytes on the port of ${port} when it was told its length`, async () => {
      const { session, path, headers } = onPort(port);
      const stream = callOn(session, path, headers);
      const answered = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
      stream.write(framed(Buffer.alloc(limit + 1)).subarray(0, 1000)); // the rest is never sent
      expect((await answered)['grpc-status']).to.equal(exhausted);
    });

    it(`refuses a message that becomes so large when it is unpacked on the port of ${port}`, async () => {
      const { session, path, headers } = onPort(port);
      const stream = callOn(session, path, { ...headers, 'grpc-encoding': 'gzip' });
      const answered = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
      stream.end(framed(gzipSync(Buffer.alloc(20 * limit)), { compressed: true }));
      expect((await answered)['grpc-status']).to.equal(exhausted);
    });

    it(`refuses headers that are too long, or too many, on the port of ${port}, and goes on with the connection`, async () => {
      const { session, path, headers } = onPort(port);
      await once(session, 'remoteSettings');
      const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-${n}`, 'y']));
      for (const more of [{ 'x-long': 'y'.repeat(40_000) }, many]) {
        const stream = callOn(session, path, { ...headers, ...more });
        stream.end(framed(Buffer.alloc(0)));
        await new Promise((resolve) => stream.once('close', resolve));
        expect(stream.sentHeaders).to.include.keys(Object.keys(more).slice(0, 1));
        expect(stream.rstCode, JSON.stringify(Object.keys(more).length)).not.to.equal(0);
      }
      const fine = callOn(session, path, headers);
      const answered = new Promise<Record<string, unknown>>((resolve) => fine.on('response', resolve));
      fine.resume();
      fine.end(framed(Buffer.alloc(0)));
      expect((await answered)[':status']).to.equal(200);
    });

    it(`refuses more calls at once on one connection to the port of ${port} than there may be`, async () => {
      const { session } = onPort(port);
      const [settings] = (await once(session, 'remoteSettings')) as [{ maxConcurrentStreams?: number }];
      expect(settings.maxConcurrentStreams).to.equal(128);
    });
  }

  it('refuses HTTP requests with headers that are too long, and bodies that nobody asked for', async () => {
    const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const outgoing = httpsRequest(`https://${site.http}${path}`, {
          ca: site.ca,
          method,
          headers,
          agent: false,
        });
        outgoing.on('response', (answer) => {
          resolve(answer.statusCode ?? 0);
          answer.destroy();
        });
        outgoing.on('error', reject);
        if (headers['content-length'] === undefined) outgoing.end();
        else outgoing.flushHeaders();
      });
    expect(await ask('/healthz', { 'x-long': 'y'.repeat(40_000) })).to.equal(431);
    const type = 'application/octet-stream';
    const unasked = { 'content-length': String(2 ** 40), 'content-type': type };
    expect(await ask('/store/v1/packs/x', unasked, 'PUT')).to.equal(401);
    expect(await ask('/healthz', { ...unasked, 'content-type': 'application/json' }, 'POST')).to.be.oneOf([
      404, 413,
    ]);
    expect(await ask('/healthz', {})).to.equal(200);
  });

  it('still serves its nodes afterwards', async () => {
    await agentOf(site.agents, node).poll(question(1), within());
  });
});
