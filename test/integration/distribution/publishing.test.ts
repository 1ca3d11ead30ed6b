import { createHash } from 'node:crypto';
import { cp, mkdir, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { exportRelease } from '../../../shared/distribution/export.js';
import { parseObjectPath } from '../../../shared/distribution/object-key.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import type { Store } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { type CountingProxy, countingProxy } from '../../support/counting-proxy.js';
import { createPublishers } from '../../support/publisher-process.js';
import { publish } from '../../support/releases.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';

/** Bytes that do not compress, always the same for the same seed. */
function noise(seed: string, size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 64) }, (_, n) =>
    createHash('sha512').update(`${seed} ${n}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

/** Two versions of an application: a large file with some bytes put in, many small ones of which a few change. */
async function makeVersions(dir: string): Promise<{ readonly v1: string; readonly v2: string }> {
  const v1 = join(dir, 'v1');
  const v2 = join(dir, 'v2');
  await mkdir(join(v1, 'lib'), { recursive: true });
  const large = noise('large', 3_000_000);
  await writeFile(join(v1, 'large'), large);
  for (let n = 0; n < 200; n++) await writeFile(join(v1, 'lib', `f${n}`), noise(`small ${n}`, 2000 + n));
  await cp(v1, v2, { recursive: true });
  const inserted = [large.subarray(0, 1_000_000), noise('new', 300_000), large.subarray(1_000_000)];
  await writeFile(join(v2, 'large'), Buffer.concat(inserted));
  for (let n = 0; n < 200; n += 20) await writeFile(join(v2, 'lib', `f${n}`), noise(`changed ${n}`, 1500));
  return { v1, v2 };
}

async function exportedDigest(store: Store, ref: ReleaseRef): Promise<string> {
  const hash = createHash('sha256');
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  await exportRelease(store, ref, output);
  return hash.digest('hex');
}

/** Every object that has its name has its bytes, whatever happened to publishers. */
async function checkObjects(root: string): Promise<void> {
  for (const path of await readdir(root, { recursive: true })) {
    const key = parseObjectPath(path);
    if (key === undefined || !('hex' in key)) continue;
    const bytes = await readFile(join(root, path));
    expect(sha256(key.kind === 'packs' ? bytes : gunzipSync(bytes)), path).to.equal(key.hex);
  }
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tickets = createUploadTickets({ secret: Buffer.alloc(32, 1), now: Date.now });
type Line = Pick<CountingProxy, 'after'>;

/** `CAPSTAN_TEST_KILLS=500` for as many as a release is held against. */
const kills = Number(process.env['CAPSTAN_TEST_KILLS'] ?? 8);

describe('publishing', function () {
  this.timeout(60_000 + kills * 5000);

  it('sends what the base lacks, and says how much it reuses', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const store = directoryStore(join(dir, 'store'));
    const first = await publish(v1, store);
    const second = await publishRelease({
      ...{ source: v2, store, bases: [first], checkSpec: () => undefined },
      ...{ app: 'web' as AppName, version: '2.0.0' as ReleaseVersion },
    });
    expect(second.uploadedBytes).to.be.below(700_000);
    expect(second.reusedBytes).to.equal(first.packSize);
    expect(second.ref.deltas.map(({ from }) => from)).to.deep.equal([first.digest]);
    expect(second.ref.deltas[0]?.size).to.be.below(6000);
    const alone = await publish(v2, directoryStore(join(dir, 'alone')), '2.0.0');
    expect(second.ref.digest).to.equal(alone.digest);
    await checkReleaseStored(store, second.ref, { known: () => first });
  });

  it('builds on nothing where the base cannot be read, and says so', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const store = directoryStore(join(dir, 'store'));
    const first = await publish(v1, store);
    for (const kind of ['packs', 'layouts', 'manifests']) {
      const broken = join(dir, `without-${kind}`);
      await cp(join(dir, 'store'), broken, { recursive: true });
      await removeTree(join(broken, kind));
      const { ref, warnings, reusedBytes } = await publishRelease({
        ...{ source: v2, store: directoryStore(broken), bases: [first], checkSpec: () => undefined },
        ...{ app: 'web' as AppName, version: '2.0.0' as ReleaseVersion },
      });
      expect(warnings, kind).to.have.length(1);
      expect(warnings[0]).to.match(/^release 1\.0\.0 cannot be built on: .*is not in the store/);
      expect([reusedBytes, ref.deltas]).to.deep.equal([0, []]);
      await checkReleaseStored(directoryStore(broken), ref);
    }
  });

  it('uses a delta of somebody else if it leads to the same, and none if it does not', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const store = directoryStore(join(dir, 'store'));
    const first = await publish(v1, store);
    const second = await publish(v2, store, '2.0.0', [first]);
    const [name = ''] = await readdir(join(dir, 'store/deltas'));
    const path = join(dir, 'store/deltas', name);
    const good = await readFile(path);
    const sameInOtherBytes = Buffer.from(good);
    sameInOtherBytes[9] = 255; // the system it was made on, in gzip's header
    await writeFile(path, sameInOtherBytes);
    const again = await publish(v2, store, '2.0.0', [first]);
    expect(again.deltas[0]?.digest).to.equal(`sha256:${sha256(sameInOtherBytes)}`);
    await checkReleaseStored(store, again, { known: () => first });
    await writeFile(path, good.subarray(0, 100));
    expect((await publish(v2, store, '2.0.0', [first])).deltas).to.deep.equal([]);
    await writeFile(path, '');
    expect((await publish(v2, store, '2.0.0', [first])).deltas).to.deep.equal([]);
    expect(second.deltas[0]?.digest).to.equal(`sha256:${sha256(good)}`);
  });

  it('takes deltas into the register only if they are what is said of them', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const store = directoryStore(join(dir, 'store'));
    const first = await publish(v1, store);
    const second = await publish(v2, store, '2.0.0', [first]);
    const [delta] = second.deltas;
    if (delta === undefined) throw new Error('no delta');
    const known = () => first;
    const bad: readonly (readonly [ReleaseRef, string])[] = [
      [{ ...second, deltas: [delta, delta] }, 'two from the same'],
      [{ ...second, deltas: [{ ...delta, size: delta.size - 1 }] }, 'larger than it should be'],
      [{ ...second, deltas: [{ ...delta, size: delta.size + 1 }] }, 'another delta'],
      [{ ...second, deltas: [{ ...delta, digest: first.digest }] }, 'another delta'],
      [{ ...second, deltas: [{ ...delta, rawSize: delta.rawSize + 1 }] }, 'instead of'],
      [{ ...second, deltas: [{ ...delta, patch: { digest: first.digest, size: 5 } }] }, 'patch'],
    ];
    for (const [ref, problem] of bad) {
      const failure = await checkReleaseStored(store, ref, { known }).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(CapstanError).with.property('message').that.includes(problem);
    }
    const unknown = await checkReleaseStored(store, second).catch((error: unknown) => error);
    expect(unknown).to.have.property('message').that.includes('no release of this application');
  });

  it('goes on after being killed at any moment, sends little twice, and nobody ever sees half an object', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const origin = directoryStore(join(dir, 'origin'));
    const first = await publish(v1, origin);
    const wanted = await exportedDigest(
      directoryStore(join(dir, 'alone')),
      await publish(v2, directoryStore(join(dir, 'alone')), '2.0.0'),
    );
    const publishers = await createPublishers(dir);
    /** Publishes twice into a store that has the first release; `whenAt` may end the first try. */
    const publishTwice = async (n: number, whenAt: (phase: string, kill: () => void, line: Line) => void) => {
      await copyStore(dir, n);
      const storeDir = join(dir, `store-${n}`);
      const place = { host: '127.0.0.1', port: 0, storeDir, tickets, logger: silent };
      const server = await startHttpServer(place);
      cleanUp(() => server.close({ drainMs: 0 }));
      const proxy = await countingProxy(server.port);
      const job = {
        ...{ source: v2, version: '2.0.0', bases: [first], workDir: join(dir, `work-${n}`) },
        ...{ store: `http://127.0.0.1:${proxy.port}/store/v1`, ticket: tickets.issue() },
      };
      const cut = await publishers.run(job, (phase, child) => {
        whenAt(phase, () => child.kill('SIGKILL'), proxy);
      });
      await proxy.settled(); // as long as the first is under way, a second does not go on with its upload
      await checkObjects(storeDir);
      const { ref, stderr } = cut.ref === undefined ? await publishers.run(job) : cut;
      if (ref === undefined) throw new Error(stderr);
      const store = directoryStore(storeDir);
      expect(await exportedDigest(store, ref)).to.equal(wanted);
      await checkReleaseStored(store, ref, { known: () => first });
      expect(await readdir(job.workDir)).to.deep.equal([]);
      await server.close({ drainMs: 0 });
      await removeTree(storeDir);
      return { wasKilled: cut.ref === undefined, sentBytes: proxy.sent() };
    };
    const started = performance.now();
    const whole = await publishTwice(0, () => undefined);
    const wholeMs = performance.now() - started;
    let killed = 0;
    const sentTwice: number[] = [];
    for (let n = 1; n <= kills; n++) {
      const { wasKilled, sentBytes } = await publishTwice(n, (phase, kill, line) => {
        // At any time, or, since most of it is spent before anything is sent, at any byte.
        if (phase === 'read' && n % 2 === 1) void sleep(Math.random() * wholeMs * 0.6).then(kill);
        if (phase === 'pack' && n % 2 === 0) line.after(Math.random() * whole.sentBytes, kill);
      });
      if (wasKilled) killed += 1;
      sentTwice.push(sentBytes - whole.sentBytes);
    }
    expect(killed).to.be.above(0);
    // One frame: publishers send over one connection.
    expect(Math.max(...sentTwice)).to.be.below(256 * 1024);
  });

  it('does not pack again what was packed before it was killed', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const first = await publish(v1, directoryStore(join(dir, 'origin')));
    const publishers = await createPublishers(dir);
    await copyStore(dir, 1);
    const job = {
      ...{ source: v2, store: `file:${join(dir, 'store-1')}`, version: '2.0.0', bases: [first] },
      workDir: join(dir, 'work-1'),
    };
    const cut = await publishers.run(job, (phase, child) => {
      if (phase === 'upload') child.kill('SIGKILL');
    });
    expect(cut.phases).to.deep.equal(['read', 'pack', 'upload']);
    const again = await publishers.run(job);
    expect(again.phases).to.deep.equal(['read', 'upload']);
    expect(again.ref?.packSize).to.be.above(first.packSize);
    await writeFile(join(v2, 'lib', 'more'), 'more');
    expect((await publishers.run(job)).phases).to.deep.equal(['read', 'pack', 'upload']);
  });

  it('does no harm when two do it at once', async () => {
    const dir = await tempDir();
    const { v1, v2 } = await makeVersions(dir);
    const first = await publish(v1, directoryStore(join(dir, 'origin')));
    const publishers = await createPublishers(dir);
    await copyStore(dir, 1);
    const job = {
      ...{ source: v2, store: `file:${join(dir, 'store-1')}`, version: '2.0.0', bases: [first] },
      workDir: join(dir, 'work-1'),
    };
    const [one, other] = await Promise.all([publishers.run(job), publishers.run(job)]);
    expect(one.stderr + other.stderr).to.equal('');
    expect(one.ref).to.deep.equal(other.ref);
    if (one.ref === undefined) throw new Error('no release');
    await checkObjects(join(dir, 'store-1'));
    await checkReleaseStored(directoryStore(join(dir, 'store-1')), one.ref, { known: () => first });
  });

  it('holds little in memory, however large a file is', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'tree'));
    const size = 400 * 1024 * 1024;
    await truncate(await emptyFile(join(dir, 'tree', 'sparse')), size);
    const file = await open(join(dir, 'tree', 'noise'), 'w');
    for (let n = 0; n < 10; n++) await file.write(noise(`part ${n}`, 1_000_000));
    await file.close();
    const publishers = await createPublishers(dir);
    const job = {
      store: `file:${join(dir, 'store')}`,
      version: '1.0.0',
      bases: [],
      workDir: join(dir, 'work'),
    };
    await mkdir(join(dir, 'work'));
    await mkdir(join(dir, 'small'));
    await writeFile(join(dir, 'small', 'one'), 'small');
    const little = await publishers.run({ ...job, source: join(dir, 'small') });
    const { ref, maxRssBytes, stderr } = await publishers.run({ ...job, source: join(dir, 'tree') });
    expect(stderr).to.equal('');
    expect(ref?.contentSize).to.equal(size + 10_000_000);
    expect(ref?.packSize).to.be.below(11_000_000);
    expect(maxRssBytes - little.maxRssBytes).to.be.below(80 * 1024 * 1024);
  });
});

async function emptyFile(path: string): Promise<string> {
  await writeFile(path, '');
  return path;
}

/** A store of its own with the first release in it, and a work folder. */
async function copyStore(dir: string, n: number): Promise<void> {
  await cp(join(dir, 'origin'), join(dir, `store-${n}`), { recursive: true });
  await mkdir(join(dir, `work-${n}`));
  expect((await stat(join(dir, `store-${n}`))).isDirectory()).to.equal(true);
}
