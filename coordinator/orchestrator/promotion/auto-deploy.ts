import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import { candidates } from '../../core/promotion/candidates.js';
import { lackingChecks } from '../../core/promotion/gate.js';
import type { Lack } from '../../core/promotion/types.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { type DeployContext, deploy } from '../commands/deploy.js';
import { poisonFor } from '../poison.js';
import { memberEntries } from '../tending/members.js';
import {
  activeRollout,
  buildKey,
  environmentsOf,
  envKey,
  livenessOfNode,
  releasesOf,
  type World,
} from '../world.js';
import { lacking } from './gates.js';

/** What was refused, by a lock for instance, is tried again after so long. Milliseconds of up-time. */
const retryMs = 10_000;
const gatheringMs = 1000;
const never = Number.POSITIVE_INFINITY;

/**
 * Takes the environments of an application that say `autoDeploy` to the newest release that may come in, one after the other as
 * they stand in the pipeline. Nothing is replaced: what is under way ends first.
 */
export function autoDeploy(batch: Batch, app: AppName, newContext: () => DeployContext): void {
  let due = never;
  for (const environment of environmentsOf(batch.world, app)) {
    if (environment.spec.autoDeploy === undefined) continue;
    due = Math.min(due, goOn(batch, environment, newContext));
  }
  if (due === never) batch.world.autoDue.delete(app);
  else batch.world.autoDue.set(app, due);
}

/** @returns when to look again, if nothing happens before. Up-time in milliseconds */
function goOn(batch: Batch, environment: EnvironmentRecord, newContext: () => DeployContext): number {
  const { world, up } = batch;
  const { app, name: env } = environment;
  const key = envKey(app, env);
  if (activeRollout(world, app, env) !== undefined) {
    world.autoHeld.delete(key);
    return never;
  }
  let due = never;
  let poisoned: Release | undefined;
  for (const release of newerThanReached(world, environment)) {
    const lacks = autoLacks(world, environment, release, up);
    if (lacks.length > 0) {
      due = Math.min(due, up + bakesFor(lacks));
    } else if (poisonFor(world, environment, release) === undefined) {
      if (isGathering(world, environment, up)) return up + gatheringMs;
      return start(batch, environment, release, newContext());
    } else {
      poisoned ??= release;
    }
  }
  // Nothing else may come in: let the refusal be told.
  if (poisoned !== undefined) return Math.min(due, start(batch, environment, poisoned, newContext()));
  world.autoHeld.delete(key);
  return due;
}

/** Newest first. */
export function newerThanReached(world: World, environment: EnvironmentRecord): readonly Release[] {
  const releases = releasesOf(world, environment.app);
  // An older version of Capstan noted only what was wanted.
  const { wanted, reached = wanted === undefined ? undefined : releases.get(wanted) } = environment;
  return candidates([...releases.values()], reached);
}

/** After a start, and while the fleet is silent, a rollout would find nobody and skip them all: nobody is in a hurry then. */
function isGathering(world: World, { app, name }: EnvironmentRecord, up: number): boolean {
  const { startedAt, limits, suspectSince } = world.liveness;
  if (suspectSince !== undefined) return true;
  if (up >= startedAt + limits.startGraceMs) return false;
  return memberEntries(world, app, name).some(
    ({ record }) => livenessOfNode(world, record.name) !== 'connected',
  );
}

/** What keeps a release from being deployed by itself. */
export function autoLacks(
  world: World,
  environment: EnvironmentRecord,
  { app, digest }: Release,
  up: number,
): readonly Lack[] {
  const { promotion, autoDeploy: auto } = environment.spec;
  const own = (auto?.checks ?? []).filter((name) => promotion?.checks.includes(name) !== true);
  const checks = lackingChecks(own, world.builds.get(buildKey(app, digest)));
  return [...lacking(world, environment, { digest }, up), ...checks];
}

/** How long until a release has baked for long enough; for ever if it does not bake. */
function bakesFor(lacks: readonly Lack[]): number {
  const [left = never] = lacks.flatMap((lack) =>
    lack.kind === 'unbaked' && lack.goesOn ? [lack.bakeMs - lack.doneMs] : [],
  );
  return left;
}

function start(
  batch: Batch,
  { app, name: env }: EnvironmentRecord,
  { version }: Release,
  context: DeployContext,
): number {
  const key = envKey(app, env);
  const { autoHeld } = batch.world;
  try {
    const reason = 'autoDeploy: it is newer than what runs, and may come in';
    const command = { app, env, version, reason, allowEmpty: false, isLost: false };
    const { rollout } = deploy(batch, command, context);
    autoHeld.delete(key);
    // Where all nodes had it already, it is proven now: environments that stand before this one may go on.
    return rollout === '' ? batch.up : never;
  } catch (error) {
    if (!(error instanceof CapstanError) || error.code === 'internal') throw error;
    const { message, hint = '' } = error;
    const before = autoHeld.get(key);
    if (before?.version !== version || before.reason !== message) {
      autoHeld.set(key, { version, reason: message, hint, since: batch.up });
      batch.event('autoDeploy.refused', `${app} ${version} is not deployed to ${env} by itself: ${message}`, {
        ...{ app, env },
      });
    }
    return batch.up + retryMs;
  }
}
