import type { AppStatus } from '../../shared/model/node-status.js';
import type { DatabaseFact, ReleaseRef } from '../../shared/model/release.js';
import { isPastDatabase } from '../core/rollout/database.js';
import type { Target } from '../core/rollout/types/plan.js';
import type { AssignmentRecord, EnvironmentRecord, PointOfNoReturn } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import { envKey, type World } from './world.js';

/** How many releases an environment remembers to have run the database steps of. */
const keptMigrations = 200;

/**
 * What a node says of the database step it was told to run; kept with the environment, for later rollouts and for
 * rollbacks, however the rollout ends that had it run.
 */
export function keepDatabase(batch: Batch, given: AssignmentRecord, status: AppStatus): void {
  const { app, env, version, digest, generation } = given;
  const environment = batch.world.environments.get(envKey(app, env));
  if (environment === undefined || given.database !== true || generation !== status.generation) return;
  if (status.pastReturn === true && environment.noReturn?.digest !== digest) {
    const publishedAt = batch.world.releases.get(app)?.get(version)?.publishedAt ?? 0;
    batch.putEnvironment({ ...environment, noReturn: { version, digest, publishedAt } });
  }
  const { migrated = [], ...kept } = batch.world.environments.get(envKey(app, env)) ?? environment;
  if (migrated.includes(digest) || !isPastDatabase(status)) return;
  batch.putEnvironment({ ...kept, migrated: [digest, ...migrated].slice(0, keptMigrations) });
}

/** The database step that a rollout of this release has to begin with; undefined: there is none, or it is done. */
export const dueStep = (
  { migrated = [] }: EnvironmentRecord,
  { digest, database }: ReleaseRef,
): DatabaseFact | undefined => (migrated.includes(digest) ? undefined : database);

/**
 * What keeps the environment from going back to this release: the database step of a newer one, which cannot be
 * reversed. Releases published later are taken to work with what it left.
 */
export function barrierTo(
  world: World,
  { app, noReturn }: EnvironmentRecord,
  target: Target | undefined,
): PointOfNoReturn | undefined {
  if (noReturn === undefined || target === undefined) return undefined;
  if (target.release.digest === noReturn.digest) return undefined;
  const publishedAt = world.releases.get(app)?.get(target.release.version)?.publishedAt ?? 0;
  return publishedAt < noReturn.publishedAt ? noReturn : undefined;
}

/**
 * An older release was deployed and proven beyond a point of no return: whoever deployed it has brought the database back by other
 * means, so the step has to be run again.
 */
export function forgetBarrier(
  world: World,
  environment: EnvironmentRecord,
  proven: Target,
): EnvironmentRecord {
  const barrier = barrierTo(world, environment, proven);
  if (barrier === undefined) return environment;
  const { migrated = [] } = environment;
  return {
    ...environment,
    noReturn: undefined,
    migrated: migrated.filter((digest) => digest !== barrier.digest),
  };
}
