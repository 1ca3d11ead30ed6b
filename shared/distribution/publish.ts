import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import type { AppName, Digest, ReleaseVersion } from '../model/ids.js';
import type { ReleaseRef } from '../model/release.js';
import { unpackArchive } from '../release/archive.js';
import { digestOf, type Hex, sha256 } from '../release/digest.js';
import { encodeLayout, packSizeOf } from '../release/layout.js';
import { encodeManifest } from '../release/manifest.js';
import { buildPack } from '../release/pack.js';
import { caseWarnings } from '../release/path-rules.js';
import { findSpec, specPath, specText } from '../release/spec-file.js';
import { checkUnchanged, snapshotTree, type TreeSnapshot } from '../release/tree.js';
import { isDiskFull } from './disk-full.js';
import type { ObjectKey } from './object-key.js';
import { withRetry } from './retry.js';
import { bufferSource, type ObjectSource, type Store } from './store.js';

/** Bytes; `total` is 0 while it is not known. */
export interface PublishProgress {
  readonly phase: 'unpack' | 'read' | 'pack' | 'upload';
  readonly done: number;
  readonly total: number;
}

interface PublishRequest {
  /** A directory or a tar file, plain or gzip. */
  readonly source: string;
  readonly store: Store;
  readonly app: AppName;
  readonly version: ReleaseVersion;
  /** Checks the text of `capstan.yml`; throws what is wrong with it. */
  readonly checkSpec: (text: string, fileName: string) => unknown;
  /**
   * Asked once the content is known and before any byte is sent. A release that is returned is there already, so
   * nothing is packed or sent; throwing stops the publishing.
   */
  readonly findExisting?: (digest: Digest) => Promise<ReleaseRef | undefined>;
  readonly onProgress?: (progress: PublishProgress) => void;
  /** Told of each wait for a store that does not answer. */
  readonly onWait?: (error: CapstanError, waitMs: number) => void;
  readonly signal?: AbortSignal;
  /** For the pack before it is sent, and an unpacked archive. The system's temporary folder by default. */
  readonly workDir?: string;
}

export interface Published {
  readonly ref: ReleaseRef;
  readonly warnings: readonly string[];
  /** True if the store or the coordinator had all of it. */
  readonly existed: boolean;
  readonly uploadedBytes: number;
  readonly durationMs: number;
}

/** How often a store that does not answer is tried before publishing fails: about a minute. */
const attempts = 10;

/**
 * Puts a release into a store: pack, layout, and last the manifest, so that whoever finds a manifest finds all of it.
 * Publishing again what is there sends nothing; an interrupted one goes on where it was.
 * @throws CapstanError `invalid` for a source that cannot be a release, `conflict` if it changes
 *   meanwhile, or what the store fails with
 */
export async function publishRelease(request: PublishRequest): Promise<Published> {
  const started = performance.now();
  const workDir = await mkdtemp(join(request.workDir ?? tmpdir(), 'capstan-publish-'));
  try {
    const { ref, warnings, uploadedBytes } = await publishFrom(request, workDir);
    return {
      ref,
      warnings,
      existed: uploadedBytes === 0,
      uploadedBytes,
      durationMs: Math.round(performance.now() - started),
    };
  } catch (error) {
    if (error instanceof CapstanError || !isDiskFull(error)) throw error;
    throw new CapstanError('failed', `there is no space left in ${workDir}`, {
      hint: 'free some space, or set TMPDIR to a folder on another disk',
      cause: error,
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

type Outcome = Pick<Published, 'ref' | 'warnings' | 'uploadedBytes'>;

async function publishFrom(request: PublishRequest, workDir: string): Promise<Outcome> {
  const { signal, version } = request;
  const report = reporter(request);
  const root = await sourceTree(request, workDir);
  const tree = await snapshotTree(root, {
    signal,
    onProgress: ({ bytes }) => report('read', bytes, 0),
  });
  await checkTree(tree, request);
  const warnings = caseWarnings(tree.manifest.entries.map(({ path }) => path));
  const manifestText = encodeManifest(tree.manifest.entries);
  const manifestHex = sha256(manifestText);
  const existing = await request.findExisting?.(digestOf(manifestHex));
  if (existing !== undefined) return { ref: existing, warnings, uploadedBytes: 0 };

  const packFile = join(workDir, 'pack');
  const { contentSize, fileCount } = tree.manifest;
  const pack = await buildPack(tree, manifestHex, packFile, {
    signal,
    onProgress: (bytes) => report('pack', bytes, contentSize),
  });
  checkUnchanged(tree);

  const layoutText = encodeLayout(pack.layout);
  const layoutHex = sha256(layoutText);
  const uploads: Upload[] = [];
  if (pack.size > 0) {
    const open = (): AsyncIterable<Buffer> => createReadStream(packFile, { highWaterMark: 256 * 1024 });
    uploads.push({ key: { kind: 'packs', hex: pack.hex }, source: { size: pack.size, open } });
  }
  uploads.push(await textUpload('layouts', layoutHex, layoutText));
  uploads.push(await textUpload('manifests', manifestHex, manifestText));
  const uploadedBytes = await upload(request, uploads, report);
  const ref: ReleaseRef = {
    version,
    digest: digestOf(manifestHex),
    manifestSize: manifestText.length,
    layout: { digest: digestOf(layoutHex), size: layoutText.length },
    contentSize,
    fileCount,
    packSize: packSizeOf(pack.layout),
    deltas: [],
  };
  return { ref, warnings, uploadedBytes };
}

type Report = (phase: PublishProgress['phase'], done: number, total: number) => void;

const reporter =
  ({ onProgress }: PublishRequest): Report =>
  (phase, done, total) =>
    onProgress?.({ phase, done, total });

/** The directory to publish: the source itself, or what is in the archive. */
async function sourceTree({ source, signal, onProgress }: PublishRequest, workDir: string): Promise<string> {
  const path = resolve(source);
  let stats: Awaited<ReturnType<typeof stat>>;
  try {
    stats = await stat(path);
  } catch (cause) {
    throw new CapstanError('invalid', `${source} is not there`, {
      cause,
      hint: 'give a directory or a tar file',
    });
  }
  if (stats.isDirectory()) return path;
  if (!stats.isFile()) {
    throw new CapstanError('invalid', `${source} is neither a directory nor a file`, {
      hint: 'give a directory or a tar file',
    });
  }
  const directory = await mkdtemp(join(workDir, 'tree-'));
  await unpackArchive(path, directory, {
    signal,
    onProgress: (done) => onProgress?.({ phase: 'unpack', done, total: stats.size }),
  });
  return directory;
}

async function checkTree({ root, manifest }: TreeSnapshot, request: PublishRequest): Promise<void> {
  if (manifest.fileCount === 0) throw new CapstanError('invalid', `there are no files in ${request.source}`);
  if (findSpec(manifest) === undefined) return;
  request.checkSpec(specText(await readFile(join(root, specPath))), specPath);
}

interface Upload {
  readonly key: ObjectKey;
  readonly source: ObjectSource;
}

async function textUpload(kind: 'manifests' | 'layouts', hex: Hex, text: Buffer): Promise<Upload> {
  return { key: { kind, hex }, source: bufferSource(await promisify(gzip)(text)) };
}

/** @returns the bytes that were sent; what the store had is not sent again */
async function upload(
  { store, signal, onWait }: PublishRequest,
  uploads: readonly Upload[],
  report: Report,
): Promise<number> {
  const total = uploads.reduce((sum, { source }) => sum + source.size, 0);
  const options = signal === undefined ? {} : { signal };
  let before = 0;
  let sent = 0;
  for (const { key, source } of uploads) {
    const base = before;
    const counted: ObjectSource = {
      size: source.size,
      async *open() {
        let done = base;
        for await (const chunk of source.open()) {
          yield chunk;
          done += chunk.length;
          report('upload', done, total);
        }
      },
    };
    await withRetry(
      async () => {
        if (await store.has(key, options)) return;
        await store.put(key, counted, options);
        sent += source.size;
      },
      { attempts, signal, ...(onWait === undefined ? {} : { onWait }) },
    );
    before += source.size;
    report('upload', before, total);
  }
  return sent;
}
