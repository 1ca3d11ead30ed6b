import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { openPeerServer } from '../../../agent/io/peers/peer-server.js';
import { PeerSpool, type SpoolIntake } from '../../../agent/io/peers/peer-spool.js';
import { createSpoolWriter } from '../../../agent/stager/peers/spool-writer.js';
import { systemClock } from '../../../shared/io/clock.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const pack = { hex: sha256(bytes), size: bytes.length };
const path = `/packs/${pack.hex.slice(0, 2)}/${pack.hex}`;

/** Puts 100,000 bytes of the pack each into a spool. */
function keepIn(dir: string, offsets: readonly number[], intake: SpoolIntake): void {
  const writer = createSpoolWriter({
    ...{ dir, maxBytes: 1e9, reserveBytes: 0 },
    tell: (news) => {
      intake.add(news);
    },
  });
  for (const offset of offsets) {
    const packed = bytes.subarray(offset, offset + 100_000);
    writer.keep(pack, { offset, length: packed.length, sha256: sha256(packed) }, packed);
  }
  writer.close();
}

/** A server whose spool has the first and the last 100,000 bytes of a pack. */
async function startServer({ slots = 2, bytesPerSecond = 0, all = false } = {}) {
  const dir = await tempDir();
  const spool = new PeerSpool({
    ...{ dir, maxBytes: 1e9, keepMs: 60_000, clock: systemClock },
    onChange: () => undefined,
  });
  const intake = spool.begin();
  keepIn(dir, all ? [0, 100_000, 200_000] : [0, 200_000], intake);
  intake.end();
  const server = await openPeerServer({
    listen: { host: '127.0.0.1', port: 0 },
    ...{ identity: undefined, clock: systemClock },
    ...{ spool, slots, bytesPerSecond },
  });
  cleanUp(() => server.close());
  return { spool, server, url: `http://127.0.0.1:${server.address.port}`, dir };
}

const ask = (url: string, range?: string, method = 'GET') =>
  fetch(url, { method, headers: range === undefined ? {} : { range } });

/** A request whose path is sent as it is, which fetch would tidy up. */
function statusOfPath(port: number, raw: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: raw, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the server for other nodes', () => {
  it('sends ranges it has all of, and tells which those are', async () => {
    const { url, server } = await startServer();
    const answer = await ask(`${url}${path}`, 'bytes=200010-200019');
    expect(answer.status).to.equal(206);
    expect(answer.headers.get('content-range')).to.equal('bytes 200010-200019/300000');
    expect(Buffer.from(await answer.arrayBuffer())).to.deep.equal(bytes.subarray(200_010, 200_020));
    const rest = await ask(`${url}${path}`, 'bytes=299990-');
    expect(Buffer.from(await rest.arrayBuffer())).to.deep.equal(bytes.subarray(299_990));
    expect(server.sentBytes()).to.equal(20);
    const held: unknown = await (await ask(`${url}/held/${pack.hex}`)).json();
    const spans = [
      [0, 100_000],
      [200_000, 300_000],
    ];
    expect(held).to.deep.equal({ size: 300_000, growing: false, spans });
  });

  it('says along with a range what else it has, unless that is long', async () => {
    const { url, spool } = await startServer();
    const told = (await ask(`${url}${path}`, 'bytes=0-9')).headers.get('capstan-held');
    expect(told).to.equal(await (await ask(`${url}/held/${pack.hex}`)).text());
    const spans = Array.from({ length: 1000 }, (_, at) => [100_100 + at * 10, 100_101 + at * 10] as const);
    spool.begin().add({ ...pack, spans });
    const answer = await ask(`${url}${path}`, 'bytes=0-9');
    expect([answer.status, answer.headers.get('capstan-held')]).to.deep.equal([206, null]);
  });

  it('answers 416 for what it does not have all of, and 404 for what it has nothing of', async () => {
    const { url } = await startServer();
    for (const range of [undefined, 'bytes=99999-100000', 'bytes=0-299999', 'bytes=5-4', 'bytes=-5', 'x']) {
      const answer = await ask(`${url}${path}`, range);
      expect(answer.status, range).to.equal(416);
      expect(answer.headers.get('content-range')).to.equal('bytes */300000');
    }
    const other = 'a'.repeat(64);
    expect((await ask(`${url}/packs/aa/${other}`)).status).to.equal(404);
    expect((await ask(`${url}/held/${other}`)).status).to.equal(404);
  });

  it('sends the whole pack if it has it', async () => {
    const { url } = await startServer({ all: true });
    const answer = await ask(`${url}${path}`);
    expect(answer.status).to.equal(200);
    expect(Buffer.from(await answer.arrayBuffer())).to.deep.equal(bytes);
  });

  it('knows GET and HEAD only', async () => {
    const { url } = await startServer();
    const head = await ask(`${url}${path}`, 'bytes=0-9', 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).to.deep.equal([
      206,
      '10',
      '',
    ]);
    for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS']) {
      expect((await ask(`${url}${path}`, undefined, method)).status, method).to.equal(405);
    }
  });

  it('has no other paths, however they are written', async () => {
    const { server } = await startServer();
    for (const raw of [
      '/',
      '/packs',
      `/packs/${pack.hex}`,
      `/packs/zz/${pack.hex}`,
      `${path}/`,
      `${path}.index`,
      `${path}?x`,
      `/packs/../packs/${pack.hex.slice(0, 2)}/${pack.hex}`,
      '/packs/../../../../etc/passwd',
      '/packs/%2e%2e/%2e%2e/etc/passwd',
      '/held/../lock',
      `//${path}`,
      `/held/${pack.hex}/x`,
    ]) {
      expect(await statusOfPath(server.address.port, raw), raw).to.equal(404);
    }
  });

  it('takes no more transfers than it has slots, and says when to come again (kraken#162)', async () => {
    const { url, server } = await startServer({ slots: 1, bytesPerSecond: 20_000 });
    const stop = new AbortController();
    const first = await fetch(`${url}${path}`, { headers: { range: 'bytes=0-99999' }, signal: stop.signal });
    const second = await ask(`${url}${path}`, 'bytes=0-9');
    expect([second.status, second.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect((await ask(`${url}/held/${pack.hex}`)).status, 'questions need no slot').to.equal(200);
    stop.abort();
    await first.arrayBuffer().catch(() => undefined);
    await eventually(async () => (await ask(`${url}${path}`, 'bytes=0-9')).status === 206, {
      what: 'the slot of the one that went away',
    });
    await eventually(() => server.sentBytes() === 10, { what: 'what was sent to be counted' });
  });

  it('gives one connection one slot, however many requests it sends ahead', async () => {
    const { url, server } = await startServer({ bytesPerSecond: 20_000 });
    const socket = connect(server.address.port, '127.0.0.1');
    cleanUp(() => {
      socket.destroy();
    });
    let got = '';
    socket.on('data', (chunk: Buffer) => {
      got += chunk.toString('latin1');
    });
    const asking = (range: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\nrange: bytes=${range}\r\n\r\n`;
    socket.write(asking('0-9999').repeat(3));
    await eventually(() => got.includes('206 Partial Content'), { what: 'the first answer' });
    expect((await ask(`${url}${path}`, 'bytes=0-9')).status, 'for another').to.equal(206);
    const statuses = () => [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    await eventually(() => statuses().length === 3, { what: 'three answers' });
    expect(statuses()).to.deep.equal(['206', '503', '503']);
    socket.write(asking('0-9'));
    await eventually(() => statuses()[3] === '206', { what: 'the next one' });
  });

  it('may be asked for the next part as soon as all of one has come, on the same connection', async () => {
    const { server } = await startServer({ bytesPerSecond: 200_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => {
      agent.destroy();
    });
    const sockets = new Set<unknown>();
    for (let count = 0; count < 10; count++) {
      const status = await new Promise((resolve, reject) => {
        const { port } = server.address;
        request({ host: '127.0.0.1', port, path, agent, headers: { range: 'bytes=0-1999' } }, (response) => {
          sockets.add(response.socket);
          response.resume().on('end', () => resolve(response.statusCode));
        })
          .on('error', reject)
          .end();
      });
      expect(status).to.equal(206);
    }
    expect(sockets.size).to.equal(1);
  });

  it('sends no more at once than nodes ask for', async () => {
    const { url, spool } = await startServer();
    const [size, most] = [1e9, 16 * 1024 * 1024];
    const large = { hex: sha256(Buffer.from('large')), size };
    spool.begin().add({ ...large, spans: [[0, size]] });
    for (const [range, status] of [
      [`bytes=5-${most + 4}`, 206],
      [`bytes=5-${most + 5}`, 416],
      [undefined, 416],
    ] as const) {
      const answer = await ask(`${url}/packs/${large.hex.slice(0, 2)}/${large.hex}`, range, 'HEAD');
      expect(answer.status, range).to.equal(status);
    }
  });

  it('sends no faster than it may', async () => {
    const { url } = await startServer({ bytesPerSecond: 200_000 });
    const begun = performance.now();
    await (await ask(`${url}${path}`, 'bytes=0-99999')).arrayBuffer();
    expect(performance.now() - begun).to.be.greaterThan(400);
  });

  it('forgets a pack whose file is gone', async () => {
    const { url, spool } = await startServer();
    await spool.clear();
    const lost = await startServer();
    await rm(lost.dir, { recursive: true });
    expect((await ask(`${lost.url}${path}`, 'bytes=0-9')).status).to.equal(404);
    expect(lost.spool.packs()).to.deep.equal([]);
    expect((await ask(`${url}${path}`, 'bytes=0-9')).status).to.equal(404);
  });

  it('sends what has come again, and not what of it was removed while it was sent', async () => {
    const { url, spool, dir } = await startServer({ bytesPerSecond: 20_000 });
    const stop = new AbortController();
    await fetch(`${url}${path}`, { headers: { range: 'bytes=0-99999' }, signal: stop.signal });
    await spool.clear();
    const intake = spool.begin();
    keepIn(dir, [100_000], intake);
    const answer = await ask(`${url}${path}`, 'bytes=150000-150009');
    expect(Buffer.from(await answer.arrayBuffer())).to.deep.equal(bytes.subarray(150_000, 150_010));
    stop.abort();
  });

  it('listens on loopback only without a certificate', async () => {
    const { spool } = await startServer();
    for (const host of ['0.0.0.0', '10.0.0.1', '::']) {
      const opening = openPeerServer({
        ...{ listen: { host, port: 0 }, identity: undefined, clock: systemClock },
        ...{ spool, slots: 1, bytesPerSecond: 0 },
      });
      const outcome = await opening.then(
        () => 'it listens',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
      expect(outcome, host).to.match(/cannot serve/);
    }
  });
});
