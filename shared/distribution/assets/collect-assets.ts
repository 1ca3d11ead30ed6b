import type { ReleaseRef } from '../../model/release.js';
import { type Hex, hexOf } from '../../release/digest.js';
import type { ObjectKey } from '../object-key.js';
import type { CallOptions, ManagedStore, StoredObject } from '../store.js';
import type { Claims } from '../upkeep/claims.js';
import { abandonedBefore } from '../upkeep/collect-garbage.js';

interface AssetGarbageRequest extends CallOptions {
  readonly store: ManagedStore;
  /** All releases that an environment runs or may return to: their pages refer to their assets. */
  readonly kept: readonly Pick<ReleaseRef, 'assets'>[];
  readonly claims: Claims;
  /** What was put there later than this stays. Milliseconds since the epoch. */
  readonly before: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

interface Tally {
  readonly objects: number;
  readonly bytes: number;
}

export interface AssetGarbage {
  readonly removed: Tally;
  readonly kept: Tally;
  readonly young: Tally;
  /** Uploads that were begun and never ended. */
  readonly unfinished: number;
}

/** The folders of assets that these releases refer to, by the digest their URLs are made of. */
function assetFoldersOf(releases: Iterable<Pick<ReleaseRef, 'assets'>>): ReadonlySet<Hex> {
  const folders = new Set<Hex>();
  for (const { assets = [] } of releases) for (const { digest } of assets) folders.add(hexOf(digest));
  return folders;
}

/**
 * Removes the assets that no kept release refers to and no publisher under way has claimed. The list of a folder goes first,
 * so that nobody takes a folder for complete of which files are missing.
 * @throws CapstanError as the store fails
 */
export async function collectAssets(request: AssetGarbageRequest): Promise<AssetGarbage> {
  const { store, kept, before, dryRun, claims, signal } = request;
  const options = signal === undefined ? {} : { signal };
  const needed = assetFoldersOf(kept);
  const tallies = { removed: noTally(), kept: noTally(), young: noTally() };
  for (const kind of ['folders', 'assets'] as const) {
    for await (const object of store.list(kind, options)) {
      const folder = folderOf(object.key);
      if (folder === undefined) continue;
      const list: ObjectKey = { kind: 'folders', hex: folder };
      const verdict = needed.has(folder)
        ? 'kept'
        : object.changedAt >= before || claims.has(list)
          ? 'young'
          : 'removed';
      // Removed in the name of the folder: who claims that waits for what is under way, and finds the rest in its place.
      const isGone =
        verdict !== 'removed' ||
        dryRun ||
        (await claims.remove(list, () => store.remove(object.key, options)));
      count(tallies[isGone ? verdict : 'young'], object);
    }
  }
  const unfinished = dryRun ? 0 : await store.sweep(abandonedBefore(before), options);
  return { ...tallies, unfinished };
}

function folderOf(key: ObjectKey): Hex | undefined {
  if (key.kind === 'assets') return key.folder;
  return key.kind === 'folders' ? key.hex : undefined;
}

const noTally = (): { objects: number; bytes: number } => ({ objects: 0, bytes: 0 });

function count(tally: { objects: number; bytes: number }, { size }: StoredObject): void {
  tally.objects += 1;
  tally.bytes += size;
}
