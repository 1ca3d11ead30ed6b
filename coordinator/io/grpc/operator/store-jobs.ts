import type { ServerWritableStream } from '@grpc/grpc-js';
import { checkAssetsStored } from '../../../../shared/distribution/assets/check-assets.js';
import { collectAssets } from '../../../../shared/distribution/assets/collect-assets.js';
import { folderKey } from '../../../../shared/distribution/assets/publish-assets.js';
import { checkReleaseStored } from '../../../../shared/distribution/check-stored.js';
import { parseObjectPath } from '../../../../shared/distribution/object-key.js';
import type { Claims } from '../../../../shared/distribution/upkeep/claims.js';
import { collectGarbage, type ObjectCount } from '../../../../shared/distribution/upkeep/collect-garbage.js';
import { objectsNamedBy, packsOf, readLayout } from '../../../../shared/distribution/upkeep/needs.js';
import { type StoreProblem, verifyStore } from '../../../../shared/distribution/upkeep/verify-store.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { AppName, Digest, ReleaseVersion } from '../../../../shared/model/ids.js';
import type { Release, ReleaseRef } from '../../../../shared/model/release.js';
import type { Clock } from '../../../../shared/ports/clock.js';
import { hexOf } from '../../../../shared/release/digest.js';
import type { CollectGarbageProgress } from '../../../../shared/wire/gen/capstan/v1/CollectGarbageProgress.js';
import type { CollectGarbageRequest__Output } from '../../../../shared/wire/gen/capstan/v1/CollectGarbageRequest.js';
import type { VerifyStoreProgress } from '../../../../shared/wire/gen/capstan/v1/VerifyStoreProgress.js';
import type { VerifyStoreRequest__Output } from '../../../../shared/wire/gen/capstan/v1/VerifyStoreRequest.js';
import type { Inventory } from '../../../ports/inventory.js';
import type { Operations } from '../../../ports/operations.js';
import type { AssetStore } from '../../asset-store.js';
import type { ReleaseStore } from '../../release-store.js';
import { send } from './streams.js';

export interface StoreJobsOptions {
  readonly store: ReleaseStore;
  /** Where browsers fetch assets; undefined: there is no such store. */
  readonly assets?: AssetStore | undefined;
  readonly claims: Claims;
  readonly operations: Pick<Operations, 'giveUpReleases'>;
  readonly inventory: Pick<Inventory, 'keptReleases' | 'releasesToGiveUp' | 'releaseWith'>;
  readonly clock: Clock;
  /** How many releases of each application are kept beside those in use; 0: all. */
  readonly keepReleases: number;
}

/** Between two messages about how far it has come. Milliseconds. */
const paceMs = 200;
/** How long somebody who deploys waits for a look at the store. Milliseconds. */
const lookMs = 5000;
const maxClaimed = 10_000;
/** Problems in one message. */
const maxProblems = 500;

interface Job<Request, Message> {
  readonly call: ServerWritableStream<Request, Message>;
  readonly signal: AbortSignal;
  /** Who asked for it. */
  readonly by: string;
}

/** What is done to the store as a whole, and what keeps publishers out of its way. One job at a time. */
export class StoreJobs {
  readonly #options: StoreJobsOptions;
  #running: string | undefined;

  constructor(options: StoreJobsOptions) {
    this.#options = options;
  }

  /** @throws CapstanError `invalid` for paths that are none */
  async claim(app: AppName, version: ReleaseVersion, by: string, paths: readonly string[]): Promise<void> {
    if (paths.length > maxClaimed) {
      throw new CapstanError('invalid', `More than ${String(maxClaimed)} objects are claimed at once.`);
    }
    const keys = paths.map((path) => {
      const key = parseObjectPath(path);
      if (key !== undefined) return key;
      throw new CapstanError(
        'invalid',
        `${JSON.stringify(path.slice(0, 200))} is not the path of an object.`,
      );
    });
    await this.#options.claims.claim(`${app}@${version}`, by, keys);
  }

  /**
   * Checks that the store has all of a release, and sees to it that it stays until the release is registered, whoever
   * collects garbage meanwhile.
   * @throws CapstanError as `checkReleaseStored`
   */
  async checkStored(ref: ReleaseRef, app: AppName, by: string): Promise<void> {
    const { store, assets, claims, inventory } = this.#options;
    const folders = ref.assets ?? [];
    const holder = `${app}@${ref.version}`;
    await claims.claim(holder, by, [...objectsNamedBy(ref), ...folders.map(folderKey)]);
    await claims.claim(holder, by, packsOf(await readLayout(store.reader, ref.layout).catch(asCoordinator)));
    const base = (digest: Digest): ReleaseRef | undefined => inventory.releaseWith(app, digest);
    const manifest = await checkReleaseStored(store.reader, ref, { known: base });
    const known = new Set(
      inventory.keptReleases().flatMap(({ assets: had = [] }) => had.map(({ digest }) => digest)),
    );
    await checkAssetsStored(manifest, folders, {
      store: assets?.store,
      isKnown: (digest) => known.has(digest),
    });
  }

  /** The release is registered: it needs no claims any more. */
  settle(app: AppName, version: ReleaseVersion): void {
    this.#options.claims.settle(`${app}@${version}`);
  }

  /** Whether the store says that it does not have a release. One that says nothing is no reason to deploy nothing. */
  async isLost({ digest }: Release): Promise<boolean> {
    const key = { kind: 'manifests', hex: hexOf(digest) } as const;
    const signal = AbortSignal.timeout(lookMs);
    const there = this.#options.store.reader.has(key, { signal });
    return (await there.catch(() => undefined)) === false;
  }

  async collectGarbage({
    call,
    signal,
    by,
  }: Job<CollectGarbageRequest__Output, CollectGarbageProgress>): Promise<void> {
    const { claims } = this.#options;
    const collect = async (): Promise<void> => {
      const { store, assets, operations, inventory, clock, keepReleases } = this.#options;
      const { dryRun } = call.request;
      const before = clock.now() - Number(call.request.graceMs);
      const managed = store.manage();
      const retired = dryRun
        ? inventory.releasesToGiveUp(keepReleases)
        : await operations.giveUpReleases(keepReleases, by);
      const gone = new Set(retired.map(nameOf));
      const kept = inventory.keptReleases().filter((release) => !gone.has(nameOf(release)));
      const pace = pacer(clock);
      const report = await collectGarbage({
        ...{ store: managed, kept, claims, before, dryRun, signal },
        onProgress(phase, done, total) {
          if (pace()) call.write({ phase, done, total });
        },
      });
      const ofAssets =
        assets === undefined
          ? undefined
          : await collectAssets({ store: assets.store, kept, claims, before, dryRun, signal });
      const result = {
        retired: retired.map(nameOf),
        removed: [...report.removed.map(countOf), ...countOfAssets(ofAssets?.removed)],
        kept: [...report.kept.map(countOf), ...countOfAssets(ofAssets?.kept)],
        young: { kind: '', ...sum(report.young, ofAssets?.young) },
        unfinished: report.unfinished + (ofAssets?.unfinished ?? 0),
      };
      await send(call, { phase: 'done', result }, signal);
    };
    await this.#alone('being tidied up', () => claims.whileCollecting(collect));
  }

  async verify({ call, signal }: Job<VerifyStoreRequest__Output, VerifyStoreProgress>): Promise<void> {
    await this.#alone('being verified', async () => {
      const { store, assets, inventory, clock } = this.#options;
      const pace = pacer(clock);
      const problems: StoreProblem[] = [];
      const flush = () =>
        problems.splice(0).map((problem) => ({ ...problem, releases: [...problem.releases] }));
      const result = await verifyStore({
        reader: store.reader,
        lister: listerOf(store),
        assets: assets?.store,
        releases: inventory.keptReleases(),
        signal,
        onProblem(problem) {
          problems.push(problem);
          if (problems.length >= maxProblems) call.write({ phase: 'objects', problems: flush() });
        },
        onProgress(phase, done, total) {
          if (pace()) call.write({ phase, done, total, problems: flush() });
        },
      });
      await send(call, { phase: 'done', problems: flush(), result }, signal);
    });
  }

  async #alone(what: string, run: () => Promise<void>): Promise<void> {
    if (this.#running !== undefined) {
      throw new CapstanError('refused', `The store is ${this.#running} already.`, {
        hint: 'Wait until that is done.',
      });
    }
    this.#running = what;
    try {
      await run().catch(asCoordinator);
    } finally {
      this.#running = undefined;
    }
  }
}

/**
 * It is the coordinator that was refused, with the credentials and the clock it has: whoever reads this sits elsewhere, and
 * would look for them there.
 */
function asCoordinator(thrown: unknown): never {
  if (!(thrown instanceof CapstanError) || thrown.code !== 'refused') throw thrown;
  const { message, hint } = thrown;
  throw new CapstanError('refused', `the coordinator cannot use its store: ${message}`, {
    ...(hint === undefined ? {} : { hint: `where the coordinator runs: ${hint}` }),
    cause: thrown,
  });
}

const nameOf = ({ app, version }: Release): string => `${app}@${version}`;

type Tally = Pick<ObjectCount, 'objects' | 'bytes'>;

const countOfAssets = (tally: Tally | undefined) =>
  tally === undefined ? [] : [{ kind: 'assets', objects: tally.objects, bytes: tally.bytes }];

const sum = (a: Tally, b: Tally = { objects: 0, bytes: 0 }): Tally => ({
  objects: a.objects + b.objects,
  bytes: a.bytes + b.bytes,
});

const countOf = ({ kind, objects, bytes }: ObjectCount) => ({ kind, objects, bytes });

/** What cannot be listed is verified as far as releases lead. */
function listerOf(store: ReleaseStore): ReturnType<ReleaseStore['manage']> | undefined {
  try {
    return store.manage();
  } catch {
    return undefined;
  }
}

/** True when it is time to tell again. */
function pacer(clock: Clock): () => boolean {
  let told = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.monotonic();
    if (now - told < paceMs) return false;
    told = now;
    return true;
  };
}
