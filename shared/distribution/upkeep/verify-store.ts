import { createHash } from 'node:crypto';
import { CapstanError } from '../../model/errors.js';
import type { Release } from '../../model/release.js';
import { type Hex, hexOf } from '../../release/digest.js';
import { type Frame, maxLayoutBytes } from '../../release/layout.js';
import { maxManifestBytes, parseManifest } from '../../release/manifest.js';
import { assetKey, folderKey } from '../assets/publish-assets.js';
import { checkReleaseStored } from '../check-stored.js';
import { digestCheck } from '../digest-check.js';
import { type ObjectKey, objectKinds, objectPath } from '../object-key.js';
import type { CallOptions, ManagedStore, StoreReader } from '../store.js';
import { expand, maxCompressed } from '../text-object.js';
import { FrameCheck } from './frame-check.js';
import { objectsNamedBy, readLayout } from './needs.js';

export interface StoreProblem {
  /** Its path in the store. */
  readonly object: string;
  /** A sentence's end: what is wrong with it. */
  readonly problem: string;
  /** `app@version` of those that need it. */
  readonly releases: readonly string[];
}

export interface VerifyReport {
  readonly objects: number;
  readonly bytes: number;
  readonly releases: number;
  readonly problems: number;
}

export interface VerifyRequest extends CallOptions {
  readonly reader: StoreReader;
  /** To find what no release refers to as well; undefined: the store cannot be listed. */
  readonly lister: Pick<ManagedStore, 'list'> | undefined;
  /** Where browsers fetch what releases have for them; undefined: there is no such store. */
  readonly assets?: StoreReader | undefined;
  readonly releases: readonly Release[];
  readonly onProblem: (problem: StoreProblem) => void;
  readonly onProgress?: (phase: 'releases' | 'objects', done: number, total: number) => void;
}

/** What is known of an object before it is read. */
interface Expected {
  readonly key: ObjectKey;
  readonly reader: StoreReader;
  /** As stored, in bytes; undefined: any. */
  size: number | undefined;
  /** Of the bytes as stored, where the key does not say it. */
  sha256: Hex | undefined;
  readonly releases: Set<string>;
  /** Of a pack, by where they lie: layouts of several releases tell of the same ones. */
  readonly frames: Map<string, Frame>;
}

/**
 * Reads everything back: each registered release's manifest and layout, each pack with every frame in it, each delta, each
 * of its assets, and what lies there besides.
 * @throws CapstanError if the store cannot be reached, or the caller gave up; what is wrong with objects is told instead
 */
export async function verifyStore(request: VerifyRequest): Promise<VerifyReport> {
  const expected = new Map<string, Expected>();
  const found = { objects: 0, bytes: 0, problems: 0 };
  const tell = (problem: StoreProblem): void => {
    found.problems += 1;
    request.onProblem(problem);
  };
  for (const [done, release] of request.releases.entries()) {
    request.onProgress?.('releases', done, request.releases.length);
    await expectRelease(request, release, expected, tell);
    if (request.assets !== undefined) await expectAssets(request, request.assets, release, expected);
  }
  if (request.lister !== undefined) await expectListed(request, request.lister, expected);
  const total = [...expected.values()].reduce((sum, { size }) => sum + (size ?? 0), 0);
  for (const object of inOrder(expected)) {
    request.onProgress?.('objects', found.bytes, total);
    const { problem, bytes } = await checkObject(request, object, (read) =>
      request.onProgress?.('objects', found.bytes + read, total),
    );
    found.objects += 1;
    found.bytes += bytes;
    if (problem === undefined) continue;
    tell({ object: objectPath(object.key), problem, releases: [...object.releases].sort() });
  }
  return { ...found, releases: request.releases.length };
}

const inOrder = (expected: ReadonlyMap<string, Expected>): readonly Expected[] =>
  [...expected.keys()].sort().flatMap((path) => expected.get(path) ?? []);

/** Notes what a release needs; that its parts fit together is checked here, the bytes of each object later. */
async function expectRelease(
  { reader, signal }: VerifyRequest,
  release: Release,
  expected: Map<string, Expected>,
  tell: (problem: StoreProblem) => void,
): Promise<void> {
  const name = `${release.app}@${release.version}`;
  const options = signal === undefined ? {} : { signal };
  for (const key of objectsNamedBy(release)) {
    const object = expectObject(expected, reader, key, name);
    if (!('from' in key)) continue;
    const delta = release.deltas.find(({ from }) => hexOf(from) === key.from);
    const stored = key.kind === 'deltas' ? delta : delta?.patch;
    object.size = stored?.size;
    object.sha256 = stored === undefined ? undefined : hexOf(stored.digest);
  }
  try {
    const layout = await readLayout(reader, release.layout, options);
    const packs = layout.packs.map(({ hex, size }) => {
      const object = expectObject(expected, reader, { kind: 'packs', hex }, name);
      object.size = size;
      return object;
    });
    for (const frame of layout.frames)
      packs[frame.pack]?.frames.set(`${frame.offset}+${frame.length}:${frame.sha256}`, frame);
    // Deltas are checked by what was registered of them; the releases they lead from may be gone.
    await checkReleaseStored(reader, { ...release, deltas: [] }, options);
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    passOn(error);
    // What is missing or corrupt is told of the object itself; that the parts do not fit, only here.
    const itself = [...expected.values()].some(
      ({ key, releases }) =>
        releases.has(name) && error.message.includes('hex' in key ? key.hex : objectPath(key)),
    );
    if (!itself) {
      tell({
        object: objectPath({ kind: 'layouts', hex: hexOf(release.layout.digest) }),
        problem: error.message,
        releases: [name],
      });
    }
  }
}

/** A list that is not what it is named by leads to no files, and is told of when it is read again. */
async function expectAssets(
  { signal }: VerifyRequest,
  assets: StoreReader,
  release: Release,
  expected: Map<string, Expected>,
): Promise<void> {
  const name = `${release.app}@${release.version}`;
  const options = signal === undefined ? {} : { signal };
  for (const folder of release.assets ?? []) {
    const list = folderKey(folder);
    expectObject(expected, assets, list, name);
    try {
      const stored = await assets.get(list, maxCompressed(maxManifestBytes), options);
      const size = Math.min(maxManifestBytes, stored.length < 4 ? 0 : stored.readUInt32LE(stored.length - 4));
      for (const entry of parseManifest(await expand(stored, list, size, assets.url)).entries) {
        if (entry.kind !== 'file') continue;
        const object = expectObject(expected, assets, assetKey(folder, entry), name);
        object.size = entry.size;
        object.sha256 = entry.sha256;
      }
    } catch (error) {
      passOn(CapstanError.from(error));
    }
  }
}

function expectObject(
  expected: Map<string, Expected>,
  reader: StoreReader,
  key: ObjectKey,
  release?: string,
): Expected {
  const path = objectPath(key);
  let object = expected.get(path);
  if (object === undefined) {
    object = { key, reader, size: undefined, sha256: undefined, releases: new Set(), frames: new Map() };
    expected.set(path, object);
  }
  if (release !== undefined) object.releases.add(release);
  return object;
}

async function expectListed(
  { reader, signal }: VerifyRequest,
  lister: Pick<ManagedStore, 'list'>,
  expected: Map<string, Expected>,
): Promise<void> {
  for (const kind of objectKinds) {
    for await (const { key, size } of lister.list(kind, signal === undefined ? {} : { signal })) {
      const object = expectObject(expected, reader, key);
      object.size ??= size;
    }
  }
}

/** A store that is not there is no fault of the object. */
function passOn(error: CapstanError): void {
  if (error.code === 'notFound' || error.code === 'corrupt' || error.code === 'invalid') return;
  throw error;
}

async function checkObject(
  request: VerifyRequest,
  object: Expected,
  onBytes: (read: number) => void,
): Promise<{ readonly problem: string | undefined; readonly bytes: number }> {
  let bytes = 0;
  try {
    for await (const chunk of checkedBytes(request, object)) {
      bytes += chunk.length;
      onBytes(bytes);
    }
    return { problem: undefined, bytes };
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    passOn(error);
    return { problem: error.code === 'notFound' ? 'is missing' : error.message, bytes };
  }
}

/** The bytes of an object as they come. Ends only if they are what they should be. */
async function* checkedBytes(request: VerifyRequest, object: Expected): AsyncGenerator<Buffer> {
  const check = digestCheck(object.key);
  const whole = createHash('sha256');
  const frames = new FrameCheck(object.frames.values());
  try {
    for await (const chunk of bytesOf(request, object)) {
      await check.write(chunk).catch(notNamed);
      whole.update(chunk);
      frames.write(chunk);
      yield chunk;
    }
    await check.end().catch(notNamed);
    frames.end();
    const { sha256 } = object;
    if (sha256 !== undefined && whole.digest('hex') !== sha256) {
      throw new CapstanError('corrupt', 'has another digest than was registered');
    }
  } finally {
    check.abandon();
  }
}

function notNamed(cause: unknown): never {
  throw new CapstanError('corrupt', 'does not hold what it is named by', { cause });
}

/** As a stream where its size is known; a web server lists nothing, so that manifests and layouts are read whole there. */
async function* bytesOf({ signal }: VerifyRequest, { key, reader, size }: Expected): AsyncGenerator<Buffer> {
  const options = signal === undefined ? {} : { signal };
  if (size === undefined || size === 0) yield await reader.get(key, maxCompressed(maxLayoutBytes), options);
  else yield* reader.getRange(key, { offset: 0, length: size, objectSize: size }, options);
}
