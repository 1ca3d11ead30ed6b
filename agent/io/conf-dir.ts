import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../shared/model/errors.js';
import type { AppName } from '../../shared/model/ids.js';
import type { Logger } from '../../shared/ports/logger.js';
import { parseNodeConf } from '../../shared/spec/node-conf.js';
import type { OwnValues } from './node-values.js';

/**
 * Reads all `*.yml` of a folder in the order of their names; later files win. No folder says nothing.
 * @throws CapstanError `invalid` with file, line and column
 */
export function readConfDir(folder: string): OwnValues {
  let merged: OwnValues = { forAll: {}, forApp: new Map() };
  if (!existsSync(folder)) return merged;
  for (const name of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(name) || name.startsWith('.')) continue;
    const file = join(folder, name);
    const { env, applications } = parseNodeConf(readFileSync(file, 'utf8'), file);
    const forApp = new Map([...applications].map(([app, settings]) => [app, settings.env] as const));
    merged = mergeValues(merged, { forAll: env, forApp });
  }
  return merged;
}

/** What `over` says wins. */
export function mergeValues(under: OwnValues, over: OwnValues): OwnValues {
  const forApp = new Map<AppName, Readonly<Record<string, string>>>(under.forApp);
  for (const [app, values] of over.forApp) forApp.set(app, { ...forApp.get(app), ...values });
  return { forAll: { ...under.forAll, ...over.forAll }, forApp };
}

/**
 * Applies valid changes of the folder at once; an invalid one is refused with its line, and what was valid before stays.
 * chokidar is loaded only if there is a folder to watch.
 * @returns what ends the watching
 */
export async function watchConfDir(
  folder: string,
  log: Logger,
  apply: (values: OwnValues) => void,
): Promise<() => Promise<void>> {
  if (!existsSync(folder)) return () => Promise.resolve();
  const { watch } = await import('chokidar');
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: 0,
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 50 },
  });
  const reread = (): void => {
    try {
      apply(readConfDir(folder));
      log.info('conf.applied', { folder });
    } catch (thrown) {
      const { message, location } = CapstanError.from(thrown);
      log.error('conf.refused', { message, location });
    }
  };
  watcher.on('error', (error) => {
    log.warn('conf.unwatched', { folder, error });
  });
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
  });
  watcher.on('all', reread);
  return () => watcher.close();
}
