import type { Release } from '../../../shared/model/release.js';
import { lackText } from '../../core/promotion/sentences.js';
import type { Lack } from '../../core/promotion/types.js';
import type { NextRelease, Standing } from '../../ports/inventory.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { activeRollout, buildKey, environmentsOf, envKey, type World } from '../world.js';
import { autoLacks, newerThanReached } from './auto-deploy.js';
import { lacking } from './gates.js';

/** How a release stands at the environments that have a gate, in the order of the pipeline. @param up in milliseconds */
export function standingsOf(world: World, release: Release, up: number): readonly Standing[] {
  const { app, digest } = release;
  const build = world.builds.get(buildKey(app, digest));
  return environmentsOf(world, app).flatMap((environment): readonly Standing[] => {
    const { name: env, spec } = environment;
    if (spec.promotion === undefined) return [];
    const lacks = lacking(world, environment, release, up).map(lackText);
    const approvals = build?.approvals.filter((approval) => approval.env === env) ?? [];
    const promotion = build?.promotions.find((record) => record.env === env);
    return [{ env, lacks, approvals, promotion }];
  });
}

/**
 * The newest release that is to come into an environment and does not come by itself, or not yet. One that has not proven itself
 * in the environment before is not at the gate.
 */
export function nextRelease(
  world: World,
  environment: EnvironmentRecord,
  up: number,
): NextRelease | undefined {
  const { app, name, spec } = environment;
  if (spec.promotion === undefined && spec.autoDeploy === undefined) return undefined;
  if (activeRollout(world, app, name) !== undefined) return undefined;
  for (const release of newerThanReached(world, environment)) {
    const lacks = autoLacks(world, environment, release, up);
    if (lacks.some(isElsewhere)) continue;
    const held = world.autoHeld.get(envKey(app, name));
    const isHeld = held?.version === release.version;
    return { version: release.version, lacks: isHeld ? [held.reason] : lacks.map(lackText) };
  }
  return undefined;
}

const isElsewhere = ({ kind }: Lack): boolean => kind === 'unproven';
