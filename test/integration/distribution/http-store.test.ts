import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { stageRelease } from '../../../agent/stager/stage.js';
import { type HttpServer, startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { httpStore } from '../../../shared/distribution/http-store.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import { bufferSource } from '../../../shared/distribution/store.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tickets = createUploadTickets({ secret: Buffer.alloc(32, 1), now: Date.now });
const quiet = { progress: () => undefined, note: () => undefined };
const never = new AbortController().signal;
const real = (name: string): string => join(packageRoot(), 'node_modules', name);

interface Running {
  readonly server: HttpServer;
  readonly storeDir: string;
  readonly base: string;
  readonly dir: string;
}

async function start(options: Partial<Parameters<typeof startHttpServer>[0]> = {}): Promise<Running> {
  const dir = await tempDir();
  const storeDir = join(dir, 'store');
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    storeDir,
    tickets,
    logger: silent,
    ...options,
  });
  cleanUp(() => server.close({ drainMs: 0 }));
  return { server, storeDir, base: `http://127.0.0.1:${server.port}/store/v1`, dir };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer; path?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...rest }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
      });
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const authorization = (): string => `Bearer ${tickets.issue()}`;
const messageOf = ({ body }: Answer): string => (JSON.parse(body.toString()) as { message: string }).message;

describe('built-in store over HTTP', function () {
  this.timeout(60_000);

  it('takes real packages and gives them back, file for file', async () => {
    const { base, storeDir, dir } = await start();
    const store = httpStore(base, { ticket: tickets.issue() });
    for (const name of ['zod', 'typescript']) {
      const ref = await publish(real(name), store);
      await checkReleaseStored(httpStore(base), ref);
      const job = stageJob(join(dir, name), ref, [base]);
      const result = await stageRelease(job, quiet, never);
      expect(result.fetchedBytes).to.equal(ref.packSize);
      expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(real(name)));
    }
    expect(await readdir(join(storeDir, 'tmp'))).to.deep.equal([]);
  });

  it('is sent nothing twice', async () => {
    const { base } = await start();
    const request = {
      source: real('zod'),
      store: httpStore(base, { ticket: tickets.issue() }),
      app: 'web' as AppName,
      version: '1.0.0' as ReleaseVersion,
      checkSpec: () => undefined,
    };
    const first = await publishRelease(request);
    const second = await publishRelease(request);
    expect(first.existed).to.equal(false);
    expect(first.uploadedBytes).to.be.greaterThan(100_000);
    expect(second).to.include({ existed: true, uploadedBytes: 0 });
    expect(second.ref).to.deep.equal(first.ref);
  });

  it('answers ranges, conditions and HEAD, and lets caches keep objects for good', async () => {
    const { base } = await start();
    const store = httpStore(base, { ticket: tickets.issue() });
    const bytes = Buffer.from('0123456789'.repeat(1000));
    const key = { kind: 'packs', hex: sha256(bytes) } as const;
    await store.put(key, bufferSource(bytes));
    const url = `${base}/${objectPath(key)}`;

    const whole = await ask(url);
    expect(whole.status).to.equal(200);
    expect(whole.body.equals(bytes)).to.equal(true);
    expect(whole.headers).to.include({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${key.hex}"`,
    });
    const part = await ask(url, { headers: { range: 'bytes=5-14' } });
    expect(part.status).to.equal(206);
    expect(part.body.toString()).to.equal('5678901234');
    expect(part.headers['content-range']).to.equal('bytes 5-14/10000');
    const guarded = await ask(url, { headers: { range: 'bytes=0-0', 'if-range': `"${key.hex}"` } });
    expect(guarded.status).to.equal(206);
    expect((await ask(url, { headers: { range: 'bytes=10000-' } })).status).to.equal(416);
    const known = await ask(url, { headers: { 'if-none-match': `W/"other", "${key.hex}"` } });
    expect(known).to.deep.include({ status: 304, body: Buffer.alloc(0) });
    const head = await ask(url, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(head.headers['content-length']).to.equal('10000');
    expect(head.body).to.have.length(0);
  });

  it('says that it lives', async () => {
    const { server } = await start();
    const answer = await ask(`http://127.0.0.1:${server.port}/healthz`);
    expect(answer.status).to.equal(200);
    expect(answer.body.toString().trim()).to.equal('ok');
  });

  const hex = createHash('sha256').update('x').digest('hex');
  const refusals: readonly {
    readonly what: string;
    readonly path: string;
    readonly headers?: () => Record<string, string>;
    readonly status: number;
    readonly says: string;
  }[] = [
    {
      what: 'an upload without a ticket',
      path: `packs/2d/${hex}`,
      headers: () => ({}),
      status: 401,
      says: 'ticket',
    },
    {
      what: 'an upload with a forged ticket',
      path: `packs/2d/${hex}`,
      headers: () => ({ authorization: `Bearer 99999999999999.${hex}` }),
      status: 401,
      says: 'ticket',
    },
    { what: 'a path that is no object', path: 'packs/xx', status: 404, says: 'not in the store' },
    { what: 'a path that climbs', path: `packs/../../${hex}`, status: 404, says: 'not in the store' },
    {
      what: 'an encoded path that climbs',
      path: `packs/%2e%2e%2f${hex}`,
      status: 404,
      says: 'not in the store',
    },
    {
      what: 'a pack with another digest',
      path: `packs/00/${'0'.repeat(64)}`,
      status: 400,
      says: 'another digest',
    },
    { what: 'a manifest that is not gzip', path: `manifests/${hex}`, status: 400, says: 'not sound gzip' },
    {
      what: 'a pack that is too large',
      path: `packs/${hex.slice(0, 2)}/${hex}`,
      headers: () => ({ authorization: authorization(), 'content-length': '5000000' }),
      status: 413,
      says: '5000000 bytes',
    },
    {
      what: 'an upload of unknown length',
      path: `packs/${hex.slice(0, 2)}/${hex}`,
      headers: () => ({ authorization: authorization(), 'transfer-encoding': 'chunked' }),
      status: 411,
      says: 'how long',
    },
  ];
  for (const { what, path, headers, status, says } of refusals) {
    it(`refuses ${what} with a sentence, and keeps nothing of it`, async () => {
      const { base, storeDir } = await start({ maxPackBytes: 1_000_000 });
      const answer = await ask(base, {
        method: 'PUT',
        path: `/store/v1/${path}`,
        headers: {
          'content-type': 'application/octet-stream',
          ...(headers?.() ?? { authorization: authorization() }),
        },
        body: Buffer.from('y'),
      });
      expect(answer.status).to.equal(status);
      expect(messageOf(answer)).to.include(says);
      const files = await readdir(storeDir, { recursive: true, withFileTypes: true });
      expect(files.filter((entry) => entry.isFile())).to.deep.equal([]);
    });
  }

  it('turns its refusals into errors of the client', async () => {
    const { base } = await start();
    const bytes = Buffer.from('abc');
    const key = { kind: 'packs', hex: sha256(bytes) } as const;
    const failure = await httpStore(base)
      .put(key, bufferSource(bytes))
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(CapstanError).and.include({ code: 'refused' });
    expect((failure as CapstanError).message).to.include('begin to publish again');
    const missing = await httpStore(base)
      .get(key, 10)
      .catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(CapstanError).and.include({ code: 'notFound' });
  });

  it('says so when its disk is full, keeps nothing half, and goes on serving', async () => {
    const dir = await tempDir();
    const script = fileURLToPath(new URL('../../support/store-server.ts', import.meta.url));
    // A limit on the size of a file is what a full disk looks like to a process without root's help.
    const child = spawn(
      'sh',
      ['-c', 'ulimit -f 600; exec "$@"', 'sh', process.execPath, '--import', 'tsx', script, dir],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        cwd: packageRoot(),
      },
    );
    cleanUp(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { port, ticket } = JSON.parse(line.toString()) as { port: number; ticket: string };
    const base = `http://127.0.0.1:${port}/store/v1`;
    const store = httpStore(base, { ticket });
    const request = {
      ...{ source: real('typescript'), store, workDir: await tempDir(), checkSpec: () => undefined },
      ...{ app: 'web' as AppName, version: '1.0.0' as ReleaseVersion },
    };
    const failure = await publishRelease(request).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(CapstanError).and.include({ code: 'failed' });
    expect((failure as CapstanError).message)
      .to.include('no space left')
      .and.to.include('full');
    expect(await readdir(join(dir, 'tmp'))).to.deep.equal([]);
    const raw = Buffer.alloc(2_000_000, 'incompressible?');
    const answer = await ask(`${base}/${objectPath({ kind: 'packs', hex: sha256(raw) })}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${ticket}`,
        'content-type': 'application/octet-stream',
        'content-length': String(raw.length),
      },
      body: raw,
    });
    expect(answer.status).to.equal(507);
    expect(messageOf(answer)).to.equal("the disk of the coordinator's store is full");
    await checkReleaseStored(store, await publish(real('zod/v4/core'), store));
  });

  it('cuts off who is too slow with a request', async () => {
    const { server } = await start({ limits: { headersMs: 150 } });
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    const started = performance.now();
    socket.resume();
    await once(socket, 'close');
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  it('lets requests under way end when it closes, and takes no more', async () => {
    const { base, server } = await start();
    const bytes = Buffer.alloc(30_000_000, 'pack');
    const key = { kind: 'packs', hex: sha256(bytes) } as const;
    await httpStore(base, { ticket: tickets.issue() }).put(key, bufferSource(bytes));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${base}/${objectPath(key)}`, { agent: false }, resolve).on('error', reject);
    });
    const closed = server.close();
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) size += chunk.length;
    await closed;
    expect(size).to.equal(bytes.length);
    const late = await httpStore(base)
      .has(key)
      .catch((error: unknown) => error);
    expect(late).to.be.instanceOf(CapstanError).and.include({ code: 'unreachable' });
  });

  it('says which port is taken', async () => {
    const { server } = await start();
    const failure = await start({ port: server.port }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(CapstanError).and.include({ code: 'failed' });
    expect((failure as CapstanError).message).to.include(
      `Cannot listen on 127.0.0.1:${server.port}: another program listens there`,
    );
  });
});

describe('any static server', () => {
  it('will do, even one that knows no ranges and breaks off at times', async () => {
    const { storeDir, dir } = await start();
    await mkdir(storeDir, { recursive: true });
    const { directoryStore } = await import('../../../shared/distribution/directory-store.js');
    const ref = await publish(real('zod'), directoryStore(storeDir));
    let requests = 0;
    const server = createServer((incoming, outgoing) => {
      requests += 1;
      const flaky = requests % 2 === 1;
      readFile(join(storeDir, incoming.url ?? '')).then(
        (bytes) => {
          outgoing.writeHead(200, { 'content-length': bytes.length });
          if (flaky) outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.destroy());
          else outgoing.end(bytes);
        },
        () => outgoing.writeHead(404).end('<html>not here</html>'),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUp(() => void server.close());
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const notes: string[] = [];
    const job = stageJob(dir, ref, [base]);
    const result = await stageRelease(job, { ...quiet, note: (text) => notes.push(text) }, never);
    expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(real('zod')));
    expect(result.corruptSources).to.deep.equal([]);
    expect(notes.filter((note) => note.includes('trying again in'))).to.not.deep.equal([]);
    expect(notes.at(-1)).to.equal('');
    await writeFile(join(dir, 'done'), '');
  });
});
