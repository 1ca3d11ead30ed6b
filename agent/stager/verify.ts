import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expand } from '../../shared/distribution/text-object.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { hexOf } from '../../shared/release/digest.js';
import { readChunkBytes, readPieces } from '../../shared/release/file-reader.js';
import { type Entry, type FileEntry, type Manifest, readEntries } from '../../shared/release/manifest.js';
import { comparePaths, quoted } from '../../shared/release/path-rules.js';
import { type KnownTree, openKnownTree } from './drift/known-tree.js';
import { expectedPaths } from './expected.js';
import {
  type Difference,
  manifestFileOf,
  type ReleasePlace,
  type TreeToVerify,
  type VerifyJob,
  type VerifyResult,
} from './protocol.js';
import { readReleaseRecord } from './record.js';
import { compareRendered, readRendered } from './rendered.js';

const maxDifferences = 1000;

/** What the release does not have: of no harm to what it has. */
const isExtra = ({ kind }: Difference): boolean => kind === 'extra';

const none: ReadonlySet<string> = new Set();

interface AlreadyKnown {
  /** Files, by their absolute paths, whose bytes were found to be right a moment ago and are not read again. */
  readonly sound?: ReadonlySet<string>;
  /** The tree, if some of it has been looked at. */
  readonly tree?: KnownTree | undefined;
}

/** The other one is a favour: what cannot be read of it is for a job of its own to complain about. */
export async function verifyWithAlong({ along, ...job }: VerifyJob): Promise<VerifyResult> {
  const result = await verifyRelease(job);
  if (along === undefined) return result;
  return { ...result, along: await verifyRelease(along).catch(() => undefined) };
}

/**
 * Compares a release on disk with its own record, byte for byte, and what was rendered into it with the note of that;
 * but for what looks as it did when that was done last. What is only extra comes last, so that ever so much of it hides
 * nothing worse.
 */
export async function verifyRelease(
  job: TreeToVerify,
  { sound = none, tree = openKnownTree(job, Date.now()) }: AlreadyKnown = {},
): Promise<VerifyResult> {
  const { fileCount } = await readOwnRecord(job);
  if (tree.isRight())
    return { kind: 'result', job: 'verify', differences: [], total: 0, filesChecked: fileCount };
  const manifest = { entries: readEntries(await readOwnManifest(job)) };
  const isSound: IsSound = (path, stats) =>
    sound.has(`${job.releaseDir}/${path}`) || tree.isAsJudged(path, stats);
  const differences = [
    ...compareTree(job.releaseDir, manifest, job.ignore, isSound),
    ...compareRendered(job.releaseDir, await readRendered(job.recordFile)),
  ].sort((a, b) => Number(isExtra(a)) - Number(isExtra(b)) || comparePaths(a.path, b.path));
  return {
    kind: 'result',
    job: 'verify',
    differences: differences.slice(0, maxDifferences),
    total: differences.length,
    filesChecked: fileCount,
  };
}

async function readOwnRecord({ recordFile }: Pick<ReleasePlace, 'recordFile'>): Promise<ReleaseRef> {
  const record = await readReleaseRecord(recordFile);
  if (record !== undefined) return record.release;
  throw new CapstanError('notFound', `${recordFile} is not there`);
}

/** The manifest of a release on this node. It has the digest that the record names. */
export async function readOwnManifest(place: Pick<ReleasePlace, 'recordFile'>): Promise<Buffer> {
  const { digest, manifestSize } = await readOwnRecord(place);
  const file = manifestFileOf(place.recordFile);
  const key = { kind: 'manifests', hex: hexOf(digest) } as const;
  return await expand(await readFile(file), key, manifestSize, file);
}

/** Whether the bytes of a file, by its path within the release, are known to be right by how it looks. */
type IsSound = (path: string, stats: Stats) => boolean;

/**
 * Everything in which a directory is not what a manifest says, in path order.
 * @param ignore paths that are not looked at, nor what is below them; the directories that lead to them may be there
 * @param isSound files that need not be read; by default, all are
 */
export function compareTree(
  root: string,
  manifest: Pick<Manifest, 'entries'>,
  ignore: readonly string[] = [],
  isSound: IsSound = () => false,
): Difference[] {
  const wanted = new Map(manifest.entries.map((entry) => [entry.path, entry]));
  const expected = expectedPaths(ignore);
  const buffer = Buffer.allocUnsafe(readChunkBytes);
  const differences: Difference[] = [];
  const add = (path: string, kind: Difference['kind'], problem: string): void => {
    differences.push({ path, kind, message: `${quoted(path)} ${problem}` });
  };
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder === '' ? root : `${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (expected.has(path)) continue;
      const entry = wanted.get(path);
      if (entry === undefined) {
        if (expected.leadsTo(path) && lstatSync(`${root}/${path}`).isDirectory()) visit(path);
        else add(path, 'extra', 'is not part of the release');
      } else {
        const difference = compareEntry(root, entry, buffer, isSound);
        if (difference !== undefined) add(path, ...difference);
        else if (entry.kind === 'dir') visit(path);
      }
      wanted.delete(path);
    }
  };
  visit('');
  for (const path of wanted.keys()) {
    if (!expected.has(path) && lstatSync(`${root}/${path}`, { throwIfNoEntry: false }) === undefined) {
      add(path, 'missing', 'is missing');
    }
  }
  return differences.sort((a, b) => comparePaths(a.path, b.path));
}

type Finding = readonly [Difference['kind'], string];

function compareEntry(root: string, entry: Entry, buffer: Buffer, isSound: IsSound): Finding | undefined {
  const path = `${root}/${entry.path}`;
  const stats = lstatSync(path);
  switch (entry.kind) {
    case 'dir':
      return stats.isDirectory() ? undefined : ['type', 'is no longer a directory'];
    case 'link':
      if (!stats.isSymbolicLink()) return ['type', 'is no longer a symbolic link'];
      return readlinkSync(path) === entry.target ? undefined : ['target', 'points elsewhere'];
    case 'file':
      if (!stats.isFile()) return ['type', 'is no longer a file'];
      return compareFile(path, entry, stats, isSound(entry.path, stats) ? undefined : buffer);
  }
}

/** @param buffer to read it with; undefined: its bytes are known to be right */
function compareFile(
  path: string,
  entry: FileEntry,
  { size, mode }: { readonly size: number; readonly mode: number },
  buffer: Buffer | undefined,
): Finding | undefined {
  if (size !== entry.size) return ['size', `has ${size} bytes instead of ${entry.size}`];
  if (buffer !== undefined && digestOf(path, buffer) !== entry.sha256) {
    return ['content', 'has other content than the release'];
  }
  if (((mode & 0o100) !== 0) !== entry.executable || (mode & 0o7000) !== 0) {
    return ['mode', `has the mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`];
  }
  return undefined;
}

function digestOf(path: string, buffer: Buffer): string {
  const hash = createHash('sha256');
  for (const piece of readPieces(path, buffer)) hash.update(piece);
  return hash.digest('hex');
}
