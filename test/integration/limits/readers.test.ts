import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, question, type Site, startSite, within } from '../identity/site.js';
import { callOn, closed, framed, http2To, toldOf } from './peers.js';

/** Of the process's memory that is in use now. Bytes. */
async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

describe('readers that do not read', function () {
  this.timeout(30_000);
  let site: Site;

  before(async () => {
    site = await startSite(await tempDir(), [
      ...['--slow-reader-timeout', '1s', '--handshake-timeout', '1s'],
    ]);
  });

  const authorization = () => ({ authorization: `Bearer ${site.adminToken}` });

  /** Allows the other side so many bytes, and no more, however much it is asked for. */
  const miser = (window: number) => http2To(site.operators, { ca: site.ca }, { initialWindowSize: window });

  it('of what they watch are cut off, and cost one message each until then', async () => {
    const labels = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`label-${n}`, 'v'.repeat(60)]));
    const token = await site.token({ uses: 40, labels });
    await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        await agentOf(site.agents, await site.enrol(token, `n${n}`)).poll(question(1), within());
      }),
    );
    const session = miser(10);
    const streams = Array.from({ length: 20 }, () => {
      const stream = callOn(session, '/capstan.v1.OperatorService/WatchNodes', authorization());
      stream.end(framed(Buffer.alloc(0)));
      return stream;
    });
    await Promise.all(streams.map((stream) => once(stream, 'response')));
    const before = await memoryOf(site.program.pid);
    const began = performance.now();
    let changes = 0;
    // The fleet changes all the while.
    while (!session.destroyed) {
      await site.operator.call('LabelNode', {
        ...{ name: 'n0', set: { changes: String(changes) }, idempotencyKey: String(changes) },
      });
      changes += 1;
    }
    expect(performance.now() - began).to.be.lessThan(6000);
    expect((await memoryOf(site.program.pid)) - before).to.be.lessThan(60 * 1024 * 1024);
    await toldOf(site, 'reader operator admin');
  });

  it('of one answer are cut off as well, as who begins a call and never sends its message, also with a good token', async () => {
    const session = miser(1);
    const stream = callOn(session, '/capstan.v1.OperatorService/ShowCa', authorization());
    stream.end(framed(Buffer.alloc(0)));
    await once(stream, 'response');
    const other = http2To(site.operators, { ca: site.ca });
    const begun = callOn(other, '/capstan.v1.OperatorService/Apply', authorization());
    begun.write(framed(Buffer.alloc(1000)).subarray(0, 500));
    expect((await site.operator.call('ShowCa', {})).pin, 'others are served').to.equal(site.pin);
    await Promise.all([session, other].map((cut) => new Promise((resolve) => cut.once('close', resolve))));
    await toldOf(site, 'request operator admin');
  });

  it('of events wait for a while and are then served in full', async () => {
    for (let n = 0; n < 8; n += 1) await site.token();
    const session = miser(100);
    const stream = callOn(session, '/capstan.v1.OperatorService/ListEvents', authorization());
    stream.end(framed(Buffer.alloc(0)));
    stream.pause();
    await once(stream, 'response');
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
    const [trailers] = (await once(stream, 'trailers')) as [Record<string, unknown>];
    expect(trailers['grpc-status']).to.equal('0');
    expect(Buffer.concat(chunks).length).to.be.greaterThan(1000);
  });
});

describe('slow transfers over HTTP', function () {
  this.timeout(30_000);

  const start = async (windowMs = 400) => {
    const dir = await tempDir();
    const bytes = Buffer.alloc(40 * 1024 * 1024, 7);
    const path = objectPath({ kind: 'packs', hex: sha256(bytes) });
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), bytes);
    const cut: string[] = [];
    const tickets = createUploadTickets({ secret: Buffer.alloc(32), now: Date.now, isGood: () => true });
    const server = await startHttpServer({
      ...{ host: '127.0.0.1', port: 0, storeDir: dir },
      tickets,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      limits: { windowMs, leastBytes: 2000 },
      guard: {
        door: { enter: () => true, spoke: () => undefined },
        refusals: { note: (what, who) => cut.push(`${what} ${who}`) },
      },
    });
    cleanUp(() => server.close({ drainMs: 0 }));
    const open = async () => {
      const socket = connect({ host: '127.0.0.1', port: server.port });
      cleanUp(() => {
        socket.destroy();
      });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    return { path: `/store/v1/${path}`, open, cut, tickets };
  };

  it('are cut off when next to nothing is read of what was asked for', async () => {
    const { path, open, cut } = await start();
    const reader = await open();
    reader.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    reader.pause(); // what the kernel keeps for it is full soon
    await eventually(() => cut.length > 0);
    reader.resume();
    await closed(reader);
    expect(cut).to.deep.equal(['reader 127.0.0.1']);
  });

  it('… or a body comes in a byte at a time that nobody waits for', async () => {
    const { open, cut } = await start();
    const writer = await open();
    writer.resume().write('GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    const timer = setInterval(() => writer.write('x'), 50);
    await closed(writer);
    clearInterval(timer);
    expect(cut).to.deep.equal(['reader 127.0.0.1']);
  });

  it('are not when they are slow only, nor when nothing is asked for', async () => {
    const { path, open, cut } = await start();
    const idle = await open();
    idle.resume().write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    const reader = await open();
    let got = 0;
    reader.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-20000000\r\nConnection: close\r\n\r\n`);
    reader.on('data', (chunk: Buffer) => {
      got += chunk.length;
      reader.pause();
      setTimeout(() => reader.resume(), 2);
    });
    await once(reader, 'close');
    expect(got).to.be.greaterThan(20_000_000);
    expect(idle.destroyed).to.equal(false);
    expect(cut).to.deep.equal([]);
  });

  it('to the store are as many as one token may have, and others send theirs meanwhile', async () => {
    const { open, tickets } = await start(10_000);
    const [one, other] = ['1', '2'].map((digit) => tickets.issue(digit.repeat(64)));
    /** Begins an upload whose last byte does not come. */
    const begin = async (n: number, ticket: string | undefined) => {
      const path = objectPath({ kind: 'packs', hex: sha256(Buffer.from(String(n))) });
      const socket = await open();
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
      const type = 'Content-Type: application/octet-stream\r\nContent-Length: 2';
      socket.write(
        `PUT /store/v1/${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ticket}\r\n${type}\r\n\r\nx`,
      );
      return { answered: () => answer, finish: () => socket.write('x') };
    };
    const held = await Promise.all(Array.from({ length: 32 }, (_, n) => begin(n, one)));
    const refused = await eventually(async () => {
      const { answered } = await begin(100, one);
      return eventually(() => answered().startsWith('HTTP/1.1 429 ') && answered(), { timeoutMs: 300 });
    });
    expect(refused).to.contain('retry-after: 1').and.to.contain('too many uploads at once with this token');
    const free = await begin(101, other);
    free.finish();
    await eventually(() => free.answered().startsWith('HTTP/1.1 400 ')); // taken, and not what its name says
    held[0]?.finish();
    await eventually(() => held[0]?.answered() !== '');
    const next = await begin(102, one);
    next.finish();
    await eventually(() => next.answered().startsWith('HTTP/1.1 400 '));
  });
});
