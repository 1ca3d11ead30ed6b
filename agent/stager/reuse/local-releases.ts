import { lstatSync, type Stats } from 'node:fs';
import { expand } from '../../../shared/distribution/text-object.js';
import { type Hex, hexOf } from '../../../shared/release/digest.js';
import { parentOf } from '../../../shared/release/path-rules.js';
import { type KnownTree, openKnownTree } from '../drift/known-tree.js';
import { chunksFileOf, manifestFileOf, type ReleasePlace } from '../protocol.js';
import { readReleaseRecord } from '../record.js';
import { type ChunkList, decodeChunkList } from './chunk-list.js';
import { readKept } from './kept-file.js';

/** A file that a release on this node should have. What it really holds is only known once it was read. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A release on this node that others can be made from. */
export interface LocalRelease {
  /** Identity: of the manifest. */
  readonly hex: Hex;
  readonly releaseDir: string;
  /** Canonical; has the digest. */
  readonly manifestText: Buffer;
  /** Its files with this content. */
  find(content: Hex): readonly LocalFile[];
  /** How one of them looks, if it need not be read; undefined: only reading it tells what it holds. */
  unchanged(file: LocalFile): Stats | undefined;
  /** Of its large files; empty if that is not known. */
  chunks(): Promise<ChunkList>;
  /** What is known of its tree without reading it. */
  known(): KnownTree;
}

/**
 * Reads what is known of releases on this node. One without a sound record and manifest is left out: all that is lost is
 * that its files cannot be used again.
 * @param onDamaged told of manifests that are not what they were
 */
export async function openLocalReleases(
  places: readonly ReleasePlace[],
  onDamaged: (path: string) => void,
): Promise<readonly LocalRelease[]> {
  const releases: LocalRelease[] = [];
  for (const place of places) {
    const release = await openLocalRelease(place, onDamaged);
    if (release !== undefined) releases.push(release);
  }
  return releases;
}

async function openLocalRelease(
  { releaseDir, recordFile }: ReleasePlace,
  onDamaged: (path: string) => void,
): Promise<LocalRelease | undefined> {
  const record = await readReleaseRecord(recordFile).catch(() => undefined);
  if (record === undefined) return undefined;
  const { digest, manifestSize } = record.release;
  const hex = hexOf(digest);
  const file = manifestFileOf(recordFile);
  const kept = await readKept(file);
  const key = { kind: 'manifests', hex } as const;
  const text =
    kept === undefined ? undefined : await expand(kept, key, manifestSize, file).catch(() => undefined);
  if (text === undefined) {
    onDamaged(file);
    return undefined;
  }
  const { dirs, files } = record.spec.shared;
  return new ReleaseOnDisk({
    releaseDir,
    hex,
    manifestText: text,
    shared: [...dirs, ...files],
    recordFile,
  });
}

interface OnDisk extends Pick<LocalRelease, 'releaseDir' | 'hex' | 'manifestText'>, ReleasePlace {
  /** Paths at which there are links to what several releases share. */
  readonly shared: readonly string[];
}

const none: readonly LocalFile[] = [];

class ReleaseOnDisk implements LocalRelease {
  readonly releaseDir: string;
  readonly hex: Hex;
  readonly manifestText: Buffer;
  readonly #shared: readonly string[];
  readonly #recordFile: string;
  #files: ReadonlyMap<Hex, readonly LocalFile[]> | undefined;
  #chunks: ChunkList | undefined;
  #known: KnownTree | undefined;

  constructor({ releaseDir, hex, manifestText, shared, recordFile }: OnDisk) {
    this.releaseDir = releaseDir;
    this.hex = hex;
    this.manifestText = manifestText;
    this.#shared = shared;
    this.#recordFile = recordFile;
  }

  find(content: Hex): readonly LocalFile[] {
    this.#files ??= this.#read();
    return this.#files.get(content) ?? none;
  }

  unchanged({ path }: LocalFile): Stats | undefined {
    return this.known().unchanged(path.slice(this.releaseDir.length + 1));
  }

  known(): KnownTree {
    this.#known ??= openKnownTree({ releaseDir: this.releaseDir, recordFile: this.#recordFile }, Date.now());
    return this.#known;
  }

  async chunks(): Promise<ChunkList> {
    this.#chunks ??= await this.#readChunks().catch(() => new Map());
    return this.#chunks;
  }

  async #readChunks(): Promise<ChunkList> {
    const bytes = await readKept(chunksFileOf(this.#recordFile));
    return bytes === undefined ? new Map() : decodeChunkList(bytes);
  }

  /** Its digest has been checked, and it was parsed with all rules when the release was staged. */
  #read(): ReadonlyMap<Hex, readonly LocalFile[]> {
    const files = new Map<Hex, LocalFile[]>();
    const dirs = new Set(['']); // what lies behind a link is not the release's
    const lines = this.manifestText.toString('utf8').trimEnd().replaceAll('\n', ',');
    for (const row of JSON.parse(`[${lines}]`) as readonly (readonly unknown[])[]) {
      const [kind, path, , size, sha256] = row;
      if (typeof path !== 'string' || !dirs.has(parentOf(path)) || this.#isShared(path)) continue;
      if (kind === 'd' && this.#isRealDir(path)) dirs.add(path);
      if (kind !== 'f' || typeof size !== 'number' || typeof sha256 !== 'string') continue;
      const file = { path: `${this.releaseDir}/${path}`, size };
      const same = files.get(sha256);
      if (same === undefined) files.set(sha256, [file]);
      else same.push(file);
    }
    return files;
  }

  /** Looked at once, also if all of the release is verified along. */
  #isRealDir(path: string): boolean {
    const stats =
      this.known().unchanged(path) ?? lstatSync(`${this.releaseDir}/${path}`, { throwIfNoEntry: false });
    return stats?.isDirectory() === true;
  }

  #isShared(path: string): boolean {
    return this.#shared.some((place) => path === place || path.startsWith(`${place}/`));
  }
}
