import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CapstanError } from '../model/errors.js';
import type { ReleaseRef } from '../model/release.js';
import { hexOf } from '../release/digest.js';
import { checkLayoutServes, type Layout, parseLayout } from '../release/layout.js';
import { type FileEntry, type Manifest, parseManifest } from '../release/manifest.js';
import { quoted } from '../release/path-rules.js';
import { tarEnd, tarHeader, tarPadding } from '../release/tar.js';
import { type FrameSource, frameSource } from './frame-source.js';
import type { CallOptions, StoreReader } from './store.js';
import { getText } from './text-object.js';

interface ExportOptions extends CallOptions {
  /** Called with the content bytes written so far, of `ref.contentSize`. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Writes a release as a plain tar, which any tool can read: nobody is locked in. The same release gives the same bytes.
 * Every file is checked before its last byte is written; the output is ended.
 * @throws CapstanError `notFound`, `corrupt`, or as the store fails; what has been written by then is to be thrown away
 */
export async function exportRelease(
  store: StoreReader,
  ref: ReleaseRef,
  output: Writable,
  options: ExportOptions = {},
): Promise<void> {
  const manifestKey = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
  const layoutKey = { kind: 'layouts', hex: hexOf(ref.layout.digest) } as const;
  const manifest = parseManifest((await getText(store, manifestKey, ref.manifestSize, options)).text);
  const layout = parseLayout((await getText(store, layoutKey, ref.layout.size, options)).text);
  checkLayoutServes(layout, manifest, manifestKey.hex);
  const frames = frameSource(store, layout, options);
  await pipeline(Readable.from(tarOf(manifest, layout, frames, options), { objectMode: false }), output);
}

async function* tarOf(
  manifest: Manifest,
  layout: Layout,
  frames: FrameSource,
  { onProgress }: ExportOptions,
): AsyncGenerator<Buffer> {
  let done = 0;
  for (const entry of manifest.entries) {
    yield tarHeader(entry);
    if (entry.kind !== 'file' || entry.size === 0) continue;
    for await (const bytes of contentOf(entry, layout, frames)) {
      yield bytes;
      done += bytes.length;
      onProgress?.(done);
    }
    yield tarPadding(entry.size);
  }
  yield tarEnd;
}

async function* contentOf(entry: FileEntry, layout: Layout, frames: FrameSource): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  for (const { frame, offset, length } of layout.contents.get(entry.sha256) ?? []) {
    if (held !== undefined) yield held;
    const raw = await frames.read(frame);
    held = raw.subarray(offset, offset + length);
    hash.update(held);
  }
  if (hash.digest('hex') !== entry.sha256) {
    throw new CapstanError('corrupt', `the layout does not lead to the bytes of ${quoted(entry.path)}`);
  }
  if (held !== undefined) yield held;
}
