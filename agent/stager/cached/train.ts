import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { publishRelease } from '../../../shared/distribution/publish.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { staticReleaseSpec } from '../../../shared/model/release-spec.js';
import type { ReleasePlace, StageJob, StagerJob } from '../protocol.js';
import { cacheFlag, stagerFlags } from './places.js';

/** A job of this size takes far less. Milliseconds. */
const jobLimitMs = 30_000;
const filesInAll = 120;

/**
 * Makes what `start.ts` makes use of: runs the jobs that a deployment is made of on releases of a few files, and keeps what
 * V8 compiled for them. Each run goes on from what the one before has kept.
 * @param dist where the programs are
 */
async function train(dist: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'capstan-train-'));
  const server = createServer();
  try {
    const url = await serve(server, join(dir, 'store'));
    const [first, second, third] = await publishAll(dir);
    const one = place(dir, '1');
    const two = place(dir, '2');
    const run = (job: StagerJob): Promise<void> => runJob(dist, job);
    await run(stageJob(dir, first, url, one));
    await age(one.releaseDir);
    await run({ ...stageJob(dir, second, url, two), reuseFrom: [one], index: true });
    const along = { ...two, ignore: [] };
    await run({ ...stageJob(dir, third, url, place(dir, '3')), reuseFrom: [two], along });
    await run({ kind: 'verify', ...place(dir, '3'), ignore: [], along });
  } finally {
    server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

const place = (dir: string, name: string): ReleasePlace => ({
  releaseDir: join(dir, 'releases', name),
  recordFile: join(dir, 'records', `${name}.json`),
});

const stageJob = (dir: string, release: ReleaseRef, url: string, at: ReleasePlace): StageJob => ({
  kind: 'stage',
  app: 'web' as AppName,
  release,
  stores: [url],
  stagingDir: join(dir, '.staging'),
  ...at,
  reserveBytes: 0,
  quotaBytes: 0,
  reuseFrom: [],
  fetchBytesPerSecond: 0,
});

type Three = readonly [ReleaseRef, ReleaseRef, ReleaseRef];

/** Three releases of which each changes a few files of the one before, a large one among them. */
async function publishAll(dir: string): Promise<Three> {
  const source = join(dir, 'source');
  const store = directoryStore(join(dir, 'store'));
  const publish = async (version: string, bases: readonly ReleaseRef[]): Promise<ReleaseRef> => {
    const names = { app: 'web' as AppName, version: version as ReleaseVersion };
    return (await publishRelease({ source, store, ...names, bases, checkSpec: () => staticReleaseSpec })).ref;
  };
  for (let n = 0; n < filesInAll; n += 1) {
    await mkdir(join(source, `${n % 7}`, `${n % 3}`), { recursive: true });
    await writeText(source, n, 'one');
  }
  const first = await publish('1', []);
  for (let n = 0; n < 5; n += 1) await writeText(source, n, 'two');
  const second = await publish('2', [first]);
  for (let n = 3; n < 9; n += 1) await writeText(source, n, 'three');
  return [first, second, await publish('3', [second])];
}

const writeText = (source: string, n: number, word: string): Promise<void> =>
  writeFile(
    join(source, `${n % 7}`, `${n % 3}`, `${n}.js`),
    `${word} ${n} `.repeat(n === 4 ? 300_000 : 50 + n),
  );

/** What was only just written counts as restless, and would be read. */
async function age(root: string): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), then, then);
  }
}

/** A store as a static server has it. */
async function serve(server: Server, folder: string): Promise<string> {
  server.on('request', (request, response) => {
    readFile(join(folder, request.url ?? '')).then(
      (bytes) => {
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        if (from === undefined || to === undefined) return response.end(bytes);
        const headers = { 'content-range': `bytes ${from}-${to}/${bytes.length}` };
        return response.writeHead(206, headers).end(bytes.subarray(Number(from), Number(to) + 1));
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function runJob(dist: string, job: StagerJob): Promise<void> {
  const cache = [cacheFlag, join(dist, 'capstan-stager.cache')];
  const child = spawn(
    process.execPath,
    [...stagerFlags(), join(dist, 'capstan-stager-start.cjs'), ...cache],
    { stdio: ['pipe', 'ignore', 'inherit'], timeout: jobLimitMs },
  );
  child.stdin.write(`${JSON.stringify(job)}\n`); // left open: its end would be that of the job
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`a job to ${job.kind} ended with ${String(child.exitCode)}`);
}

const [, , dist = ''] = process.argv;
train(dist).catch((error: unknown) => {
  process.stderr.write(`no compiled code is kept for the stager: ${String(error)}\n`);
  process.exitCode = 1;
});
