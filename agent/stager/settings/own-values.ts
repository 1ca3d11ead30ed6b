import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppName } from '../../../shared/model/ids.js';
import { type AppRules, noRules } from '../../../shared/model/node-rules.js';
import { parseNodeConf } from '../../../shared/spec/node-conf.js';

/** Values for services, hooks and probes, by their names. */
type NamedValues = Readonly<Record<string, string>>;

/** A node's own values, from `--env` or from `conf.d`. */
export interface OwnValues {
  readonly forAll: NamedValues;
  readonly forApp: readonly (readonly [AppName, NamedValues])[];
}

/** All that `conf.d` says: values, and what this node allows the releases of single applications. */
export interface OwnConf extends OwnValues {
  readonly rules: readonly (readonly [AppName, AppRules])[];
}

/**
 * Reads all `*.yml` of a folder in the order of their names; later files win. No folder says nothing.
 * @throws CapstanError `invalid` with file, line and column
 */
export function readConfDir(folder: string): OwnConf {
  let forAll: NamedValues = {};
  const forApp = new Map<AppName, NamedValues>();
  const rules = new Map<AppName, AppRules>();
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of names) {
    if (!/\.ya?ml$/.test(name) || name.startsWith('.')) continue;
    const file = join(folder, name);
    const { env, applications } = parseNodeConf(readFileSync(file, 'utf8'), file);
    forAll = { ...forAll, ...env };
    for (const [app, settings] of applications) {
      forApp.set(app, { ...forApp.get(app), ...settings.env });
      rules.set(app, { ...(rules.get(app) ?? noRules), ...settings.rules });
    }
  }
  return { forAll, forApp: [...forApp], rules: [...rules] };
}
