import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDiskFull } from '../../shared/distribution/disk-full.js';
import { expand, getText, type TextObject } from '../../shared/distribution/text-object.js';
import { makeDurableDir, syncDir, writeDurably } from '../../shared/io/durable-file.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { ReleaseSpec } from '../../shared/model/release-spec.js';
import { hexOf } from '../../shared/release/digest.js';
import {
  checkLayoutServes,
  type Layout,
  maxLayoutBytes,
  packSizeOf,
  parseLayout,
} from '../../shared/release/layout.js';
import { type Manifest, maxManifestBytes, parseManifest } from '../../shared/release/manifest.js';
import { findSpec, specPath, specText } from '../../shared/release/spec-file.js';
import { parseReleaseSpec, staticReleaseSpec } from '../../shared/spec/release.js';
import { fetchFrames } from './fetch.js';
import {
  manifestFileOf,
  type ReleaseRecord,
  type StageJob,
  type StageResult,
  type StagerError,
} from './protocol.js';
import { readReleaseRecord } from './record.js';
import type { Reporter } from './reporter.js';
import { createSources, type Sources } from './sources.js';
import { checkSpace, NoSpace } from './space.js';
import { StageFailure } from './stage-failure.js';
import { openRun, removeDir } from './staging-dir.js';
import { syncTree } from './sync-tree.js';
import { createTreeWriter } from './tree-writer.js';
import { compareTree } from './verify.js';

/**
 * Brings a release onto this node's disk: fetched, checked frame by frame and file by file, synced, renamed into place,
 * and certified by its record. Nothing that serves is touched.
 */
export async function stageRelease(
  job: StageJob,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<StageResult> {
  const started = performance.now();
  const sources = createSources(job.stores, reporter, signal);
  const result = (spec: ReleaseSpec, fetchedBytes: number): StageResult => ({
    kind: 'result',
    job: 'stage',
    spec,
    fetchedBytes,
    corruptSources: [...sources.corruptUrls()],
    durationMs: Math.round(performance.now() - started),
  });

  const record = await stagedRecord(job);
  if (record !== undefined) return result(record.spec, 0);

  await makeDurableDir(dirname(job.releaseDir));
  const run = await openRun(job.stagingDir);
  try {
    await checkOneFileSystem(job);
    const manifestObject = await inStep('fetch', job, () => fetchManifest(job, sources));
    const manifest = await inStep('verify', job, () => checkManifest(job, manifestObject.text));

    const adopted = await inStep('verify', job, () => adopt(job, manifest, run));
    if (adopted !== undefined) {
      await inStep('unpack', job, () => certify(job, manifestObject, adopted));
      return result(adopted, 0);
    }

    const tree = join(run, 'tree');
    await inStep('fetch', job, () => checkSpace(job.stagingDir, manifest, job.reserveBytes));
    const layout = await inStep('fetch', job, () => fetchLayout(job, manifest, sources));
    const fetched = await inStep('fetch', job, async () => {
      await mkdir(tree, 0o755);
      const writer = createTreeWriter(tree, manifest, layout);
      const bytes = await fetchFrames(layout, writer, sources, reporter);
      writer.finish();
      return bytes;
    });
    const spec = await inStep('verify', job, () => readSpec(tree, manifest));
    await inStep('unpack', job, async () => {
      reporter.progress('unpack', fetched, fetched);
      syncTree(tree);
      await rename(tree, job.releaseDir);
      await syncDir(dirname(job.releaseDir));
      await certify(job, manifestObject, spec);
    });
    return result(spec, fetched);
  } finally {
    await rm(run, { recursive: true, force: true });
  }
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
    throw new StageFailure(step, CapstanError.from(error, 'failed'));
  }
}

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

/** From the disk if an earlier run has left it, else from a store. */
async function fetchManifest({ release, recordFile }: StageJob, sources: Sources): Promise<TextObject> {
  const { digest, manifestSize } = release;
  checkBound('manifest', manifestSize, maxManifestBytes);
  const key = { kind: 'manifests', hex: hexOf(digest) } as const;
  const kept = await readFile(manifestFileOf(recordFile)).catch(() => undefined);
  if (kept !== undefined) {
    const text = await expand(kept, key, manifestSize, recordFile).catch(() => undefined);
    if (text !== undefined) return { text, compressed: kept };
  }
  return await sources.fromAny(`the manifest of ${digest}`, (store) => getText(store, key, manifestSize));
}

function checkManifest({ release }: StageJob, text: Buffer): Manifest {
  const manifest = parseManifest(text);
  if (manifest.contentSize !== release.contentSize || manifest.fileCount !== release.fileCount) {
    throw new CapstanError('corrupt', 'the release was registered with other sizes than its manifest has', {
      hint: 'publish the release again',
    });
  }
  return manifest;
}

async function fetchLayout({ release }: StageJob, manifest: Manifest, sources: Sources): Promise<Layout> {
  const { digest, size } = release.layout;
  checkBound('layout', size, maxLayoutBytes);
  const key = { kind: 'layouts', hex: hexOf(digest) } as const;
  const { text } = await sources.fromAny(`the layout of ${release.digest}`, (store) =>
    getText(store, key, size),
  );
  const layout = parseLayout(text);
  checkLayoutServes(layout, manifest, hexOf(release.digest));
  if (packSizeOf(layout) !== release.packSize) {
    throw new CapstanError('corrupt', 'the release was registered with another size than its packs have', {
      hint: 'publish the release again',
    });
  }
  return layout;
}

function checkBound(what: string, size: number, limit: number): void {
  if (size <= limit) return;
  throw new CapstanError('invalid', `the ${what} is said to have ${size} bytes; ${limit} are allowed`);
}

/**
 * A directory in the release's place without a record: either a run was killed between the rename and the record,
 * and it is whole, or it is not ours to trust. It is taken if it is what the manifest says, else cleared away,
 * but never while it serves.
 */
async function adopt(
  { releaseDir }: StageJob,
  manifest: Manifest,
  run: string,
): Promise<ReleaseSpec | undefined> {
  if (!existsSync(releaseDir)) return undefined;
  const specDiffers = compareTree(releaseDir, manifest).some(({ path }) => path === specPath);
  const spec = specDiffers ? undefined : await readSpec(releaseDir, manifest);
  const shared = spec === undefined ? [] : [...spec.shared.dirs, ...spec.shared.files];
  const [difference] = compareTree(releaseDir, manifest, shared);
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
  const root = dirname(dirname(releaseDir));
  const own = realpathSync(releaseDir);
  return ['current', 'previous'].some((name) => {
    try {
      return realpathSync(join(root, name)) === own;
    } catch {
      return false; // no such link, or one that leads nowhere
    }
  });
}

/** `capstan.yml` of a tree whose files have been checked. */
async function readSpec(tree: string, manifest: Manifest): Promise<ReleaseSpec> {
  if (findSpec(manifest) === undefined) return staticReleaseSpec;
  return parseReleaseSpec(specText(await readFile(join(tree, specPath))), specPath);
}

/** Writes the record, which makes the release count. The manifest must be there before. */
async function certify(job: StageJob, manifest: TextObject, spec: ReleaseSpec): Promise<void> {
  const record: ReleaseRecord = { format: 1, app: job.app, release: job.release, spec };
  await writeDurably(manifestFileOf(job.recordFile), manifest.compressed);
  await writeDurably(job.recordFile, `${JSON.stringify(record, null, 2)}\n`);
}
