import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { objectPath } from '../../shared/distribution/object-key.js';
import { expand, getText, type TextObject } from '../../shared/distribution/text-object.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { DeltaRef } from '../../shared/model/release.js';
import { type AppliedDelta, applyDelta } from '../../shared/release/delta.js';
import { hexOf, sha256 } from '../../shared/release/digest.js';
import {
  checkLayoutServes,
  type Layout,
  maxLayoutBytes,
  packSizeOf,
  parseLayout,
} from '../../shared/release/layout.js';
import { type Manifest, maxManifestBytes, parseManifest } from '../../shared/release/manifest.js';
import type { Source, Sources } from './fetching/sources.js';
import { manifestFileOf, type StageJob } from './protocol.js';
import { readKept, writeKept } from './reuse/kept-file.js';
import type { LocalRelease } from './reuse/local-releases.js';

/** What a release is, and where its bytes lie, by the shortest way there is. */
export interface Description {
  readonly manifest: Manifest;
  /** The manifest as it is kept. */
  compressed(): Promise<Buffer>;
  /** The release on this node that a delta leads from, and the delta; undefined if there is none, or none that is sound. */
  delta(): Promise<{ readonly from: LocalRelease; readonly ref: DeltaRef } | undefined>;
  /** Where the contents lie that this release does not have. */
  partialLayout(): Promise<Layout | undefined>;
  wholeLayout(): Promise<Layout>;
  /** Those that have been had so far. */
  layouts(): readonly Layout[];
}

export interface ObtainOptions {
  readonly job: StageJob;
  readonly releases: readonly LocalRelease[];
  /** Where what was fetched is kept for the next try. */
  readonly run: string;
  readonly sources: Sources;
  readonly signal: AbortSignal;
  readonly onRemark: (text: string) => void;
}

/** Each object is fetched when it is first asked for, and once. */
export async function describeRelease(options: ObtainOptions): Promise<Description> {
  const { job, onRemark } = options;
  const toHex = hexOf(job.release.digest);
  checkBound('manifest', job.release.manifestSize, maxManifestBytes);
  checkBound('layout', job.release.layout.size, maxLayoutBytes);

  const layouts: Layout[] = [];
  const useDelta = once(async () => {
    const found = findDelta(options);
    if (found === undefined) return undefined;
    try {
      const applied = await fetchDelta(options, found.from, found.ref);
      layouts.push(applied.layout);
      return { ...found, applied };
    } catch (error) {
      const { code, message } = CapstanError.from(error);
      if (code === 'cancelled') throw error;
      onRemark(`the delta from sha256:${found.from.hex.slice(0, 12)} was not used: ${message}`);
      return undefined;
    }
  });
  const manifestObject = await findManifest(options, async () => (await useDelta())?.applied.manifestText);
  const manifest = checkManifest(job, manifestObject.text);

  return {
    manifest,
    compressed: once(
      async () => manifestObject.compressed ?? promisify(gzip)(manifestObject.text, { level: 1 }),
    ),
    delta: useDelta,
    partialLayout: async () => (await useDelta())?.applied.layout,
    wholeLayout: once(async () => {
      const { digest, size } = job.release.layout;
      const key = { kind: 'layouts', hex: hexOf(digest) } as const;
      const { text } = await fetchText(options, key, size, `the layout of ${job.release.digest}`);
      const layout = parseLayout(text);
      checkLayoutServes(layout, manifest, toHex);
      checkPackSize(job, layout);
      layouts.push(layout);
      return layout;
    }),
    layouts: () => layouts,
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

type KnownManifest = Omit<TextObject, 'compressed'> & { readonly compressed?: Buffer };

/** From the disk, if it is there under whatever name; else by a delta, else whole. */
async function findManifest(
  options: ObtainOptions,
  byDelta: () => Promise<Buffer | undefined>,
): Promise<KnownManifest> {
  const { job, releases } = options;
  const { digest, manifestSize } = job.release;
  const key = { kind: 'manifests', hex: hexOf(digest) } as const;
  const same = releases.find(({ hex }) => hex === key.hex);
  if (same !== undefined) return { text: same.manifestText };
  for (const file of [manifestFileOf(job.recordFile), keptFile(options, key)]) {
    const kept = await readKept(file);
    if (kept === undefined) continue;
    const text = await expand(kept, key, manifestSize, file).catch(() => undefined);
    if (text !== undefined) return { text, compressed: kept };
  }
  const text = await byDelta();
  if (text !== undefined) return { text };
  return await fetchText(options, key, manifestSize, `the manifest of ${digest}`);
}

const keptFile = ({ run }: ObtainOptions, key: Parameters<typeof objectPath>[0]): string =>
  join(run, objectPath(key).replace('/', '-'));

/** Fetches a text, or takes what an earlier try has fetched. */
async function fetchText(
  options: ObtainOptions,
  key: Parameters<typeof getText>[1],
  size: number,
  what: string,
): Promise<TextObject> {
  const { sources, signal } = options;
  const file = keptFile(options, key);
  const kept = await readKept(file);
  if (kept !== undefined) {
    const text = await expand(kept, key, size, file).catch(() => undefined);
    if (text !== undefined) return { text, compressed: kept };
  }
  const get = (source: Source): Promise<TextObject> =>
    getText(source.store, key, size, { signal, onBytes: (count) => sources.received(source, count) });
  const object = await sources.fromAny(what, key, get, signal);
  await writeKept(file, object.compressed);
  return object;
}

/** The smallest one that leads from what is here. */
function findDelta({ job, releases }: ObtainOptions) {
  const [best] = job.release.deltas
    .flatMap((ref) => {
      const from = releases.find(({ hex }) => hex === hexOf(ref.from));
      return from === undefined ? [] : [{ from, ref }];
    })
    .sort((a, b) => a.ref.size - b.ref.size);
  return best;
}

async function fetchDelta(options: ObtainOptions, from: LocalRelease, ref: DeltaRef): Promise<AppliedDelta> {
  const { job, sources, signal } = options;
  const { digest, manifestSize } = job.release;
  const key = { kind: 'deltas', from: from.hex, to: hexOf(digest) } as const;
  const file = keptFile(options, key);
  const isIt = (bytes: Buffer): boolean => bytes.length === ref.size && sha256(bytes) === hexOf(ref.digest);
  const get = async (source: Source): Promise<Buffer> => {
    const onBytes = (count: number): Promise<void> | undefined => sources.received(source, count);
    const got = await source.store.get(key, ref.size, { signal, onBytes });
    if (isIt(got)) return got;
    throw new CapstanError('corrupt', `${objectPath(key)} from ${source.name} does not have its digest`);
  };
  const kept = await readKept(file);
  const isKept = kept !== undefined && isIt(kept);
  const bytes = isKept ? kept : await sources.fromAny('the delta', key, get, signal);
  if (!isKept) await writeKept(file, bytes);
  return applyDelta(bytes, from.manifestText, { toHex: key.to, manifestSize, rawSize: ref.rawSize });
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

function checkPackSize({ release }: StageJob, layout: Layout): void {
  if (packSizeOf(layout) === release.packSize) return;
  throw new CapstanError('corrupt', 'the release was registered with another size than its packs have', {
    hint: 'publish the release again',
  });
}

function checkBound(what: string, size: number, limit: number): void {
  if (size <= limit) return;
  throw new CapstanError('invalid', `the ${what} is said to have ${size} bytes; ${limit} are allowed`);
}
