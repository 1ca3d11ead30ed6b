import { once } from 'node:events';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { httpStore } from '../../../shared/distribution/http-store.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { resumableUploads } from '../../../shared/distribution/resumable-uploads.js';
import type { ObjectSource } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { countingProxy } from '../../support/counting-proxy.js';
import { eventually } from '../../support/eventually.js';
import { noise } from '../../support/noise.js';
import { tempDir } from '../../support/temp-dir.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tickets = createUploadTickets({ secret: Buffer.alloc(32, 1), now: Date.now });
const authorization = (): string => `Bearer ${tickets.issue()}`;

const bytes = noise(1, 6_000_000);
const key = { kind: 'packs', hex: sha256(bytes) } as const;
const frameBytes = 256 * 1024;

const source: ObjectSource = {
  size: bytes.length,
  async *open() {
    for (let at = 0; at < bytes.length; at += 50_000) {
      yield await Promise.resolve(bytes.subarray(at, at + 50_000));
    }
  },
};

async function start(options: { readonly maxPackBytes?: number } = {}) {
  const storeDir = join(await tempDir(), 'store');
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, storeDir, tickets, logger: silent },
    ...options,
  });
  cleanUp(() => server.close({ drainMs: 0 }));
  const proxy = await countingProxy(server.port);
  const base = `http://127.0.0.1:${proxy.port}/store/v1`;
  const part = join(storeDir, 'tmp', `${key.hex}.part`);
  const target = `http://127.0.0.1:${server.port}/store/v1/${objectPath(key)}`;
  return { storeDir, part, proxy, target, store: httpStore(base, { ticket: tickets.issue() }) };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

async function answerTo(outgoing: ClientRequest): Promise<Answer> {
  const [{ statusCode = 0, headers }] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: statusCode, headers };
}

async function ask(
  method: 'HEAD' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: Buffer,
): Promise<Answer> {
  const outgoing = request(url, { agent: false, method, headers });
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  return await answerTo(outgoing);
}

/** An upload of these bytes that ends before it should. */
async function brokenOff(target: string, part: string, sent: Buffer): Promise<void> {
  const headers = { authorization: authorization(), 'content-type': 'application/octet-stream' };
  const outgoing = request(target, {
    agent: false,
    method: 'PUT',
    headers: { ...headers, 'content-length': String(bytes.length) },
  });
  outgoing.on('error', () => undefined);
  outgoing.write(sent);
  await eventually(async () => (await stat(part)).size === sent.length);
  outgoing.destroy();
  await eventually(async () => {
    const { headers: told } = await ask('HEAD', target, { authorization: authorization() });
    return told['upload-offset'] === String(sent.length);
  });
}

describe('an upload that broke off', function () {
  this.timeout(60_000);

  it('goes on where it was, however often', async () => {
    const { storeDir, part, proxy, store } = await start();
    let cuts = 0;
    for (let done = false; !done; ) {
      // Never before a first frame is there: what is less than one is sent again.
      proxy.after(2 * frameBytes + ((cuts * 617_003) % 1_400_000), proxy.cut);
      done = await store.put(key, source).then(
        () => true,
        (error: unknown) => {
          expect(error).to.be.instanceOf(CapstanError).and.include({ code: 'unreachable' });
          return false;
        },
      );
      if (done) continue;
      cuts += 1;
      await proxy.settled();
      await eventually(async () => {
        const { headers } = await ask('HEAD', `${store.url}/${objectPath(key)}`, {
          authorization: authorization(),
        });
        return Number(headers['upload-offset']) > 0;
      });
    }
    expect(cuts).to.be.above(2);
    expect(proxy.sent()).to.be.below(bytes.length + cuts * frameBytes);
    expect((await readFile(join(storeDir, objectPath(key)))).equals(bytes)).to.equal(true);
    expect(await stat(part).catch(() => undefined)).to.equal(undefined);
  });

  it('is whole if all of it came before', async () => {
    const root = await tempDir();
    const store = directoryStore(root);
    const brokenOff: ObjectSource = {
      size: bytes.length,
      async *open() {
        yield* source.open();
        throw new Error('aborted');
      },
    };
    await resumableUploads(root, store).put(key, brokenOff, 0);
    expect((await readFile(join(root, objectPath(key)))).equals(bytes)).to.equal(true);
    expect(await readdir(join(root, 'tmp'))).to.deep.equal([]);
  });

  it('begins anew if what is there belongs to something else', async () => {
    const { storeDir, part, target, store } = await start();
    await brokenOff(target, part, noise(2, 500_000));
    const told: number[] = [];
    await store.put(key, source, { onResume: (had) => told.push(had) });
    expect(told).to.deep.equal([500_000, 0]);
    expect((await readFile(join(storeDir, objectPath(key)))).equals(bytes)).to.equal(true);
    expect(await readdir(join(storeDir, 'tmp'))).to.deep.equal([]);
  });

  it('does not hold up another of the same, nor is it taken for it', async () => {
    const { storeDir, part, target, store } = await start();
    const headers = { authorization: authorization(), 'content-type': 'application/octet-stream' };
    const outgoing = request(target, {
      agent: false,
      method: 'PUT',
      headers: { ...headers, 'content-length': String(bytes.length) },
    });
    outgoing.on('error', () => undefined);
    outgoing.write(bytes.subarray(0, 300_000));
    await eventually(async () => (await stat(part)).size === 300_000);
    const told: number[] = [];
    await store.put(key, source, { onResume: (had) => told.push(had) });
    expect(told).to.deep.equal([]);
    outgoing.end(bytes.subarray(300_000));
    expect((await answerTo(outgoing)).status).to.equal(201);
    expect((await readFile(join(storeDir, objectPath(key)))).equals(bytes)).to.equal(true);
    expect(await readdir(join(storeDir, 'tmp'))).to.deep.equal([]);
  });

  it('is told to publishers only', async () => {
    const { part, target } = await start();
    await brokenOff(target, part, bytes.subarray(0, 400_000));
    const without = await ask('HEAD', target, {});
    expect(without.status).to.equal(404);
    expect(without.headers).not.to.have.property('upload-offset');
  });

  it('is forgotten after a day', async () => {
    const { storeDir, part, target } = await start();
    const old = join(storeDir, 'tmp', `${'0'.repeat(64)}.part`);
    await brokenOff(target, part, bytes.subarray(0, 100_000));
    await writeFile(old, 'old');
    const before = Date.now() / 1000 - 25 * 3600;
    await utimes(old, before, before);
    const other = join(storeDir, 'tmp', 'young.part');
    await writeFile(other, 'young');
    await brokenOff(target, part, bytes.subarray(0, 200_000));
    await eventually(async () => !(await readdir(join(storeDir, 'tmp'))).includes(`${'0'.repeat(64)}.part`));
    expect((await readdir(join(storeDir, 'tmp'))).sort()).to.deep.equal([`${key.hex}.part`, 'young.part']);
  });

  const size = bytes.length;
  const ranges: readonly (readonly [range: string, length: number, status: number])[] = [
    [`bytes 400000-${size - 1}/${size}`, size - 399_999, 400],
    [`bytes 400000-${size - 2}/${size}`, size - 400_001, 400],
    [`bytes 400000-${size}/${size}`, size - 399_999, 400],
    [`bytes 400000-399999/400000`, 0, 400],
    [`bytes 300000-${size - 1}/${size}`, size - 300_000, 409],
    [`bytes 500000-${size - 1}/${size}`, size - 500_000, 409],
    [`bytes 400000-${size - 1}/*`, size - 400_000, 400],
    [`bytes */${size}`, 0, 400],
    [`bytes -1-${size - 1}/${size}`, size, 400],
    [`items 400000-${size - 1}/${size}`, size - 400_000, 400],
    ['bytes 400000-9999999/10000000', 9_600_000, 413],
    ['bytes 400000-99999999999999999999/100000000000000000000', 5, 400],
    ['', 5, 400],
  ];
  for (const [range, length, status] of ranges) {
    it(`is not gone on with by ${JSON.stringify(range)} and ${length} bytes`, async () => {
      const { storeDir, part, target } = await start({ maxPackBytes: 7_000_000 });
      await brokenOff(target, part, bytes.subarray(0, 400_000));
      const headers = {
        ...{ authorization: authorization(), 'content-type': 'application/octet-stream' },
        ...{ 'content-range': range, 'content-length': String(length) },
      };
      expect((await ask('PUT', target, headers, Buffer.alloc(length))).status).to.equal(status);
      expect(await stat(join(storeDir, objectPath(key))).catch(() => undefined)).to.equal(undefined);
    });
  }
});
