import { CapstanError } from '../../../shared/model/errors.js';
import type { Release } from '../../../shared/model/release.js';
import { assetValues } from '../../core/asset-values.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { provenTarget, type World } from '../world.js';
import { chosenConfig } from './config-releases.js';

export interface TargetContext {
  /** The first 8 hexadecimal digits of the SHA-256 of the values in a canonical form. */
  readonly revisionOf: (config: Readonly<Record<string, string>>) => string;
  /** What the URL of every asset begins with; undefined: there is no store for assets. */
  readonly assetsUrl: string | undefined;
}

/**
 * A release with the values it goes out with.
 * @param number of the config release; undefined: the newest
 */
export function targetOf(
  world: World,
  environment: EnvironmentRecord,
  release: Release,
  { revisionOf, assetsUrl }: TargetContext,
  number?: number,
): Target {
  if (assetsUrl === undefined && release.assets !== undefined) {
    throw new CapstanError(
      'refused',
      `Release ${release.version} of "${release.app}" has assets, and there is no store for them.`,
      {
        hint: 'Start the coordinator with the --assets-store and --assets-url it had when the release was published.',
      },
    );
  }
  const chosen = chosenConfig(world, environment, number);
  const config = { ...chosen.values, ...assetValues(release, assetsUrl ?? '') };
  return {
    release,
    config,
    configRevision: revisionOf(config),
    ...(chosen.number === undefined ? {} : { configNumber: chosen.number }),
  };
}

/** That other values go out than those that run; '' if they are the same. */
export function configNote(environment: EnvironmentRecord, { configNumber }: Target): string {
  const runs = provenTarget(environment)?.configNumber;
  if (configNumber === undefined || runs === undefined || configNumber === runs) return '';
  return `config ${configNumber} goes with it; config ${runs} was proven last`;
}
