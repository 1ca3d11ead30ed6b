import { existsSync, realpathSync } from 'node:fs';
import { lstat, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDiskFull, isReadOnly } from '../../shared/distribution/disk-full.js';
import type { Environment } from '../../shared/distribution/s3-credentials.js';
import { systemClock } from '../../shared/io/clock.js';
import { makeDurableDir, syncDir, writeDurably } from '../../shared/io/durable-file.js';
import { systemRandom } from '../../shared/io/random.js';
import { loadZstd, type ZstdCodec } from '../../shared/io/zstd.js';
import { CapstanError } from '../../shared/model/errors.js';
import { madeOnNode, type ReleaseSpec, staticReleaseSpec } from '../../shared/model/release-spec.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Random } from '../../shared/ports/random.js';
import { type Hex, hexOf } from '../../shared/release/digest.js';
import { type Manifest, readEntries } from '../../shared/release/manifest.js';
import { findSpec, specPath, specText } from '../../shared/release/spec-file.js';
import { assemble } from './assemble.js';
import { indexStaged } from './drift/index-staged.js';
import { LinksMade } from './drift/links-made.js';
import { bandwidthLimit } from './fetching/bandwidth.js';
import { createSources } from './fetching/sources.js';
import { type Description, describeRelease } from './obtain.js';
import { createExchange, type Exchange, type SharingParent } from './peers/exchange.js';
import {
  chunksFileOf,
  manifestFileOf,
  type ReleaseRecord,
  type StageJob,
  type StageResult,
  type StagerError,
  type VerifyResult,
} from './protocol.js';
import { readReleaseRecord } from './record.js';
import type { Reporter } from './reporter.js';
import { type Chunk, chunkListOf, encodeChunkList } from './reuse/chunk-list.js';
import { type LocalRelease, openLocalReleases } from './reuse/local-releases.js';
import type { Reuse } from './reuse/reuse.js';
import { checkQuota, checkSpace, DiskTrouble, NoSpace } from './space.js';
import { StageFailure } from './stage-failure.js';
import { leaveRun, openRun, removeDir, removeRemains } from './staging-dir.js';
import { surveyTree } from './tree/survey.js';
import { syncTree } from './tree/sync-tree.js';
import { createTreeWriter, type TreeWriter } from './tree/tree-writer.js';
import { compareTree, verifyRelease } from './verify.js';

/**
 * Brings a release onto this node's disk: made of what is here and what is fetched, checked frame by frame and file by
 * file, synced, renamed into place, and certified by its record. Nothing that serves is touched.
 */
export async function stageRelease(
  job: StageJob,
  reporter: Reporter,
  signal: AbortSignal,
  { clock = systemClock, random = systemRandom, zstd = loadZstd, parent, env }: StageTools = {},
): Promise<StageResult> {
  const started = performance.now();
  const limit = bandwidthLimit(job.fetchBytesPerSecond, clock, signal);
  const sources = createSources({ stores: job.stores, ca: job.ca, env, limit, reporter, clock, random });
  const links = job.index === true ? new LinksMade() : undefined;
  const reuse: Reuse = { bytes: 0, damaged: new Set(), sound: new Set(), links };
  const remarks: string[] = [];
  const result = (spec: ReleaseSpec, fetchedBytes: number): StageResult => ({
    kind: 'result',
    job: 'stage',
    spec,
    fetchedBytes,
    fetchedFrom: [
      ...sources.fetchedFrom(),
      ...(reuse.bytes === 0 ? [] : [{ source: 'disk', bytes: reuse.bytes }]),
    ],
    corruptSources: [...sources.corruptNames()],
    damagedFiles: [...reuse.damaged].slice(0, maxDamagedFiles),
    remarks,
    durationMs: Math.round(performance.now() - started),
  });

  const record = await stagedRecord(job);
  const hex = hexOf(job.release.digest);
  if (record !== undefined) {
    await removeRemains(job.stagingDir, hex);
    return result(record.spec, 0);
  }

  await makeDurableDir(dirname(job.releaseDir));
  const run = await openRun(job.stagingDir, hex);
  const exchange = exchangeFor(job, { clock, random, parent });
  try {
    await checkOneFileSystem(job);
    const releases = await openLocalReleases(job.reuseFrom, (path) => void reuse.damaged.add(path));
    const onRemark = (text: string): void => void remarks.push(text);
    const description = await inStep('fetch', job, () =>
      describeRelease({ job, releases, run, sources, signal, onRemark }),
    );
    const { manifest } = description;

    const adopted = await inStep('verify', job, () => adopt(job, manifest, run));
    if (adopted !== undefined) {
      const kept = await inStep('fetch', job, () => description.compressed());
      await onStateDisk(job, () => certify(job, kept, adopted));
      await rm(run, { recursive: true, force: true });
      return result(adopted, 0);
    }

    const tree = join(run, 'tree');
    const compressed = description.compressed();
    compressed.catch(() => undefined); // looked at when it is needed
    const fetched = await inStep('fetch', job, async () => {
      const writer = await openTree(tree, manifest, releases, job);
      const { packSize } = job.release;
      try {
        const bytes = await assemble({
          ...{ writer, description, releases, reuse, sources, exchange, packSize, reporter, zstd },
          ...{ onRemark, signal },
        });
        writer.finish();
        return bytes;
      } finally {
        writer.close();
      }
    });
    const spec = await inStep('verify', job, () => readSpec(tree, manifest));
    await inStep('unpack', job, async () => {
      reporter.progress('unpack', fetched, fetched);
      syncTree(tree);
      await rename(tree, job.releaseDir);
      await syncDir(dirname(job.releaseDir));
    });
    const kept = await inStep('fetch', job, () => compressed);
    await onStateDisk(job, async () => {
      await keepChunks(job, manifest, description, releases);
      await certify(job, kept, spec);
    });
    if (links !== undefined) {
      const nowMs = Date.now();
      // Without an index all is read.
      await indexStaged(job, manifest, { releases, links, nowMs }).catch(() => undefined);
    }
    await rm(run, { recursive: true, force: true });
    return { ...result(spec, fetched), along: await verifyAlong(job, reuse, releases) };
  } catch (error) {
    await clearUp(run, hex, error);
    throw error;
  } finally {
    exchange?.close();
  }
}

/** The release is staged, whatever comes of this; what cannot be read is for a job of its own to complain about. */
async function verifyAlong(
  { along }: StageJob,
  { sound }: Reuse,
  releases: readonly LocalRelease[],
): Promise<VerifyResult | undefined> {
  if (along === undefined) return undefined;
  const tree = releases.find(({ releaseDir }) => releaseDir === along.releaseDir)?.known();
  return verifyRelease(along, { sound, tree }).catch(() => undefined);
}

interface StageTools {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly zstd?: () => Promise<ZstdCodec | undefined>;
  /** Knows of other nodes that have packs. */
  readonly parent?: SharingParent | undefined;
  /** Where `s3:` stores find their credentials; none by default. */
  readonly env?: Environment;
}

const maxDamagedFiles = 100;

/** Undefined unless this node trades packs with others. */
function exchangeFor(
  { sharing, reserveBytes }: StageJob,
  { clock, random, parent }: Required<Pick<StageTools, 'clock' | 'random'>> & Pick<StageTools, 'parent'>,
): Exchange | undefined {
  if (sharing === undefined || parent === undefined) return undefined;
  return createExchange({ sharing, parent, reserveBytes, clock, random });
}

/** What was fetched is kept for the next try, unless it is what fills the disk, or wrong in itself. */
async function clearUp(run: string, hex: Hex, error: unknown): Promise<void> {
  const isFetching = error instanceof StageFailure && error.step === 'fetch';
  const isFull = error instanceof StageFailure && error.reason instanceof NoSpace;
  if (isFetching && !isFull) await leaveRun(run, hex);
  else await rm(run, { recursive: true, force: true });
}

/** An empty tree, or what an earlier try has left of it; room for the rest of it must be there. */
async function openTree(
  tree: string,
  manifest: Manifest,
  releases: readonly LocalRelease[],
  { stagingDir, reserveBytes, quotaBytes }: StageJob,
): Promise<TreeWriter> {
  const found = await lstat(tree).catch(() => undefined);
  if (found?.isDirectory() === false) await rm(tree); // a link leads to what is not ours
  const isNew = (await mkdir(tree, { recursive: true, mode: 0o755 })) !== undefined;
  const survey = isNew ? undefined : surveyTree(tree, manifest);
  const due = manifest.entries.filter(
    (entry) =>
      survey?.has(entry.path) !== true &&
      !(entry.kind === 'file' && releases.some((release) => release.find(entry.sha256).length > 0)),
  );
  if (quotaBytes > 0) {
    const others = releases.map(({ manifestText }) => readEntries(manifestText));
    checkQuota([manifest.entries, ...others], quotaBytes);
  }
  await checkSpace(stagingDir, due, reserveBytes);
  return createTreeWriter(tree, manifest, survey);
}

/** Keeps of which chunks the large files are made, from wherever that is known. */
async function keepChunks(
  { recordFile }: StageJob,
  manifest: Manifest,
  description: Description,
  releases: readonly LocalRelease[],
): Promise<void> {
  const lists = [...description.layouts().map(chunkListOf)];
  for (const release of releases) lists.push(await release.chunks());
  const kept = new Map<Hex, readonly Chunk[]>();
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file') continue;
    const chunks = lists.find((list) => list.has(entry.sha256))?.get(entry.sha256);
    if (chunks !== undefined) kept.set(entry.sha256, chunks);
  }
  if (kept.size > 0) await writeDurably(chunksFileOf(recordFile), encodeChunkList(kept));
}

/** Names the step a failure happened in, and gives a full disk its own words. */
async function inStep<T>(
  step: StagerError['step'],
  { stagingDir }: StageJob,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDiskFull(error))
      throw new StageFailure(step, new NoSpace(`the disk of ${stagingDir} is full`, error));
    if (isReadOnly(error)) throw new StageFailure(step, readOnly(stagingDir, error));
    throw new StageFailure(step, CapstanError.from(error, 'failed'));
  }
}

/** The same for what is written elsewhere than the release: making room among releases would not help. */
async function onStateDisk(job: StageJob, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const folder = dirname(job.recordFile);
    if (isReadOnly(error)) throw new StageFailure('unpack', readOnly(folder, error));
    if (!isDiskFull(error)) throw new StageFailure('unpack', CapstanError.from(error, 'failed'));
    const hint = 'free some space there; the release itself is fetched already';
    throw new StageFailure('unpack', new DiskTrouble(`the disk of ${folder} is full`, hint, error));
  }
}

const readOnly = (folder: string, error: unknown): DiskTrouble =>
  new DiskTrouble(`the disk of ${folder} is read-only`, 'mount it read-write, once it is sound', error);

/** The record, if the release is on disk already. */
async function stagedRecord({
  recordFile,
  releaseDir,
  release,
}: StageJob): Promise<ReleaseRecord | undefined> {
  const record = await readReleaseRecord(recordFile).catch(() => undefined);
  return record?.release.digest === release.digest && existsSync(releaseDir) ? record : undefined;
}

/** A rename is only atomic, and only possible, within one file system. */
async function checkOneFileSystem({ stagingDir, releaseDir }: StageJob): Promise<void> {
  const parent = dirname(releaseDir);
  if ((await stat(stagingDir)).dev === (await stat(parent)).dev) return;
  throw new StageFailure(
    'unpack',
    new CapstanError('invalid', `${stagingDir} and ${parent} are on different file systems`, {
      hint: 'put the staging directory beside the releases',
    }),
  );
}

/**
 * A directory in the release's place without a record: either a run was killed between the rename and the record,
 * and it is whole, or it is not ours to trust, or the agent found it damaged. It is taken if it is what the manifest
 * says, else cleared away, but never while it serves.
 */
async function adopt(
  { releaseDir }: StageJob,
  manifest: Manifest,
  run: string,
): Promise<ReleaseSpec | undefined> {
  if (!existsSync(releaseDir)) return undefined;
  const specDiffers = compareTree(releaseDir, manifest).some(({ path }) => path === specPath);
  const spec = specDiffers ? undefined : await readSpec(releaseDir, manifest);
  const made = spec === undefined ? [] : madeOnNode(spec);
  const [difference] = compareTree(releaseDir, manifest, made);
  if (spec !== undefined && difference === undefined) {
    syncTree(releaseDir);
    await syncDir(dirname(releaseDir));
    return spec;
  }
  if (serves(releaseDir)) {
    throw new CapstanError(
      'conflict',
      `${releaseDir} serves, but is not what its manifest says: ${difference?.message ?? ''}`,
      { hint: 'switch to another release first' },
    );
  }
  await removeDir(releaseDir, run);
  return undefined;
}

function serves(releaseDir: string): boolean {
  try {
    return realpathSync(join(dirname(dirname(releaseDir)), 'current')) === realpathSync(releaseDir);
  } catch {
    return false; // no such link, or one that leads nowhere
  }
}

/** `capstan.yml` of a tree whose files have been checked; what reads it is not loaded for a release without one. */
async function readSpec(tree: string, manifest: Manifest): Promise<ReleaseSpec> {
  if (findSpec(manifest) === undefined) return staticReleaseSpec;
  const { parseReleaseSpec } = await import('../../shared/spec/release.js');
  return parseReleaseSpec(specText(await readFile(join(tree, specPath))), specPath);
}

/** Writes the record, which makes the release count. The manifest must be there before. */
async function certify(job: StageJob, manifest: Buffer, spec: ReleaseSpec): Promise<void> {
  const record: ReleaseRecord = { format: 1, app: job.app, release: job.release, spec };
  await writeDurably(manifestFileOf(job.recordFile), manifest);
  await writeDurably(job.recordFile, `${JSON.stringify(record, null, 2)}\n`);
}
