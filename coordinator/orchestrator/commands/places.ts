import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName } from '../../../shared/model/ids.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { environmentNames, envKey, type World } from '../world.js';

/** @throws CapstanError `notFound` */
export function requireApplication(world: World, app: AppName): void {
  if (world.applications.has(app)) return;
  throw new CapstanError('notFound', `There is no application "${app}".`, {
    hint: 'See `capstan app list` for those there are, or create it with `capstan apply -f FILE`.',
  });
}

/** @throws CapstanError `notFound`: no such application, or it has no such environment */
export function findEnvironment(world: World, app: AppName, env: EnvName): EnvironmentRecord {
  requireApplication(world, app);
  const environment = world.environments.get(envKey(app, env));
  if (environment !== undefined) return environment;
  const names = environmentNames(world, app);
  throw new CapstanError('notFound', `Application "${app}" has no environment "${env}".`, {
    hint: names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`,
  });
}
