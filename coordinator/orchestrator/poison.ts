import { CapstanError } from '../../shared/model/errors.js';
import type { Digest } from '../../shared/model/ids.js';
import type { AppStatus } from '../../shared/model/node-status.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import {
  blames,
  type Evidence,
  evidenceText,
  onlyConfig,
  type PoisonRecord,
  withEvidence,
} from '../core/poison.js';
import type { Target } from '../core/rollout/types/plan.js';
import type { AssignmentRecord, EnvironmentRecord } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import { timeText } from './locks/locks.js';
import { activeRollout, envKey, provenTarget, type World } from './world.js';

/**
 * A node says that the release it was to activate failed. Where the release is the proven one it has shown that it
 * works: then it is the node that is ill, or what came before.
 */
export function notePoison(batch: Batch, given: AssignmentRecord, { failure }: AppStatus): void {
  const { world, now } = batch;
  const { app, env, node, digest, version, rollout } = given;
  if (world.poisonAfter === 0 || given.intent !== 'activate') return;
  if (failure === undefined || !blames(failure.step)) return;
  const environment = world.environments.get(envKey(app, env));
  if (environment === undefined || isProven(environment, digest)) return;
  const { step, reason } = failure;
  const known = world.poison.get(digest);
  const evidence = { node, env, version, step, reason, rollout, at: now, ...configOf(world, given) };
  const poison = withEvidence(known, { digest, app }, evidence, world.poisonAfter);
  batch.putPoison(poison);
  if (poison.since === undefined || known?.since !== undefined) return;
  const message = `${app} ${version} is poisoned and refused everywhere: it failed on ${evidenceText(poison)}`;
  batch.event('release.poisoned', message, { app, env, ...(rollout === undefined ? {} : { rollout }) });
}

/** The values it ran with, and their number if the rollout that brought them is under way. */
function configOf(
  world: World,
  { app, env, configRevision }: AssignmentRecord,
): Pick<Evidence, 'configRevision' | 'config'> {
  const header = activeRollout(world, app, env)?.record.header;
  const ran = [header?.to, header?.from].find((target) => target?.configRevision === configRevision);
  return { configRevision, ...(ran?.configNumber === undefined ? {} : { config: ran.configNumber }) };
}

const isProven = (environment: EnvironmentRecord, digest: Digest): boolean =>
  provenTarget(environment)?.release.digest === digest;

/** The record of a release that may not come to this environment. */
export function poisonFor(
  world: World,
  environment: EnvironmentRecord,
  { digest }: Pick<ReleaseRef, 'digest'>,
): PoisonRecord | undefined {
  const poison = world.poison.get(digest);
  return poison?.since === undefined || isProven(environment, digest) ? undefined : poison;
}

/**
 * Why a release may not come to this environment, with the evidence; `since` in milliseconds since the epoch. Content is
 * refused with any values: nobody can tell from outside which of the two was to blame. But where it only ever failed with
 * other values than these, that is said.
 * @param configRevision of the values it would go out with; undefined: not known
 */
export function poisonRefusal(
  world: World,
  environment: EnvironmentRecord,
  release: ReleaseRef,
  configRevision?: string,
): { readonly sentence: string; readonly since: number; readonly hint: string } | undefined {
  const poison = poisonFor(world, environment, release);
  if (poison?.since === undefined) return undefined;
  const only = onlyConfig(poison);
  const isOther =
    only !== undefined && configRevision !== undefined && only.configRevision !== configRevision;
  const blame = isOther
    ? `Here it would go out with other values. If config ${only.config ?? 0} of ${only.env} was to blame, and not the release:`
    : 'Mend it and publish it under a new version. If it was not to blame:';
  return {
    sentence: `Release ${release.version} of "${poison.app}" is poisoned since ${timeText(poison.since)}: its content failed on ${evidenceText(poison)}.`,
    since: poison.since,
    hint: `${blame} capstan poison forgive ${poison.digest} --reason TEXT`,
  };
}

/** @throws CapstanError `refused`, with the evidence */
export function refusePoisoned(
  world: World,
  environment: EnvironmentRecord,
  { release, configRevision }: Target,
): void {
  const refusal = poisonRefusal(world, environment, release, configRevision);
  if (refusal !== undefined) throw new CapstanError('refused', refusal.sentence, { hint: refusal.hint });
}

/** Those that are refused, the newest first. */
export const poisonedIn = (world: World): readonly PoisonRecord[] =>
  [...world.poison.values()]
    .filter(({ since }) => since !== undefined)
    .sort((a, b) => (b.since ?? 0) - (a.since ?? 0));

/**
 * Forgets what is known of a digest, so that it may be deployed again; failures count from none.
 * @param prefix the digest, or enough of it
 * @throws CapstanError `notFound`, `invalid` if several begin so
 */
export function forgive(batch: Batch, prefix: string, reason: string, by: string): PoisonRecord {
  const wanted = prefix.startsWith('sha256:') ? prefix : `sha256:${prefix}`;
  const [poison, ...more] = poisonedIn(batch.world).filter(({ digest }) => digest.startsWith(wanted));
  if (poison === undefined) {
    throw new CapstanError('notFound', `No poisoned release has the digest ${prefix}.`, {
      hint: 'See `capstan poison list` for those there are.',
    });
  }
  if (more.length > 0) {
    throw new CapstanError(
      'invalid',
      `${String(more.length + 1)} poisoned releases have a digest that begins so.`,
      {
        hint: 'Give more of it.',
      },
    );
  }
  batch.removePoison(poison.digest);
  const versions = [...new Set(poison.evidence.map(({ version }) => version))].join(', ');
  const message = `${by} has forgiven ${poison.app} ${versions} (${poison.digest.slice(0, 19)}…), which had failed on ${evidenceText(poison)}`;
  batch.event('release.forgiven', message, { app: poison.app, actor: by, reason });
  return poison;
}
