import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createStager, type Stager, StagerFailure } from '../../../agent/io/stager-client.js';
import type { StageJob } from '../../../agent/stager/protocol.js';
import { readReleaseRecord } from '../../../agent/stager/record.js';
import { startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import { hexOf } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { noise } from '../../support/noise.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';

let command: readonly string[];
let stager: Stager;
const real = (name: string): string => join(packageRoot(), 'node_modules', name);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A published release and a job to stage it. */
async function prepare(source = real('zod')): Promise<{ dir: string; job: StageJob; source: string }> {
  const dir = await tempDir();
  const store = directoryStore(join(dir, 'store'));
  const ref = await publish(source, store);
  return { dir, job: stageJob(dir, ref, [store.url]), source };
}

const stage = (job: StageJob, callbacks?: Parameters<typeof stager.stage>[1], child = stager) => {
  const { kind, ...rest } = job;
  expect(kind).to.equal('stage');
  return child.stage(rest, callbacks);
};

const failureOf = async (work: Promise<unknown>): Promise<CapstanError> => {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CapstanError) return error;
  throw error;
};

/** What lies in a pack, so that a fault can be put into it. */
async function packIn(store: string): Promise<string> {
  const names = await readdir(join(store, 'packs'), { recursive: true });
  const name = names.find((path) => path.includes('/'));
  return join(store, 'packs', name ?? '');
}

const spec = `
apiVersion: capstan/v1
kind: Release
service:
  process: { command: [node, server.js] }
shared: { dirs: [uploads], files: [secrets.env] }
`;

describe('stager', function () {
  this.timeout(120_000);

  before(async () => {
    command = await stagerBundle();
    stager = createStager(command);
  });

  it('stages a release read-only, with its record, and does nothing the second time', async () => {
    const source = join(await tempDir(), 'app');
    await cp(real('zod/v4/core'), source, { recursive: true });
    await writeFile(join(source, 'capstan.yml'), spec);
    await writeFile(join(source, 'run'), '#!/bin/sh\n', { mode: 0o755 });
    await mkdir(join(source, 'empty'));
    const { job } = await prepare(source);
    const progress: number[] = [];
    const first = await stage(job, { onProgress: ({ bytesDone }) => progress.push(bytesDone) });
    expect(first.spec.service).to.include({ kind: 'process' });
    expect(first.fetchedBytes).to.equal(job.release.packSize);
    expect(progress.at(-1)).to.equal(job.release.packSize);
    expect((await stat(join(job.releaseDir, 'run'))).mode & 0o7777).to.equal(0o555);
    expect((await stat(join(job.releaseDir, 'capstan.yml'))).mode & 0o7777).to.equal(0o444);
    expect((await stat(join(job.releaseDir, 'empty'))).mode & 0o7777).to.equal(0o755);
    expect(await readReleaseRecord(job.recordFile)).to.deep.equal({
      format: 1,
      app: 'web',
      release: job.release,
      spec: first.spec,
    });
    await rm(join(job.releaseDir, '..', '..', '.staging'), { recursive: true });
    expect((await stage(job)).fetchedBytes).to.equal(0);
  });

  it('removes what a run has left that was killed after its release was in place', async () => {
    const { job } = await prepare(real('zod/v4/core'));
    await stage(job);
    const dead = `run-4194999-1-00-${hexOf(job.release.digest)}`;
    await mkdir(join(job.stagingDir, dead));
    await mkdir(join(job.stagingDir, `left-${'ab'.repeat(32)}`));
    await stage(job);
    expect(await readdir(job.stagingDir)).to.deep.equal([`left-${'ab'.repeat(32)}`]);
  });

  for (const [what, plant] of [
    ['a link in place of the tree', (left: string, victim: string) => symlink(victim, join(left, 'tree'))],
    [
      'a link in place of a kept text',
      (left: string, victim: string, hex: string) =>
        symlink(join(victim, 'precious'), join(left, `manifests-${hex}`)),
    ],
    [
      'a link in place of what came along',
      (left: string, victim: string) => symlink(join(victim, 'precious'), join(left, 'surplus')),
    ],
    [
      'a link in place of all of it',
      async (left: string, victim: string) => {
        await rm(left, { recursive: true });
        await symlink(victim, left);
      },
    ],
    [
      'a FIFO in place of a kept text',
      (left: string, _: string, hex: string) => {
        execFileSync('mkfifo', [join(left, `manifests-${hex}`)]);
      },
    ],
  ] as const) {
    it(`neither follows nor waits for what an earlier run cannot have left: ${what}`, async () => {
      const { job, dir, source } = await prepare(real('zod/v4/core'));
      const victim = join(dir, 'victim');
      await mkdir(join(victim, 'tree'), { recursive: true });
      await writeFile(join(victim, 'precious'), 'x');
      await writeFile(join(victim, 'tree', 'precious'), 'x');
      const hex = hexOf(job.release.digest);
      const left = join(job.stagingDir, `left-${hex}`);
      await mkdir(left, { recursive: true });
      await plant(left, victim, hex);
      await stage(job);
      expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
      expect((await lstat(job.releaseDir)).isDirectory()).to.equal(true);
      expect([...(await readTree(victim)).keys()]).to.deep.equal(['precious', 'tree', 'tree/precious']);
      expect(await readFile(join(victim, 'precious'), 'utf8')).to.equal('x');
      expect(await readdir(job.stagingDir)).to.deep.equal([]);
    });
  }

  it('refuses a release whose capstan.yml is wrong', async () => {
    const source = await tempDir();
    await writeFile(join(source, 'capstan.yml'), 'apiVersion: capstan/v1\nkind: Release\nnonsense: 1\n');
    const dir = await tempDir();
    const store = directoryStore(join(dir, 'store'));
    expect(await failureOf(publish(source, store))).to.include({ code: 'invalid' });
    // A publisher that does not look is found out by the node.
    const careless = await publishRelease({
      source,
      store,
      app: 'web' as AppName,
      version: '1.0.0' as ReleaseVersion,
      checkSpec: () => undefined,
    });
    const failure = await failureOf(stage(stageJob(dir, careless.ref, [store.url])));
    expect(failure).to.include({ code: 'invalid', step: 'verify' });
    expect(failure.message).to.include('nonsense');
    expect(await readdir(join(dir, 'srv/web/releases'))).to.deep.equal([]);
  });

  it('takes a whole directory that lost its record, and replaces one that is not whole', async () => {
    const { job, source } = await prepare();
    await stage(job);
    await rm(job.recordFile);
    expect((await stage(job)).fetchedBytes).to.equal(0);
    await rm(job.recordFile);
    await rm(join(job.releaseDir, 'package.json'));
    expect((await stage(job)).fetchedBytes).to.be.greaterThan(0);
    expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
  });

  it('never takes away what serves', async () => {
    const { job } = await prepare();
    await stage(job);
    await symlink(job.releaseDir, join(job.releaseDir, '../../current'));
    await rm(job.recordFile);
    await rm(join(job.releaseDir, 'package.json'));
    const failure = await failureOf(stage(job));
    expect(failure).to.include({ code: 'conflict' });
    expect(failure.message).to.include('"package.json" is missing');
    expect(await readdir(job.releaseDir)).to.include('index.js');
  });

  it('waits for a store that is not there, says so, and goes on when it comes', async () => {
    const { job, dir } = await prepare();
    const probe = await listen(dir, 0);
    const { port } = probe;
    await probe.close();
    const notes: string[] = [];
    const staging = stage(
      { ...job, stores: [`http://127.0.0.1:${port}/store/v1`] },
      { onNote: (text) => notes.push(text) },
    );
    await eventually(() => notes.length >= 2, { timeoutMs: 30_000 });
    expect(notes[0]).to.match(
      new RegExp(`store http://127.0.0.1:${port}/store/v1 is not reachable.*again in`),
    );
    const server = await listen(dir, port);
    cleanUp(() => server.close({ drainMs: 0 }));
    await staging;
    expect(notes.at(-1)).to.equal('');
  });

  it('stops waiting when it is told to', async () => {
    const { job } = await prepare();
    const stop = new AbortController();
    const staging = stage(
      { ...job, stores: ['http://127.0.0.1:1/store/v1'] },
      { signal: stop.signal, onNote: () => stop.abort() },
    );
    expect(await failureOf(staging)).to.include({ code: 'cancelled' });
  });

  it('has a corrupt frame from another store, and names the one that delivered it', async () => {
    const { job, dir, source } = await prepare();
    await cp(join(dir, 'store'), join(dir, 'bad'), { recursive: true });
    const pack = await packIn(join(dir, 'bad'));
    const bytes = await readFile(pack);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await writeFile(pack, bytes);
    const bad = `file:${join(dir, 'bad')}`;
    const result = await stage({ ...job, stores: [bad, ...job.stores] });
    expect(result.corruptSources).to.deep.equal([bad]);
    expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
    // Each frame once, and the bad one once more.
    expect(result.fetchedBytes)
      .to.be.greaterThan(job.release.packSize)
      .and.lessThan(2 * job.release.packSize);
  });

  it('gives up on a pack that is corrupt everywhere, naming the source', async () => {
    const { job, dir } = await prepare();
    const pack = await packIn(join(dir, 'store'));
    await writeFile(pack, (await readFile(pack)).subarray(0, -1));
    const failure = await failureOf(stage(job));
    expect(failure)
      .to.be.instanceOf(StagerFailure)
      .and.include({ code: 'corrupt', step: 'fetch', lacksSpace: false });
    expect(failure.message).to.include(job.stores[0]);
    expect(await readdir(join(dir, 'srv/web/releases'))).to.deep.equal([]);
  });

  it('says so when the store does not have the release', async () => {
    const { job, dir } = await prepare();
    await rm(await packIn(join(dir, 'store')));
    expect(await failureOf(stage(job))).to.include({ code: 'notFound', step: 'fetch' });
  });

  // codedeploy#64, balena#674: disks fill.
  it('asks for space before it fetches, and says how much is missing', async () => {
    const { job } = await prepare();
    const failure = await failureOf(stage({ ...job, reserveBytes: 2 ** 50 }));
    expect(failure).to.be.instanceOf(StagerFailure).and.include({ code: 'failed', lacksSpace: true });
    expect(failure.message).to.match(/needs .* free and .* are kept in reserve/);
  });

  it('says so when the disk takes no more in the middle, and leaves nothing', async () => {
    const { job, dir } = await prepare(real('typescript'));
    const limited = createStager(['sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh', ...command]);
    const failure = await failureOf(stage(job, {}, limited));
    expect(failure).to.be.instanceOf(StagerFailure).and.include({ lacksSpace: true });
    expect(failure.message).to.include('is full');
    expect(await readdir(join(dir, 'srv/web/.staging'))).to.deep.equal([]);
    expect(await readdir(join(dir, 'srv/web/releases'))).to.deep.equal([]);
  });

  it('says so when the disk takes no more while files of another release are copied, and leaves nothing', async () => {
    const dir = await tempDir();
    const source = join(dir, 'source');
    await mkdir(source);
    await writeFile(join(source, 'tool'), noise(1, 3_000_000), { mode: 0o644 });
    const store = directoryStore(join(dir, 'store'));
    const job = stageJob(dir, await publish(source, store), [store.url]);
    await stage(job);
    await chmod(join(source, 'tool'), 0o755); // so that it cannot be linked
    const next = {
      ...stageJob(dir, await publish(source, store, '2.0.0'), [store.url]),
      releaseDir: join(dir, 'srv/web/releases/r2'),
      recordFile: join(dir, 'state/releases/web/r2.json'),
      reuseFrom: [{ releaseDir: job.releaseDir, recordFile: job.recordFile }],
    };
    const limited = createStager(['sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh', ...command]);
    const failure = await failureOf(stage(next, {}, limited));
    expect(failure).to.be.instanceOf(StagerFailure).and.include({ lacksSpace: true });
    expect(failure.message).to.include('is full');
    expect(await readdir(job.stagingDir)).to.deep.equal([]);
    expect(await readdir(join(dir, 'srv/web/releases'))).to.deep.equal(['r1']);
    expect((await stage(next)).fetchedBytes).to.equal(0);
    expect(await readTree(next.releaseDir)).to.deep.equal(await readTree(source));
  });

  it('keeps what it has fetched when a store turns out not to have all of it', async () => {
    const { job, dir, source } = await prepare(real('typescript/lib'));
    const pack = await packIn(join(dir, 'store'));
    const bytes = await readFile(pack);
    const bad = Buffer.from(bytes);
    bad[bad.length - 100] = (bad[bad.length - 100] ?? 0) ^ 1;
    await writeFile(pack, bad);
    expect(await failureOf(stage(job))).to.include({ code: 'corrupt', step: 'fetch' });
    await writeFile(pack, bytes);
    const result = await stage(job);
    expect(result.fetchedBytes).to.be.lessThan(job.release.packSize / 2);
    expect(await readTree(job.releaseDir)).to.deep.equal(await readTree(source));
    expect(await readdir(job.stagingDir)).to.deep.equal([]);
  });

  it('fetches no faster than it is told', async () => {
    const { job } = await prepare(real('typescript/lib'));
    const seconds = 1.5;
    const fetchBytesPerSecond = Math.ceil(job.release.packSize / seconds);
    const { durationMs, fetchedFrom } = await stage({ ...job, fetchBytesPerSecond });
    expect(durationMs).to.be.greaterThan((seconds - 0.25) * 1000);
    expect(fetchedFrom).to.have.length(1);
    expect(fetchedFrom[0]?.bytes).to.be.greaterThan(job.release.packSize);
  });

  it('names every difference of a tree, but not those it is told to ignore', async () => {
    const { job } = await prepare();
    await stage(job);
    const verify = (ignore: string[] = []) =>
      stager.verify({ releaseDir: job.releaseDir, recordFile: job.recordFile, ignore });
    expect(await verify()).to.include({ total: 0, filesChecked: job.release.fileCount });
    await chmod(join(job.releaseDir, 'package.json'), 0o644);
    const text = await readFile(join(job.releaseDir, 'package.json'), 'utf8');
    await writeFile(join(job.releaseDir, 'package.json'), text.replace('zod', 'zot'));
    await chmod(join(job.releaseDir, 'index.js'), 0o555);
    await rm(join(job.releaseDir, 'README.md'));
    await rm(join(job.releaseDir, 'v4'), { recursive: true });
    await symlink('/tmp', join(job.releaseDir, 'v4'));
    await writeFile(join(job.releaseDir, 'hot-fix.js'), '');
    const found = await verify();
    const kinds = new Map(found.differences.map(({ path, kind }) => [path, kind]));
    expect(kinds.get('package.json')).to.equal('content');
    expect(kinds.get('index.js')).to.equal('mode');
    expect(kinds.get('README.md')).to.equal('missing');
    expect(kinds.get('v4')).to.equal('type');
    expect(kinds.get('hot-fix.js')).to.equal('extra');
    expect(found.differences.every(({ path, message }) => message.includes(JSON.stringify(path)))).to.equal(
      true,
    );
    const less = await verify(['v4', 'hot-fix.js', 'README.md']);
    expect(less.differences.map(({ path }) => path)).to.deep.equal(['index.js', 'package.json']);
  });

  it('removes releases and their records', async () => {
    const { job, dir } = await prepare();
    await stage(job);
    const releases = [{ releaseDir: job.releaseDir, recordFile: job.recordFile }];
    expect(await stager.remove({ releases, stagingDir: job.stagingDir, slowly: true })).to.include({
      removed: 1,
    });
    expect(await stager.remove({ releases, stagingDir: job.stagingDir, slowly: false })).to.include({
      removed: 0,
    });
    expect(await readdir(join(dir, 'srv/web/releases'))).to.deep.equal([]);
    expect(await readdir(join(dir, 'state/releases/web'))).to.deep.equal([]);
  });

  it('tells what the host is', async () => {
    const { facts } = await stager.facts({ paths: ['/', join('/', 'not-there')] });
    expect(facts.cpus).to.be.greaterThan(0);
    expect(facts.memoryTotal).to.be.greaterThan(facts.memoryAvailable);
    expect(facts.diskTotal).to.be.greaterThan(facts.diskFree);
    expect(facts.nodeVersion).to.equal(process.version);
    const told = await stat('/proc/pressure/cpu').catch(() => undefined);
    expect(facts.pressure === undefined).to.equal(told === undefined);
  });

  it('ends when its parent does', async () => {
    const { job } = await prepare();
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write(`${JSON.stringify({ ...job, stores: ['http://127.0.0.1:1/store/v1'] })}\n`);
    await once(child.stdout, 'data');
    child.stdin.end();
    expect(await once(child, 'exit')).to.deep.equal([3, null]);
  });

  it('refuses a staging directory on another file system, where a rename could not work', async function () {
    const { job, dir } = await prepare();
    const other = await stat('/dev/shm').catch(() => undefined);
    // Mounting one for the test would take root.
    if (other === undefined || other.dev === (await stat(dir)).dev) this.skip();
    const stagingDir = await mkdtemp('/dev/shm/capstan-test-');
    cleanUp(() => rm(stagingDir, { recursive: true }));
    const failure = await failureOf(stage({ ...job, stagingDir }));
    expect(failure).to.include({ code: 'invalid', step: 'unpack' });
    expect(failure.message).to.include(stagingDir).and.to.include('different file systems');
  });

  it('refuses what is no job, in a sentence', async () => {
    const { job } = await prepare();
    expect(await failureOf(stage({ ...job, releaseDir: 'relative' }))).to.include({ code: 'invalid' });
  });
});

const listen = (dir: string, port: number) =>
  startHttpServer({
    host: '127.0.0.1',
    port,
    storeDir: join(dir, 'store'),
    tickets: createUploadTickets({ secret: Buffer.alloc(32), now: Date.now }),
    logger: silent,
  });
