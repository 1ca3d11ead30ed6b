import { nearest } from '../../../../shared/core/nearest.js';
import type { ApplicationSpec } from '../../../../shared/model/application.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { EnvironmentName } from '../../../ports/operations.js';
import type { EnvironmentRecord } from '../../../ports/state-store.js';
import type { Batch } from '../../batch.js';
import { clearHint, lockSentence, locksOn } from '../../locks/locks.js';
import { forgetGates } from '../../promotion/records.js';
import { activeRollout, environmentsOf, envKey, provenTarget, type World } from '../../world.js';

/**
 * May the environments go that are no longer in a spec? One that was ever deployed to is known by more than its spec, and by
 * nothing once it is gone: that has to be meant, and named.
 * @param remove those that are meant
 * @throws CapstanError `refused`
 */
export function checkRemovals(
  world: World,
  spec: ApplicationSpec,
  { by, remove }: { readonly by: string; readonly remove: readonly EnvironmentName[] },
): void {
  const kept = new Set(spec.environments.map(({ name }) => name));
  for (const environment of environmentsOf(world, spec.name)) {
    const { app, name } = environment;
    if (kept.has(name)) continue;
    const obstacle = obstacleTo(world, environment, by);
    if (obstacle !== undefined) throw gone(environment, obstacle.why, obstacle.hint);
    const [memory] = memoryOf(environment);
    if (memory === undefined || remove.some(({ app: of, env }) => of === app && env === name)) continue;
    const slip = remove.find((meant) => meant.app === app && !world.environments.has(envKey(app, meant.env)));
    const asked =
      slip === undefined
        ? 'Was it renamed, or left out by mistake?'
        : `There is no ${app}/${slip.env}, which --remove names.`;
    const hint = `${asked} What Capstan knows of it would be gone with it. If that is meant: \`capstan apply … --remove ${app}/${name}\`.`;
    throw gone(environment, memory, hint);
  }
}

/** What keeps everybody from taking an environment away: it is kept shut, or something goes on in it. */
export function obstacleTo(
  world: World,
  { app, name }: EnvironmentRecord,
  by: string,
): { readonly why: string; readonly hint: string } | undefined {
  const [held] = (['lock', 'freeze'] as const).flatMap((kind) => locksOn(world, kind, app, name));
  if (held !== undefined) return { why: lockSentence(held), hint: clearHint(held, by) };
  const active = activeRollout(world, app, name);
  if (active === undefined) return undefined;
  const { id } = active.record.header;
  return {
    why: `rollout ${id} is under way in ${app}/${name}`,
    hint: `Wait for it, or end it with \`capstan rollout abort ${id}\`.`,
  };
}

const gone = ({ app, name }: EnvironmentRecord, but: string, hint: string): CapstanError =>
  new CapstanError('refused', `${app}/${name} is gone from the spec, but ${but}.`, { hint });

/**
 * Takes it away with what was approved for it and let into it: an environment that comes to have its name is another one, and
 * nobody has let anything into that.
 */
export function removeEnvironment(batch: Batch, environment: EnvironmentRecord): void {
  forgetGates(batch, environment);
  batch.removeEnvironment(environment);
}

/** What nobody would know any more without the environment, each the end of a sentence; nothing if it was never deployed to. */
export function memoryOf(environment: EnvironmentRecord): readonly string[] {
  const { reached, wanted, noReturn, activeSlot } = environment;
  const proven = provenTarget(environment)?.release.version;
  const asked = reached?.version ?? wanted;
  return [
    ...(proven === undefined ? [] : [`${proven} is proven there`]),
    ...(proven !== undefined || asked === undefined ? [] : [`${asked} was asked for there`]),
    ...(noReturn === undefined ? [] : [`nothing goes back behind the database step of ${noReturn.version}`]),
    ...(activeSlot === undefined ? [] : [`${activeSlot} takes the requests`]),
  ];
}

/**
 * A slip in what is to go must not pass for "it is gone already".
 * @throws CapstanError `invalid` if one is in the files, or of an application that is in none
 */
export function checkMeant(specs: readonly ApplicationSpec[], remove: readonly EnvironmentName[]): void {
  for (const { app, env } of remove) {
    const spec = specs.find(({ name }) => name === app);
    if (spec?.environments.every(({ name }) => name !== env) === true) continue;
    const near = nearest(
      app,
      specs.map(({ name }) => name),
    );
    const guess = near === undefined ? '' : `; did you mean ${near}/${env}?`;
    const why = spec === undefined ? `no file has the application ${app}${guess}` : 'it is in the file';
    throw new CapstanError(
      'invalid',
      `${app}/${env} is not to be removed: ${why}${why.endsWith('?') ? '' : '.'}`,
      {
        hint: 'An environment goes when the file of its application no longer has it and --remove names it.',
      },
    );
  }
}
