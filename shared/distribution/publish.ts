import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ZstdCodec } from '../io/zstd.js';
import { CapstanError } from '../model/errors.js';
import type { AppName, Digest, ReleaseVersion } from '../model/ids.js';
import type { DatabaseFact, ReleaseRef } from '../model/release.js';
import type { DatabaseSpec } from '../model/release-spec.js';
import { digestOf, hexOf, sha256 } from '../release/digest.js';
import { packSizeOf } from '../release/layout.js';
import { encodeManifest } from '../release/manifest.js';
import { caseWarnings } from '../release/path-rules.js';
import { snapshotTree } from '../release/tree.js';
import { isDiskFull } from './disk-full.js';
import type { ObjectKey } from './object-key.js';
import { sendAssets } from './publish/assets.js';
import { type Bases, noBases, readBases } from './publish/bases.js';
import { deltaKeys, makeDeltas, type NewRelease } from './publish/deltas.js';
import { packTree } from './publish/packing.js';
import { type MadePatch, makePatch, patchKey } from './publish/patch.js';
import { type CheckSpec, checkSpecFirst, checkTree, sourceTree } from './publish/source.js';
import { fileUpload, textUpload, type Upload, uploadAll } from './publish/upload.js';
import { openWorkDir, type WorkDir, workFiles } from './publish/work-dir.js';
import { bufferSource, type Store, type StoreReader } from './store.js';

/** Bytes; `total` is 0 while it is not known. */
export interface PublishProgress {
  readonly phase: 'unpack' | 'read' | 'assets' | 'pack' | 'patch' | 'upload';
  readonly done: number;
  readonly total: number;
}

interface PublishRequest {
  /** A directory or a tar file, plain or gzip. */
  readonly source: string;
  readonly store: Store;
  readonly app: AppName;
  readonly version: ReleaseVersion;
  /**
   * Earlier releases, best first: the packs of the first are built on, and from each a delta leads to the new one. One that
   * cannot be read makes the release larger, no more.
   */
  readonly bases?: readonly ReleaseRef[];
  /** Where the bases are read; `store` by default. They must be in `store` too. */
  readonly reader?: StoreReader;
  /** What patches from the first base are made with; without it none are made. Asked when it is needed. */
  readonly zstd?: () => Promise<ZstdCodec | undefined>;
  /** Checks the text of `capstan.yml`; throws what is wrong with it. */
  readonly checkSpec: CheckSpec;
  /** The public store for what `assets:` names; undefined: a release that has assets is refused. */
  readonly assetStore?: Store | undefined;
  /**
   * Asked once the content is known and before any byte is sent. A release that is returned is there already, so
   * nothing is packed or sent; throwing stops the publishing.
   */
  readonly findExisting?: (digest: Digest) => Promise<ReleaseRef | undefined>;
  /**
   * Told which objects the release will refer to, before it is looked whether they are there: whoever tidies up the
   * store leaves them alone then.
   */
  readonly claim?: (keys: readonly ObjectKey[]) => Promise<void>;
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
  /** Of `ref.packSize`, those in packs of earlier releases. */
  readonly reusedBytes: number;
  readonly durationMs: number;
}

/**
 * Puts a release into a store: pack, layout, and last the manifest, so that whoever finds a manifest finds all of it.
 * Publishing again what is there sends nothing; an interrupted one goes on where it was.
 * @throws CapstanError `invalid` for a source that cannot be a release, `conflict` if it changes
 *   meanwhile, or what the store fails with
 */
export async function publishRelease(request: PublishRequest): Promise<Published> {
  const started = performance.now();
  const workDir = await openWorkDir(request.workDir ?? tmpdir());
  try {
    const outcome = await publishFrom(request, workDir);
    await workDir.remove();
    return {
      ...outcome,
      existed: outcome.uploadedBytes === 0,
      durationMs: Math.round(performance.now() - started),
    };
  } catch (error) {
    await workDir.leave().catch(() => undefined); // the failure counts
    if (error instanceof CapstanError || !isDiskFull(error)) throw error;
    throw new CapstanError('failed', `there is no space left in ${workDir.path}`, {
      hint: 'free some space, or set TMPDIR to a folder on another disk',
      cause: error,
    });
  }
}

type Outcome = Omit<Published, 'existed' | 'durationMs'>;

async function publishFrom(request: PublishRequest, workDir: WorkDir): Promise<Outcome> {
  const { signal, source, store, version } = request;
  const report = reporter(request);
  const root = await sourceTree(source, workDir.path, { signal, onProgress: report('unpack') });
  await checkSpecFirst(root, request.checkSpec);
  const warnings: string[] = [];
  const reading = basesOf(request, warnings);
  reading.catch(() => undefined); // looked at once the tree is read
  const tree = await snapshotTree(root, { signal, onProgress: ({ bytes }) => report('read')(bytes, 0) });
  const spec = await checkTree(tree, source, request.checkSpec);
  warnings.push(...caseWarnings(tree.manifest.entries.map(({ path }) => path)));
  const manifestText = encodeManifest(tree.manifest.entries);
  const manifestHex = sha256(manifestText);
  const existing = await request.findExisting?.(digestOf(manifestHex));
  if (existing !== undefined) {
    return { ref: existing, warnings, uploadedBytes: 0, reusedBytes: existing.packSize };
  }
  const assets = await sendAssets(request, tree, spec?.assets?.dirs ?? [], report('assets'));
  const bases = await reading;
  const base = bases.packs;
  const baseHex = base === undefined ? undefined : hexOf(base.ref.layout.digest);
  const { pack, file, layout, layoutText } = await packTree(tree, manifestHex, baseHex, workDir, {
    base: base?.layout,
    signal,
    onProgress: report('pack'),
  });
  const layoutHex = sha256(layoutText);
  const manifestUpload = await textUpload('manifests', manifestHex, manifestText);
  const layoutUpload = await textUpload('layouts', layoutHex, layoutText);
  const release = {
    hex: manifestHex,
    manifest: tree.manifest,
    manifestSize: manifestText.length,
    layout,
  };
  const wholeSize = manifestUpload.source.size + layoutUpload.source.size;
  const options = signal === undefined ? {} : { signal };
  const packUploads =
    pack === undefined
      ? []
      : [fileUpload({ kind: 'packs', hex: pack.hex }, file, pack.size, join(workDir.path, workFiles.upload))];
  await request.claim?.([
    ...[...packUploads, layoutUpload, manifestUpload].map(({ key }) => key),
    ...deltaKeys(bases.deltas, manifestHex),
    ...(request.zstd === undefined || bases.packs === undefined
      ? []
      : [patchKey(bases.packs.ref, manifestHex)]),
  ]);
  const deltas = await makeDeltas(store, bases.deltas, release, wholeSize, options);
  const patched = deltas.find(({ ref }) => ref.from === bases.packs?.ref.digest);
  const patch =
    patched === undefined
      ? undefined
      : await patchFor(request, bases, release, { root, workDir: workDir.path }, warnings);
  const uploads: Upload[] = [
    ...packUploads,
    layoutUpload,
    ...deltas.flatMap(({ key, bytes }) =>
      bytes === undefined ? [] : [{ key, source: bufferSource(bytes) }],
    ),
    ...(patch?.upload === undefined ? [] : [patch.upload]),
    manifestUpload,
  ];
  const { onWait } = request;
  const uploadedBytes = await uploadAll(store, uploads, { signal, onProgress: report('upload'), onWait });
  const packSize = packSizeOf(layout);
  const ref: ReleaseRef = {
    version,
    digest: digestOf(manifestHex),
    manifestSize: manifestText.length,
    layout: { digest: digestOf(layoutHex), size: layoutText.length },
    contentSize: tree.manifest.contentSize,
    fileCount: tree.manifest.fileCount,
    packSize,
    ...(assets.length === 0 ? {} : { assets }),
    ...(spec?.database === undefined ? {} : { database: factOf(spec.database) }),
    deltas: deltas.map((delta) => (delta === patched ? { ...delta.ref, patch: patch?.ref } : delta.ref)),
  };
  return { ref, warnings, uploadedBytes, reusedBytes: packSize - (pack?.size ?? 0) };
}

const factOf = ({ reversible, timeoutMs }: DatabaseSpec): DatabaseFact => ({ reversible, timeoutMs });

async function basesOf(request: PublishRequest, warnings: string[]): Promise<Bases> {
  const { bases = [], reader = request.store, signal, claim } = request;
  if (bases.length === 0) return noBases;
  const onProblem = ({ version }: ReleaseRef, { message }: CapstanError): void => {
    warnings.push(`release ${version} cannot be built on: ${message}`);
  };
  return readBases(reader, bases, onProblem, {
    ...(signal === undefined ? {} : { signal }),
    ...(claim === undefined ? {} : { claim }),
  });
}

/** The patch from the first base. What goes wrong with it makes updates larger, no more. */
async function patchFor(
  { zstd, store, reader = store, signal, onProgress }: PublishRequest,
  { packs, deltas }: Bases,
  to: NewRelease,
  places: { readonly root: string; readonly workDir: string },
  warnings: string[],
): Promise<MadePatch | undefined> {
  const base = deltas.find(({ ref }) => ref === packs?.ref);
  if (zstd === undefined || packs === undefined || base === undefined) return undefined;
  const report = reporter({ onProgress })('patch');
  try {
    const parts = { zstd, base, baseLayout: packs.layout, to, store, reader, signal };
    return await makePatch({ ...parts, ...places, onProgress: report });
  } catch (error) {
    if (signal?.aborted === true || isDiskFull(error)) throw error;
    warnings.push(`no patch from release ${base.ref.version} was made: ${CapstanError.from(error).message}`);
    return undefined;
  }
}

type Phase = PublishProgress['phase'];

const reporter =
  ({ onProgress }: { readonly onProgress?: PublishRequest['onProgress'] | undefined }) =>
  (phase: Phase) =>
  (done: number, total: number): void =>
    onProgress?.({ phase, done, total });
