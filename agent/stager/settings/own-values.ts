import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppName } from '../../../shared/model/ids.js';
import { parseNodeConf } from '../../../shared/spec/node-conf.js';

/** Values for services, hooks and probes, by their names. */
type NamedValues = Readonly<Record<string, string>>;

/** A node's own values, from `--env` or from `conf.d`. */
export interface OwnValues {
  readonly forAll: NamedValues;
  readonly forApp: readonly (readonly [AppName, NamedValues])[];
}

/**
 * Reads all `*.yml` of a folder in the order of their names; later files win. No folder says nothing.
 * @throws CapstanError `invalid` with file, line and column
 */
export function readConfDir(folder: string): OwnValues {
  let forAll: NamedValues = {};
  const forApp = new Map<AppName, NamedValues>();
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of names) {
    if (!/\.ya?ml$/.test(name) || name.startsWith('.')) continue;
    const file = join(folder, name);
    const { env, applications } = parseNodeConf(readFileSync(file, 'utf8'), file);
    forAll = { ...forAll, ...env };
    for (const [app, settings] of applications) forApp.set(app, { ...forApp.get(app), ...settings.env });
  }
  return { forAll, forApp: [...forApp] };
}
