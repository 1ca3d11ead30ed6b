import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { type ObjectKey, objectKinds, objectPath } from '../../../shared/distribution/object-key.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import { bufferSource, type ManagedStore } from '../../../shared/distribution/store.js';
import { Claims } from '../../../shared/distribution/upkeep/claims.js';
import { collectGarbage, type GarbageReport } from '../../../shared/distribution/upkeep/collect-garbage.js';
import { objectsNamedBy } from '../../../shared/distribution/upkeep/needs.js';
import { type StoreProblem, verifyStore } from '../../../shared/distribution/upkeep/verify-store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Release, ReleaseRef } from '../../../shared/model/release.js';
import { sha256 } from '../../../shared/release/digest.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { tempDir } from '../../support/temp-dir.js';

const app = 'web' as AppName;
const registered = (ref: ReleaseRef): Release => ({ ...ref, app, publishedAt: 0, publishedBy: 'ci' });
const nobody = (): Claims => new Claims(() => performance.now());

async function publish(
  store: ManagedStore,
  files: Readonly<Record<string, string | Buffer>>,
  { version = '1.0.0', bases = [] as readonly ReleaseRef[], claims = nobody() } = {},
): Promise<Release> {
  const source = await tempDir();
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(source, name), bytes);
  const { ref } = await publishRelease({
    ...{ source, store, app, version: version as ReleaseVersion, bases, checkSpec: parseReleaseSpec },
    claim: (keys) => claims.claim(version, 'ci', keys),
  });
  return registered(ref);
}

const collect = (
  store: ManagedStore,
  kept: readonly Release[],
  options: { claims?: Claims; before?: number; dryRun?: boolean } = {},
): Promise<GarbageReport> =>
  collectGarbage({
    store,
    kept,
    claims: nobody(),
    before: Number.MAX_SAFE_INTEGER,
    dryRun: false,
    ...options,
  });

async function pathsIn(store: ManagedStore): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const kind of objectKinds) for await (const { key } of store.list(kind)) paths.push(objectPath(key));
  return paths.sort();
}

async function verify(store: ManagedStore, releases: readonly Release[]): Promise<readonly StoreProblem[]> {
  const problems: StoreProblem[] = [];
  await verifyStore({ reader: store, lister: store, releases, onProblem: (found) => problems.push(found) });
  return problems;
}

const total = ({ removed }: GarbageReport): number => removed.reduce((sum, { objects }) => sum + objects, 0);

async function failure(work: Promise<unknown>): Promise<CapstanError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => CapstanError.from(error),
  );
}

describe('collecting garbage', () => {
  it('removes what no kept release refers to, and leaves those whole that are kept', async () => {
    const store = directoryStore(await tempDir());
    const big = randomBytes(2_000_000);
    const one = await publish(store, { big, a: 'one' }, { version: '1.0.0' });
    const two = await publish(store, { big, a: 'two' }, { version: '1.0.1', bases: [one] });
    const three = await publish(store, { b: 'three' }, { version: '1.0.2', bases: [two] });
    const before = await pathsIn(store);
    const dry = await collect(store, [two], { dryRun: true });
    expect(await pathsIn(store)).to.deep.equal(before);
    const report = await collect(store, [two]);
    expect(total(report)).to.be.greaterThan(0).and.equal(total(dry));
    // The second release lives on packs of the first one.
    await checkReleaseStored(store, { ...two, deltas: [] });
    expect(await verify(store, [two])).to.deep.equal([]);
    expect((await failure(checkReleaseStored(store, one))).code).to.equal('notFound');
    expect((await failure(checkReleaseStored(store, three))).code).to.equal('notFound');
    expect(total(await collect(store, [two]))).to.equal(0);
  });

  it('leaves what is young, and takes away what nobody finished', async () => {
    const root = await tempDir();
    const store = directoryStore(root);
    const one = await publish(store, { a: 'one' });
    await mkdir(join(root, 'tmp'), { recursive: true });
    for (const name of ['old', 'young']) await writeFile(join(root, 'tmp', name), 'half');
    const longAgo = Date.now() / 1000 - 2 * 24 * 3600;
    await utimes(join(root, 'tmp', 'old'), longAgo, longAgo);
    const [manifest] = objectsNamedBy(one);
    if (manifest === undefined) throw new Error('it names none');
    await utimes(join(root, objectPath(manifest)), longAgo, longAgo);
    const report = await collect(store, [], { before: Date.now() - 60_000 });
    expect(report).to.deep.include({ unfinished: 1 });
    expect(report.young.objects).to.equal(2);
    expect(await pathsIn(store)).to.have.length(2);
    expect(await readFile(join(root, 'tmp', 'young'), 'utf8')).to.equal('half');
  });

  it('removes nothing at all when it cannot tell what is needed', async () => {
    const root = await tempDir();
    const store = directoryStore(root);
    const one = await publish(store, { a: 'one' });
    await publish(store, { a: 'two' }, { version: '1.0.1' });
    const [, layout] = objectsNamedBy(one);
    if (layout === undefined) throw new Error('it names no layout');
    await truncate(join(root, objectPath(layout)), 20);
    const before = await pathsIn(store);
    const error = await failure(collect(store, [one]));
    expect(error).to.include({ code: 'failed' });
    expect(error.message).to.match(/^nothing was removed: the layout of web@1.0.0 cannot be read/);
    expect(await pathsIn(store)).to.deep.equal(before);
  });

  it('leaves what publishers under way have claimed, until they have registered', async () => {
    const store = directoryStore(await tempDir());
    const claims = nobody();
    const one = await publish(store, { a: 'one' }, { claims });
    expect(total(await collect(store, [], { claims }))).to.equal(0);
    // Registered while it is collected: this run may have begun with the releases of before.
    await claims.whileCollecting(async () => {
      claims.settle(one.version);
      expect(total(await collect(store, [], { claims }))).to.equal(0);
    });
    expect(total(await collect(store, [], { claims }))).to.equal(3);
  });

  it('leaves what a publisher compares its release to', async () => {
    const store = directoryStore(await tempDir());
    const claims = nobody();
    const one = await publish(store, { a: 'one' });
    await publish(store, { a: 'two' }, { version: '1.0.1', bases: [one], claims });
    expect(total(await collect(store, [], { claims }))).to.equal(0);
  });

  it('forgets the claims of those who were never heard of again', async () => {
    const clock = { now: 0 };
    const claims = new Claims(() => clock.now);
    const key: ObjectKey = { kind: 'packs', hex: sha256(Buffer.from('x')) };
    await claims.claim('web@1', 'ci', [key]);
    clock.now = 24 * 3_600_000 - 1;
    expect(claims.has(key)).to.equal(true);
    clock.now += 1;
    expect(claims.has(key)).to.equal(false);
  });

  it('lets nobody claim so much that others cannot publish', async () => {
    const claims = nobody();
    const keys = Array.from(
      { length: 10_000 },
      (_, at): ObjectKey => ({ kind: 'packs', hex: sha256(Buffer.from(String(at))) }),
    );
    for (let at = 0; at < 10; at++) await claims.claim(`invented@${at}`, 'mallory', keys);
    const refused = await claims.claim('invented@10', 'mallory', keys).catch((error: unknown) => error);
    expect(refused).to.include({
      code: 'unavailable',
      message: 'too many objects are being published at once',
    });
    await claims.claim('web@1', 'ci', keys);
  });

  it('lets a publisher wait for a removal that has begun', async () => {
    const claims = nobody();
    const key: ObjectKey = { kind: 'packs', hex: sha256(Buffer.from('x')) };
    const steps: string[] = [];
    let end: () => void = () => undefined;
    const removing = claims.remove(key, async () => {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      steps.push('removed');
    });
    const claiming = claims.claim('web@1', 'ci', [key]).then(() => steps.push('claimed'));
    end();
    await Promise.all([removing, claiming]);
    expect(steps).to.deep.equal(['removed', 'claimed']);
    expect(await claims.remove(key, () => Promise.reject(new Error('it was removed')))).to.equal(false);
  });

  it('never takes an object from a publisher, however the two are interleaved', async function () {
    this.timeout(60_000);
    const files = { a: 'one', b: randomBytes(5000) };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const root = await tempDir();
        const plain = directoryStore(root);
        await publish(plain, files); // what an earlier, forgotten publishing left
        const claims = nobody();
        const step = scheduler.schedule.bind(scheduler);
        const store: ManagedStore = {
          ...plain,
          has: async (...args) => step(plain.has(...args)),
          put: async (...args) => step(plain.put(...args)),
          async remove(...args) {
            await step(Promise.resolve());
            await plain.remove(...args);
          },
        };
        const kept: Release[] = [];
        const publishing = publish(store, files, { version: '2.0.0', claims }).then((release) => {
          kept.push(release);
          claims.settle(release.version);
        });
        const collecting = claims.whileCollecting(() => collect(store, [...kept], { claims }));
        await scheduler.waitFor(Promise.all([publishing, collecting]));
        for (const release of kept) await checkReleaseStored(plain, release);
        await rm(root, { recursive: true });
      }),
      { numRuns: 40 },
    );
  });
});

describe('verifying a store', () => {
  it('finds nothing where nothing is wrong, and reads all of it', async () => {
    const store = directoryStore(await tempDir());
    const one = await publish(store, { a: randomBytes(3_000_000), b: 'b' });
    const two = await publish(store, { a: 'a', b: 'b' }, { version: '1.0.1', bases: [one] });
    const problems: StoreProblem[] = [];
    const report = await verifyStore({
      ...{ reader: store, lister: store, releases: [one, two] },
      onProblem: (problem) => problems.push(problem),
    });
    expect(problems).to.deep.equal([]);
    expect(report).to.include({ releases: 2, problems: 0, objects: (await pathsIn(store)).length });
    expect(report.bytes).to.be.greaterThan(3_000_000);
  });

  it('names every object that is damaged in any way, and the releases it hits', async function () {
    this.timeout(60_000);
    const root = await tempDir();
    const store = directoryStore(root);
    const big = randomBytes(600_000);
    const one = await publish(store, { big, a: 'one' });
    const two = await publish(store, { big, a: 'two' }, { version: '1.0.1', bases: [one] });
    await store.put(...orphan('nobody needs this'));
    const needs = new Map<string, readonly string[]>();
    for (const path of await pathsIn(store)) {
      const problems = await damaged(root, path, () => rm(join(root, path)), [one, two], store);
      needs.set(path, problems.find(({ object }) => object === path)?.releases ?? []);
    }
    const hits = [...needs.values()].map((names) => names.join());
    expect(hits).to.include.members(['web@1.0.0', 'web@1.0.1', 'web@1.0.0,web@1.0.1', '']);
    for (const path of needs.keys()) {
      const bytes = await readFile(join(root, path));
      const flips = [0, Math.floor(bytes.length / 2), bytes.length - 1];
      const faults = [
        ...flips.map((at) => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ 1, at, at + 1)),
        bytes.subarray(0, bytes.length - 1),
        Buffer.concat([bytes, Buffer.from('x')]),
        Buffer.alloc(0),
      ];
      for (const fault of faults) {
        const problems = await damaged(
          root,
          path,
          () => writeFile(join(root, path), fault),
          [one, two],
          store,
        );
        expect(
          problems.map(({ object }) => object),
          path,
        ).to.deep.equal([path]);
        expect(problems[0]?.releases).to.deep.equal(needs.get(path));
        expect(problems[0]?.problem).to.not.contain('undefined');
      }
    }
  });

  it('follows releases where a store cannot be listed', async () => {
    const root = await tempDir();
    const store = directoryStore(root);
    const one = await publish(store, { a: 'one' });
    await store.put(...orphan('nobody needs this'));
    const problems: StoreProblem[] = [];
    const onProblem = (problem: StoreProblem): void => void problems.push(problem);
    const request = { reader: store, lister: undefined, releases: [one], onProblem };
    expect(await verifyStore(request)).to.include({ objects: 3, problems: 0 });
    const [manifest] = objectsNamedBy(one);
    await store.remove(manifest ?? { kind: 'manifests', hex: sha256(Buffer.from('')) });
    expect(await verifyStore(request)).to.include({ objects: 3, problems: 1 });
    expect(problems[0]).to.include({ problem: 'is missing' });
  });

  it('fails, and blames no object, when the store is gone', async () => {
    const root = join(await tempDir(), 'store');
    const store = directoryStore(root);
    const one = await publish(store, { a: 'one' });
    await rm(root, { recursive: true });
    expect(await failure(verify(store, [one]))).to.include({ code: 'unreachable' });
  });
});

const orphan = (text: string): [ObjectKey, ReturnType<typeof bufferSource>] => [
  { kind: 'packs', hex: sha256(Buffer.from(text)) },
  bufferSource(Buffer.from(text)),
];

/** What is found while one object is damaged. */
async function damaged(
  root: string,
  path: string,
  damage: () => Promise<unknown>,
  releases: readonly Release[],
  store: ManagedStore,
): Promise<readonly StoreProblem[]> {
  const bytes = await readFile(join(root, path));
  await damage();
  const problems = await verify(store, releases);
  await writeFile(join(root, path), bytes);
  return problems;
}
