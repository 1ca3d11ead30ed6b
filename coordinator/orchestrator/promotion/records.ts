import { nearest } from '../../../shared/core/nearest.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import { type Approval, type BuildRecord, maxChecks } from '../../core/promotion/types.js';
import type { CheckCommand, GateCommand, RecordOutcome } from '../../ports/operations.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { requireRelease } from '../commands/deploy.js';
import { findEnvironment } from '../commands/places.js';
import { buildKey, environmentsOf, type World } from '../world.js';
import { publishersOf, refuseUnpromoted } from './gates.js';

/** Keeps what became of a check; the newest word of each name counts, but a failure over the passing of who yields to it. */
export function recordCheck(batch: Batch, command: CheckCommand, by: string): RecordOutcome {
  const { app, version, name, passed, reason } = command;
  const release = requireRelease(batch.world, app, version);
  const build = buildOf(batch.world, release);
  const before = build.checks.find((check) => check.name === name);
  const known = before !== undefined;
  if (command.yields === true && passed && before?.passed === false && before.by !== by) {
    const note = `check ${name} of ${app} ${version} stays failed, as ${before.by} recorded, though ${by} says that it passed`;
    batch.event('check.stands', note, { app, actor: by, reason });
    return { note };
  }
  if (!known && build.checks.length >= maxChecks) {
    throw new CapstanError('refused', `${app} ${version} has ${String(maxChecks)} checks already.`, {
      hint: 'Use one of their names, see `capstan release show`.',
    });
  }
  const record = { name, passed, by, at: batch.now, reason };
  const checks = known
    ? build.checks.map((check) => (check.name === name ? record : check))
    : [...build.checks, record];
  batch.putBuild({ ...build, checks });
  const message = `${by} recorded that check ${name} of ${app} ${version} ${passed ? 'passed' : 'failed'}`;
  batch.event('check.recorded', message, { app, actor: by, reason });
  return { note: unaskedNote(batch.world, app, name) };
}

/** A slip in the name of a check would let nobody in, and nobody know why. */
function unaskedNote(world: World, app: AppName, name: string): string {
  const asked = new Set(
    environmentsOf(world, app).flatMap(({ spec }) => [
      ...(spec.promotion?.checks ?? []),
      ...(spec.autoDeploy?.checks ?? []),
    ]),
  );
  if (asked.has(name)) return '';
  const near = nearest(name, [...asked]);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  const others = asked.size === 0 || near !== undefined ? '' : `; they ask for ${[...asked].join(', ')}`;
  return `no environment of ${app} asks for a check "${name}"${meant}${others}`;
}

/** One person's word for a build. Twice the same is once. */
export function approve(batch: Batch, command: GateCommand, by: string): RecordOutcome {
  const { app, version, env, reason } = command;
  const { spec } = findEnvironment(batch.world, app, env);
  const release = requireRelease(batch.world, app, version);
  const build = buildOf(batch.world, release);
  if (build.approvals.some((approval) => approval.env === env && approval.by === by)) {
    return { note: `${by} has approved it already` };
  }
  const approval: Approval = { env, by, at: batch.now, reason };
  batch.putBuild({ ...build, approvals: [...build.approvals, approval] });
  batch.event('release.approved', `${by} approved ${app} ${version} for ${env}`, {
    ...{ app, env, actor: by, reason },
  });
  const { approvals = 0, fourEyes = false } = spec.promotion ?? {};
  if (approvals === 0) return { note: `${env} asks for no approvals` };
  const isOwn = fourEyes && publishersOf(batch.world, app, release.digest).includes(by);
  return { note: isOwn ? `${by} published it, and ${env} asks for the approval of others` : '' };
}

/**
 * Lets a build into an environment for good. It is deployed there by itself only where the environment says so.
 * @throws CapstanError `refused` with what is lacking
 */
export function promote(batch: Batch, command: GateCommand, by: string): RecordOutcome {
  const { app, version, env, reason } = command;
  const environment = findEnvironment(batch.world, app, env);
  const release = requireRelease(batch.world, app, version);
  if (environment.spec.promotion === undefined) return { note: `${env} takes every release` };
  refuseUnpromoted(batch.world, environment, release, batch.up);
  const build = buildOf(batch.world, release);
  if (build.promotions.some((promotion) => promotion.env === env)) {
    return { note: `${version} was promoted to ${env} already` };
  }
  const promotion: Approval = { env, by, at: batch.now, reason };
  batch.putBuild({ ...build, promotions: [...build.promotions, promotion] });
  batch.event('release.promoted', `${by} promoted ${app} ${version} to ${env}`, {
    ...{ app, env, actor: by, reason },
  });
  return { note: '' };
}

/** What was approved for an environment, and let into it, ends with it. */
export function forgetGates(batch: Batch, { app, name }: Pick<EnvironmentRecord, 'app' | 'name'>): void {
  const isElsewhere = ({ env }: Approval): boolean => env !== name;
  for (const build of [...batch.world.builds.values()]) {
    if (build.app !== app) continue;
    const approvals = build.approvals.filter(isElsewhere);
    const promotions = build.promotions.filter(isElsewhere);
    if (approvals.length < build.approvals.length || promotions.length < build.promotions.length)
      batch.putBuild({ ...build, approvals, promotions });
  }
}

const buildOf = (world: World, { app, digest }: Release): BuildRecord =>
  world.builds.get(buildKey(app, digest)) ?? { app, digest, checks: [], approvals: [], promotions: [] };
