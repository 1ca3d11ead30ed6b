import { CapstanError } from '../../model/errors.js';
import type { Release } from '../../model/release.js';
import { type ObjectKey, type ObjectKind, objectPath } from '../object-key.js';
import type { CallOptions, ManagedStore, StoredObject } from '../store.js';
import type { Claims } from './claims.js';
import { objectsNamedBy, packsOf, readLayout } from './needs.js';

export interface ObjectCount {
  readonly kind: ObjectKind;
  readonly objects: number;
  /** As stored. */
  readonly bytes: number;
}

export interface GarbageReport {
  readonly removed: readonly ObjectCount[];
  /** That kept releases refer to. */
  readonly kept: readonly ObjectCount[];
  /** That no release refers to, but which are young, or claimed by a publisher. */
  readonly young: { readonly objects: number; readonly bytes: number };
  /** Uploads that were begun and never ended. */
  readonly unfinished: number;
}

export interface GarbageRequest extends CallOptions {
  readonly store: ManagedStore;
  /** All releases that are to stay: what they refer to is not touched. */
  readonly kept: readonly Release[];
  readonly claims: Claims;
  /** Objects put there later than this stay. Milliseconds since the epoch. */
  readonly before: number;
  /** Only counts. */
  readonly dryRun: boolean;
  /** `total` 0: not known. */
  readonly onProgress?: (phase: 'layouts' | ObjectKind, done: number, total: number) => void;
}

/** What leads to others goes first, so that nobody finds a manifest whose packs are gone. */
const order: readonly ObjectKind[] = ['manifests', 'layouts', 'deltas', 'patches', 'packs'];
/** Listed and then removed, before more is listed: bounds memory. */
const maxAtOnce = 50_000;
const removalsAtOnce = 8;

/**
 * Removes what no kept release and no publisher under way refers to. Nothing is removed before it is certain what is
 * needed: a layout that cannot be read ends it.
 * @throws CapstanError `failed` for such a layout; as the store fails
 */
export async function collectGarbage(request: GarbageRequest): Promise<GarbageReport> {
  const needed = await neededPaths(request);
  const removed: ObjectCount[] = [];
  const kept: ObjectCount[] = [];
  const young = { objects: 0, bytes: 0 };
  for (const kind of order) {
    const tally = await collectKind(request, kind, needed);
    removed.push({ kind, ...tally.removed });
    kept.push({ kind, ...tally.kept });
    young.objects += tally.young.objects;
    young.bytes += tally.young.bytes;
  }
  const { store, before, dryRun } = request;
  const unfinished = dryRun ? 0 : await store.sweep(abandonedBefore(before), optionsOf(request));
  return { removed, kept, young, unfinished };
}

/** An upload under way is nobody's garbage, however short the grace time: only what was begun a day ago is given up. */
export const abandonedBefore = (before: number): number => Math.min(before, Date.now() - 24 * 3_600_000);

const optionsOf = ({ signal }: CallOptions): CallOptions => (signal === undefined ? {} : { signal });

async function neededPaths(request: GarbageRequest): Promise<ReadonlySet<string>> {
  const { store, kept, onProgress } = request;
  const needed = new Set<string>();
  const add = (keys: readonly ObjectKey[]): void => {
    for (const key of keys) needed.add(objectPath(key));
  };
  const read = new Set<string>();
  for (const [done, release] of kept.entries()) {
    onProgress?.('layouts', done, kept.length);
    add(objectsNamedBy(release));
    if (read.has(release.layout.digest)) continue;
    read.add(release.layout.digest);
    try {
      add(packsOf(await readLayout(store, release.layout, optionsOf(request))));
    } catch (thrown) {
      throw unreadable(release, thrown);
    }
  }
  return needed;
}

function unreadable({ app, version }: Release, thrown: unknown): CapstanError {
  const { code, message } = CapstanError.from(thrown);
  if (code === 'cancelled' || code === 'unreachable') return CapstanError.from(thrown);
  return new CapstanError(
    'failed',
    `nothing was removed: the layout of ${app}@${version} cannot be read, so that nobody knows which packs it needs (${message})`,
    {
      hint: 'see `capstan store verify`; put back what is missing from a copy of the store',
      cause: thrown,
    },
  );
}

interface Tally {
  readonly removed: { objects: number; bytes: number };
  readonly kept: { objects: number; bytes: number };
  readonly young: { objects: number; bytes: number };
}

const count = (sum: { objects: number; bytes: number }, { size }: StoredObject): void => {
  sum.objects += 1;
  sum.bytes += size;
};

const noTally = (): Tally => ({
  removed: { objects: 0, bytes: 0 },
  kept: { objects: 0, bytes: 0 },
  young: { objects: 0, bytes: 0 },
});

async function collectKind(
  request: GarbageRequest,
  kind: ObjectKind,
  needed: ReadonlySet<string>,
): Promise<Tally> {
  const { store, before, claims, dryRun, onProgress } = request;
  const gone = { objects: 0, bytes: 0 };
  for (;;) {
    const tally = noTally();
    const garbage: StoredObject[] = [];
    let listed = 0;
    for await (const object of store.list(kind, optionsOf(request))) {
      onProgress?.(kind, ++listed, 0);
      if (needed.has(objectPath(object.key))) count(tally.kept, object);
      else if (object.changedAt >= before || claims.has(object.key)) count(tally.young, object);
      else if (dryRun) count(gone, object);
      else garbage.push(object);
      if (garbage.length >= maxAtOnce) break;
    }
    await removeAll(request, garbage, (object, removed) => {
      count(removed ? gone : tally.young, object);
    });
    if (garbage.length < maxAtOnce) return { ...tally, removed: gone };
  }
}

/** A few at once; the first failure ends it, when those under way have ended. */
async function removeAll(
  { store, claims, onProgress, signal }: GarbageRequest,
  garbage: readonly StoredObject[],
  onDone: (object: StoredObject, removed: boolean) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let object = garbage[next++]; object !== undefined; object = garbage[next++]) {
      if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
      const { key } = object;
      onDone(object, await claims.remove(key, () => store.remove(key)));
      onProgress?.(key.kind, ++done, garbage.length);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: removalsAtOnce }, work));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw CapstanError.from(failed.reason);
}
