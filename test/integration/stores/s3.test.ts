import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ObjectKey } from '../../../shared/distribution/object-key.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { openManagedStore, openStore } from '../../../shared/distribution/open-store.js';
import { s3Client } from '../../../shared/distribution/s3-client.js';
import { parseS3Url } from '../../../shared/distribution/s3-location.js';
import { bufferSource, type ManagedStore, type UploadNote } from '../../../shared/distribution/store.js';
import type { CapstanError } from '../../../shared/model/errors.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { type S3Stub, type S3StubOptions, s3Env, startS3Stub } from '../../support/s3-stub.js';
import { tempDir } from '../../support/temp-dir.js';

const mebibyte = 1024 * 1024;

const packOf = (bytes: Buffer): ObjectKey => ({ kind: 'packs', hex: sha256(bytes) });

async function start(
  options: S3StubOptions = {},
  env: Readonly<Record<string, string>> = s3Env,
): Promise<{ readonly stub: S3Stub; readonly store: ManagedStore }> {
  const stub = await startS3Stub(options);
  return { stub, store: openManagedStore(stub.url, { env }) };
}

async function failure(work: Promise<unknown>): Promise<CapstanError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as CapstanError,
  );
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Returns the URL of a server that answers like this. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a store in S3', () => {
  it('keeps an object, tells that it is there, gives it back in whole and in part', async () => {
    const { stub, store } = await start();
    const bytes = randomBytes(300_000);
    const key = packOf(bytes);
    expect(await store.has(key)).to.equal(false);
    await store.put(key, bufferSource(bytes));
    expect([...stub.objects.keys()]).to.deep.equal([`fleet/${objectPath(key)}`]);
    expect(await store.has(key)).to.equal(true);
    expect((await store.get(key, bytes.length)).equals(bytes)).to.equal(true);
    const range = { offset: 1000, length: 5000, objectSize: bytes.length };
    const part = Buffer.concat(await collect(store.getRange(key, range)));
    expect(part.equals(bytes.subarray(1000, 6000))).to.equal(true);
  });

  it('sends more than 16 MiB in parts, and again the one that failed', async () => {
    let failed = 0;
    const { stub, store } = await start({
      refuse: ({ query }) => (query.get('partNumber') === '2' && failed++ < 2 ? slowDown : undefined),
    });
    const bytes = randomBytes(21 * mebibyte);
    await store.put(packOf(bytes), bufferSource(bytes));
    expect(stub.objects.get(`fleet/${objectPath(packOf(bytes))}`)?.bytes.equals(bytes)).to.equal(true);
    expect(stub.uploads.size).to.equal(0);
    const parts = stub.requests.filter(({ query }) => query.has('partNumber'));
    expect(parts.map(({ query }) => query.get('partNumber')).sort()).to.deep.equal(['1', '2', '2', '2', '3']);
    expect(Math.max(...stub.requests.map(({ body }) => body.length))).to.equal(8 * mebibyte);
  });

  /** As a publisher keeps it in its work folder. */
  function noteOf(): { note: UploadNote; text: () => string | undefined } {
    let kept: string | undefined;
    const write = (text: string): Promise<void> => {
      kept = text;
      return Promise.resolve();
    };
    return { note: { read: () => Promise.resolve(kept), write }, text: () => kept };
  }

  it('sends only those parts again that had not arrived when it was cut off', async () => {
    const gone = new AbortController();
    const { stub, store } = await start({
      pageSize: 1,
      refuse: ({ query }) => {
        if (query.get('partNumber') !== '5' || gone.signal.aborted) return undefined;
        gone.abort(); // at most four are under way at once
        return slowDown;
      },
    });
    const bytes = randomBytes(40 * mebibyte);
    const { note } = noteOf();
    const error = await failure(store.put(packOf(bytes), bufferSource(bytes), { note, signal: gone.signal }));
    expect(error.code).to.equal('cancelled');
    expect(stub.uploads.size).to.equal(1);
    stub.requests.length = 0;
    const told: number[] = [];
    await store.put(packOf(bytes), bufferSource(bytes), { note, onResume: (count) => told.push(count) });
    expect(stub.objects.get(`fleet/${objectPath(packOf(bytes))}`)?.bytes.equals(bytes)).to.equal(true);
    expect(stub.uploads.size).to.equal(0);
    const again = stub.requests.flatMap(({ query }) => query.get('partNumber') ?? []).map(Number);
    const resumed = (told.at(-1) ?? 0) / (8 * mebibyte);
    expect(resumed).to.be.within(1, 4);
    expect(again).to.have.length(5 - resumed);
  });

  it('begins anew if the upload of its note is gone, is of something else, or makes no sense', async () => {
    const { stub, store } = await start();
    const bytes = randomBytes(17 * mebibyte);
    const target = `${stub.endpoint}/releases/fleet/${objectPath(packOf(bytes))}`;
    for (const text of [`${target} gone`, `${target}x id`, `${target} a&b=c`, '', '\n', `${target} `]) {
      const { note } = noteOf();
      await note.write(text);
      await store.put(packOf(bytes), bufferSource(bytes), { note });
      expect(stub.objects.delete(`fleet/${objectPath(packOf(bytes))}`)).to.equal(true);
      expect(stub.uploads.size).to.equal(0);
    }
  });

  it('leaves nothing behind when the parts are not what they were announced to be', async () => {
    const { stub, store } = await start();
    const bytes = randomBytes(17 * mebibyte);
    const error = await failure(store.put(packOf(Buffer.from('other')), bufferSource(bytes)));
    expect(error.code).to.equal('corrupt');
    expect([stub.objects.size, stub.uploads.size]).to.deep.equal([0, 0]);
  });

  it('leaves nothing behind when a part is refused for good', async () => {
    const { stub, store } = await start({
      refuse: ({ query }) =>
        query.get('partNumber') === '2' ? { status: 400, code: 'InvalidDigest' } : undefined,
    });
    const bytes = randomBytes(40 * mebibyte);
    const error = await failure(store.put(packOf(bytes), bufferSource(bytes)));
    expect(error).to.include({ code: 'failed' });
    expect(error.message).to.contain('InvalidDigest');
    expect([stub.objects.size, stub.uploads.size]).to.deep.equal([0, 0]);
  });

  it('does not put small objects that are not what they are named by', async () => {
    const { stub, store } = await start();
    const error = await failure(store.put(packOf(Buffer.from('a')), bufferSource(Buffer.from('b'))));
    expect(error.code).to.equal('corrupt');
    expect(stub.requests.filter(({ method }) => method === 'PUT')).to.have.length(0);
  });

  it('overwrites nothing, and takes it well that another publisher was faster', async () => {
    const { stub, store } = await start({
      refuse: ({ method }) => (method === 'HEAD' ? { status: 404, code: 'NoSuchKey' } : undefined),
    });
    for (const size of [10, 17 * mebibyte]) {
      const bytes = randomBytes(size);
      const changedAt = 42;
      stub.objects.set(`fleet/${objectPath(packOf(bytes))}`, { bytes, changedAt });
      await store.put(packOf(bytes), bufferSource(bytes));
      expect(stub.objects.get(`fleet/${objectPath(packOf(bytes))}`)?.changedAt).to.equal(changedAt);
    }
    expect(stub.uploads.size).to.equal(0);
  });

  it('writes where conditions are not known', async () => {
    const { stub, store } = await start({ unconditional: true });
    for (const size of [10, 17 * mebibyte]) {
      const bytes = randomBytes(size);
      await store.put(packOf(bytes), bufferSource(bytes));
    }
    expect(stub.objects.size).to.equal(2);
  });

  it('lists over several pages, removes, and removes again', async () => {
    const { stub, store } = await start({ pageSize: 3 });
    const packs = Array.from({ length: 8 }, (_, index) => Buffer.from(`pack ${index}`));
    for (const bytes of packs) await store.put(packOf(bytes), bufferSource(bytes));
    stub.objects.set('fleet/packs/notes.txt', { bytes: Buffer.alloc(1), changedAt: 0 });
    stub.objects.set('other/packs/x', { bytes: Buffer.alloc(1), changedAt: 0 });
    const listed = await collect(store.list('packs'));
    expect(listed.map(({ key }) => objectPath(key)).sort()).to.deep.equal(
      packs.map((bytes) => objectPath(packOf(bytes))).sort(),
    );
    expect(
      listed.every(({ size, changedAt }) => size === 6 && Math.abs(changedAt - Date.now()) < 60_000),
    ).to.equal(true);
    expect(await collect(store.list('deltas'))).to.deep.equal([]);
    await store.remove(packOf(Buffer.from('pack 1')));
    await store.remove(packOf(Buffer.from('pack 1')));
    expect(await collect(store.list('packs'))).to.have.length(7);
  });

  it('sweeps uploads that were begun before a time, and only its own', async () => {
    const { stub, store } = await start();
    const key = `fleet/${objectPath(packOf(Buffer.from('x')))}`;
    const parts = new Map<number, Buffer>();
    stub.uploads.set('old', { key, parts, startedAt: 1000 });
    stub.uploads.set('young', { key, parts, startedAt: 3000 });
    stub.uploads.set('foreign', { key: 'fleet/backup.tar', parts, startedAt: 1000 });
    expect(await store.sweep(2000)).to.equal(1);
    expect([...stub.uploads.keys()]).to.deep.equal(['young', 'foreign']);
  });

  it('reads a public bucket without credentials', async () => {
    const { stub, store } = await start({ isPublic: true }, { HOME: await tempDir() });
    const bytes = Buffer.from('hello');
    stub.objects.set(`fleet/${objectPath(packOf(bytes))}`, { bytes, changedAt: 0 });
    expect((await store.get(packOf(bytes), 10)).toString()).to.equal('hello');
    const error = await failure(store.put(packOf(Buffer.from('x')), bufferSource(Buffer.from('x'))));
    expect(error).to.include({ code: 'refused' });
    expect(error.hint).to.contain('AWS_ACCESS_KEY_ID');
  });

  it('takes credentials from a profile of a file', async () => {
    const file = join(await tempDir(), 'credentials');
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = s3Env;
    await writeFile(
      file,
      `[default]\naws_access_key_id = nobody\naws_secret_access_key=x\n\n[ fleet ]\n# ours\naws_access_key_id=${id}\naws_secret_access_key = ${secret}\n`,
    );
    const env = { AWS_SHARED_CREDENTIALS_FILE: file };
    expect(await (await start({}, { ...env, AWS_PROFILE: 'fleet' })).store.has(somePack)).to.equal(false);
    const wrong = await failure((await start({}, env)).store.has(somePack));
    expect(wrong.message).to.contain('InvalidAccessKeyId');
    const missing = await failure((await start({}, { ...env, AWS_PROFILE: 'none' })).store.has(somePack));
    expect(missing.message).to.equal(`${file} has no keys in its profile "none"`);
  });
});

const slowDown = { status: 503, code: 'SlowDown' };
const somePack = packOf(Buffer.from('some'));

describe('a store in S3 that refuses', () => {
  const wrongSecret = { ...s3Env, AWS_SECRET_ACCESS_KEY: 'wrong' };

  it('is told in a sentence: a wrong secret', async () => {
    const { store } = await start({}, wrongSecret);
    const works = [
      () => store.has(somePack),
      () => store.get(somePack, 10),
      () => store.put(somePack, bufferSource(Buffer.from('some'))),
      () => collect(store.list('packs')),
      () => store.remove(somePack),
    ];
    for (const work of works) {
      const error = await failure(work());
      expect(error).to.include({ code: 'refused', hint: 'the secret does not belong to the access key' });
      expect(error.message).to.contain('SignatureDoesNotMatch');
      expect(`${error.message}${error.stack ?? ''}`).to.not.contain('wrong');
    }
  });

  for (const [words, clockMs] of [
    ['20 minutes behind', 20 * 60_000],
    ['90 minutes ahead', -90 * 60_000],
  ] as const) {
    it(`is told in a sentence: a clock that is ${words}`, async () => {
      const { store } = await start({ clockMs });
      const error = await failure(store.has(somePack));
      expect(error.code).to.equal('refused');
      expect(error.message).to.contain(`this machine's clock is ${words}`);
    });
  }

  it('is told in a sentence: a clock that is off by nobody knows how much', async () => {
    const { store } = await start({ refuse: () => ({ status: 403, code: 'RequestTimeTooSkewed' }) });
    expect((await failure(store.has(somePack))).message).to.match(/this machine's clock is too far off$/);
  });

  it('is told in a sentence: another region', async () => {
    const stub = await startS3Stub();
    const store = openStore(stub.url.replace('eu-test-1', 'us-east-1'), { env: s3Env });
    const error = await failure(store.get(somePack, 10));
    expect(error.hint).to.equal(
      'the bucket is in another region: add region=eu-test-1 to the URL of the store',
    );
  });

  it('is told in a sentence: a bucket that is not there', async () => {
    const stub = await startS3Stub();
    const store = openStore(stub.url.replace('s3://releases', 's3://missing'), { env: s3Env });
    const error = await failure(store.put(somePack, bufferSource(Buffer.from('some'))));
    expect(error).to.include({
      code: 'refused',
      message: `there is no bucket "missing" at ${stub.endpoint}`,
    });
  });

  it('is tried again when it is only busy', async () => {
    let busy = 3;
    const { store } = await start({
      refuse: ({ method }) => (method === 'PUT' && busy-- > 0 ? slowDown : undefined),
    });
    await store.put(somePack, bufferSource(Buffer.from('some')));
    expect(await store.has(somePack)).to.equal(true);
    const busyForLong = await start({ refuse: () => slowDown });
    expect(await failure(busyForLong.store.get(somePack, 10))).to.include({ code: 'unreachable' });
  });

  it('is told apart from one that does not have it', async () => {
    const { store } = await start();
    expect(await failure(store.get(somePack, 10))).to.include({ code: 'notFound' });
  });

  it('is told in a sentence: a server that is no S3', async () => {
    const agents: (string | undefined)[] = [];
    const server = await serve(({ method, headers }, response) => {
      agents.push(headers['user-agent']);
      response.writeHead(method === 'PUT' ? 405 : 404).end();
    });
    const store = openManagedStore(`s3://releases?endpoint=${server}`, { env: s3Env });
    const error = await failure(store.put(somePack, bufferSource(Buffer.from('some'))));
    expect(error.message).to.match(/was answered with status 405$/);
    expect(error.hint).to.equal(`is there an S3 service at ${server}? It does not answer as one`);
    expect(new Set(agents), 'who asked').to.have.all.keys('capstan');
  });

  it('is told in a sentence: credentials that are only half there', async () => {
    for (const env of [
      { AWS_ACCESS_KEY_ID: 'a' },
      { AWS_PROFILE: 'fleet', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials' },
      { AWS_PROFILE: 'fleet', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    ]) {
      const error = await failure((await start({}, env)).store.has(somePack));
      expect(error.code).to.equal('refused');
      expect(error.hint).to.match(/set both|AWS_PROFILE/);
    }
  });

  for (const [what, body] of [
    ['HTML', '<!doctype html><html><body>Welcome</body></html>'],
    ['another document', '<?xml version="1.0"?><Welcome/>'],
    [
      'pages without an end',
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken><Contents><Key>x</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>',
    ],
  ] as const) {
    it(`is told in a sentence: a listing that is ${what}`, async () => {
      const server = await serve((_, response) => void response.end(body));
      const store = openManagedStore(`s3://releases?endpoint=${server}`, { env: s3Env });
      const error = await failure(collect(store.list('packs')));
      expect(error.code).to.equal('failed');
    });
  }

  it('gives up on a service that begins to answer and then says nothing', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('<x');
    });
    const location = parseS3Url(`s3://bucket/fleet?endpoint=${server}`);
    const patience = { silenceMs: 100, windowMs: 1000, leastBytes: 1 };
    const client = s3Client(location, s3Env, 1, patience);
    const error = await failure(client.call({ method: 'GET', url: `${server}/bucket` }));
    expect(error).to.include({ code: 'unreachable' });
    expect(error.message).to.contain('said nothing');
  });

  it('tells nobody but the service who it is, wherever that redirects to', async () => {
    const heard: IncomingHttpHeaders[] = [];
    const stranger = await serve(({ headers }, response) => {
      heard.push(headers);
      response.writeHead(404).end();
    });
    const server = await serve((_, response) => {
      response.writeHead(302, { location: `${stranger}/elsewhere` }).end();
    });
    const env = { ...s3Env, AWS_SESSION_TOKEN: 'only-for-the-service' };
    const store = openStore(`s3://bucket/fleet?endpoint=${server}`, { env });
    await failure(store.get(packOf(Buffer.from('x')), 10));
    expect(heard).to.have.length(1);
    expect(JSON.stringify(heard)).to.not.match(/only-for-the-service|amz|authorization/);
  });
});
