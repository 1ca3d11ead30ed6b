import type { ApplicationSpec } from '../../../shared/model/application.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { EnvironmentName } from '../../ports/operations.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { clearHint, lockSentence, locksOn } from '../locks/locks.js';
import { activeRollout, environmentsOf, provenTarget, type World } from '../world.js';

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
    const [held] = (['lock', 'freeze'] as const).flatMap((kind) => locksOn(world, kind, app, name));
    if (held !== undefined) throw gone(environment, lockSentence(held), clearHint(held, by));
    const active = activeRollout(world, app, name);
    if (active !== undefined) {
      const { id } = active.record.header;
      const hint = `Wait for it, or end it with \`capstan rollout abort ${id}\`.`;
      throw gone(environment, `rollout ${id} is under way there`, hint);
    }
    const [memory] = memoryOf(environment);
    if (memory === undefined || remove.some(({ app: of, env }) => of === app && env === name)) continue;
    const hint = `Was it renamed, or left out by mistake? What Capstan knows of it would be gone with it. If that is meant: \`capstan apply … --remove ${app}/${name}\`.`;
    throw gone(environment, memory, hint);
  }
}

const gone = ({ app, name }: EnvironmentRecord, but: string, hint: string): CapstanError =>
  new CapstanError('refused', `${app}/${name} is gone from the spec, but ${but}.`, { hint });

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
    const why = spec === undefined ? `no file has the application ${app}` : 'it is in the file';
    throw new CapstanError('invalid', `${app}/${env} is not to be removed: ${why}.`, {
      hint: 'An environment goes when the file of its application no longer has it and --remove names it.',
    });
  }
}
