import { CapstanError } from '../../../../shared/model/errors.js';
import type { AppName, EnvName } from '../../../../shared/model/ids.js';
import { stepUnderWay } from '../../../core/rollout/database.js';
import { listed, plural } from '../../../core/rollout/explain/sentences.js';
import { byItself, type RemoveCommand, type RemoveOutcome } from '../../../ports/operations.js';
import type { AssignmentRecord } from '../../../ports/state-store.js';
import type { Batch } from '../../batch.js';
import { environmentOf } from '../../tending/members.js';
import { environmentsOf, isMemberCandidate, type NodeEntry, statusOf, type World } from '../../world.js';
import { requireApplication } from '../places.js';
import { obstacleTo, removeEnvironment } from './environments.js';

/**
 * Forgets an application. Where nodes have it, only if that is meant: then its environments go at once, the nodes stop it and
 * take it off, and the last of them ends it. Until then nothing but a new `apply` brings it back.
 * @throws CapstanError `notFound`, `refused` with what keeps it
 */
export function removeApplication(
  batch: Batch,
  { app, stop, reason }: RemoveCommand,
  by: string,
): RemoveOutcome {
  const { world } = batch;
  // One that was published under a slip in its name has releases, and nothing else.
  if ((world.releases.get(app)?.size ?? 0) === 0) requireApplication(world, app);
  const environments = environmentsOf(world, app);
  for (const environment of environments) {
    const obstacle = obstacleTo(world, environment, by);
    if (obstacle !== undefined)
      throw new CapstanError('refused', `${app} cannot be removed: ${obstacle.why}.`, {
        hint: obstacle.hint,
      });
  }
  const holders = [...world.nodes.values()].filter((entry) => isHolder(world, entry, app));
  if (holders.length > 0 && !stop) throw stillThere(app, holders);
  for (const entry of holders) takeOff(batch, entry, app, environments[0]?.name);
  for (const environment of environments) removeEnvironment(batch, environment);
  const fields = { app, actor: by, reason };
  const leaving = [...(world.leaving.get(app) ?? [])];
  if (leaving.length === 0) {
    batch.removeApplication(app);
    batch.event('application.removed', `${by} removed application ${app}`, fields);
  } else {
    const message = `${by} removes application ${app}: ${plural(leaving.length, 'node')} take it off first (${listed(leaving)})`;
    batch.event('application.leaving', message, fields);
  }
  return { leaving };
}

/** A node has taken the application off, or has left the fleet: if it was the last that had it, nobody knows it any more. */
export function noteLeft(batch: Batch, { app, intent }: Pick<AssignmentRecord, 'app' | 'intent'>): void {
  const { world } = batch;
  if (intent !== 'remove' || (world.leaving.get(app)?.size ?? 0) > 0) return;
  // It was applied anew meanwhile.
  if (environmentsOf(world, app).length > 0) return;
  batch.removeApplication(app);
  batch.event('application.removed', `application ${app} was removed: no node has it any more`, {
    ...{ app, actor: byItself },
  });
}

/** It was told of it, or has something of it on its disk. */
function isHolder(world: World, entry: NodeEntry, app: AppName): boolean {
  if (!isMemberCandidate(entry)) return false;
  if (world.assignments.get(entry.record.name)?.has(app) === true) return true;
  const status = statusOf(entry, app);
  return status !== undefined && status.phase !== 'removed' && status.current !== undefined;
}

function stillThere(app: AppName, holders: readonly NodeEntry[]): CapstanError {
  const names = holders.map(({ record }) => record.name);
  const have = names.length === 1 ? 'has' : 'have';
  return new CapstanError(
    'refused',
    `${plural(names.length, 'node')} still ${have} ${app}: ${listed(names)}.`,
    {
      hint: `To have it stopped there, all at once, and taken off them: \`capstan app remove ${app} --stop --reason TEXT\`.`,
    },
  );
}

/** @param env where a node that nobody told of the application is counted; undefined: it is left alone */
function takeOff(batch: Batch, entry: NodeEntry, app: AppName, env: EnvName | undefined): void {
  const { world } = batch;
  const { name } = entry.record;
  const before = world.assignments.get(name)?.get(app) ?? heldWithoutWord(world, entry, app, env);
  if (before === undefined || (before.intent === 'remove' && before.state === 'open')) return;
  const generation = world.nextGeneration;
  world.nextGeneration += 1;
  batch.putAssignment({
    ...before,
    ...{ generation, intent: 'remove', state: 'open', rollout: undefined, givenAt: batch.now },
    ...{
      drain: true,
      restart: false,
      database: false,
      recalled: stepUnderWay(before),
      fetchBytesPerSecond: 0,
    },
  });
  batch.woken.add(name);
}

/** Of a node that came back after it was decommissioned, and holds what it has. */
function heldWithoutWord(
  world: World,
  entry: NodeEntry,
  app: AppName,
  first: EnvName | undefined,
): AssignmentRecord | undefined {
  const { name: node } = entry.record;
  const env = environmentOf(world, app, node) ?? first;
  const current = statusOf(entry, app)?.current;
  const known = [...(world.releases.get(app)?.values() ?? [])];
  const release = known.find(({ digest }) => digest === current?.digest) ?? known.at(-1);
  if (env === undefined || release === undefined) return undefined;
  const { version, digest } = release;
  return {
    ...{ node, app, env, generation: 0, intent: 'activate', version, digest, configRevision: '' },
    ...{ liveConfigRevision: '', drain: true, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 0 },
    ...{ fetchBytesPerSecond: 0, rollout: undefined, state: 'done' },
  };
}
