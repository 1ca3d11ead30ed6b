import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import { type AtGate, lacksOf } from '../../core/promotion/gate.js';
import { provenMs } from '../../core/promotion/proven-times.js';
import { lackHints, lackText } from '../../core/promotion/sentences.js';
import type { Lack } from '../../core/promotion/types.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { buildKey, envKey, type World } from '../world.js';

interface Build {
  readonly version: ReleaseVersion;
  readonly digest: Digest;
}

/** What keeps a release out of an environment; nothing if it may come in. @param up in milliseconds */
export function lacking(
  world: World,
  environment: EnvironmentRecord,
  { digest }: Pick<Build, 'digest'>,
  up: number,
): readonly Lack[] {
  const { app, name: env, spec } = environment;
  return lacksOf({
    env,
    rule: spec.promotion,
    build: world.builds.get(buildKey(app, digest)),
    publishers: spec.promotion?.fourEyes === true ? publishersOf(world, app, digest) : [],
    wasHere: environment.proven.some(({ release }) => release.digest === digest),
    before: proofIn(world, environment, digest, up),
  });
}

export function publishersOf(world: World, app: AppName, digest: Digest): readonly string[] {
  const releases = [...(world.releases.get(app)?.values() ?? [])];
  return [...new Set(releases.filter((known) => known.digest === digest).map((known) => known.publishedBy))];
}

function proofIn(
  world: World,
  { app, spec }: EnvironmentRecord,
  digest: Digest,
  up: number,
): AtGate['before'] {
  const from = spec.promotion?.from;
  const before = from === undefined ? undefined : world.environments.get(envKey(app, from));
  const proven = before?.proven.some(({ release }) => release.digest === digest) === true;
  const goesOn = before?.proven[0]?.release.digest === digest;
  // What was proven when nobody noted times yet has been there for long.
  const bakedMs = provenMs(before?.provenTimes ?? [], digest, up) ?? Number.POSITIVE_INFINITY;
  return { proven, bakedMs, goesOn };
}

/** @throws CapstanError `refused`, with all that is lacking and what to do about it */
export function refuseUnpromoted(
  world: World,
  environment: EnvironmentRecord,
  release: Build,
  up: number,
): void {
  const lacks = lacking(world, environment, release, up);
  if (lacks.length === 0) return;
  const { app, name: env } = environment;
  const { version } = release;
  throw new CapstanError('refused', `${refusalText({ app, env, version }, lacks)}.`, {
    hint: lackHints(lacks, { app, env, version }),
  });
}

/** `web 1.4.0 may not come into production: check smoke was not recorded` */
export const refusalText = (
  { app, env, version }: { readonly app: string; readonly env: EnvName; readonly version: ReleaseVersion },
  lacks: readonly Lack[],
): string => `${app} ${version} may not come into ${env}: ${lacks.map(lackText).join('; ')}`;
