import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import { type AppRules, noRules, type SigningRules } from '../../../shared/model/node-rules.js';
import { type HasUser, parseNodeConf } from '../../../shared/spec/node-conf.js';
import { isConfFile } from './conf-file.js';

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
  /** Of signatures, for applications whose rules say nothing of them. */
  readonly signing: SigningRules;
  /** The files that say so: path and text. */
  readonly files: ConfFiles;
  /** Why what stands there now does not count, in a sentence; the rest is what was valid before. */
  readonly refused?: string;
}

type ConfFiles = readonly (readonly [string, string])[];

/**
 * Reads all `*.yml` of a folder in the order of their names; later files win. No folder says nothing.
 * @param hasUser whether this host has a user; left out, it is not asked
 * @throws CapstanError `invalid` with file, line and column
 */
export function readConfDir(folder: string, hasUser?: HasUser): OwnConf {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const paths = names.filter(isConfFile).map((name) => join(folder, name));
  return confOf(
    paths.map((path) => [path, readConfFile(path)]),
    hasUser,
  );
}

/** @throws CapstanError `invalid` that names the file */
function readConfFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why =
      { EISDIR: 'is a directory', ENOENT: 'is a link that leads nowhere' }[code] ??
      `cannot be read (${code})`;
    throw new CapstanError('invalid', `It ${why}.`, {
      location: { file },
      hint: 'Remove it, or put a file in its place.',
      cause,
    });
  }
}

/** @throws CapstanError `invalid` with file, line and column */
export function confOf(files: ConfFiles, hasUser?: HasUser): OwnConf {
  let forAll: NamedValues = {};
  const forApp = new Map<AppName, NamedValues>();
  const rules = new Map<AppName, AppRules>();
  let signing: SigningRules = {};
  for (const [file, text] of files) {
    const { env, applications, ...said } = parseNodeConf(text, file, hasUser);
    forAll = { ...forAll, ...env };
    signing = { ...signing, ...said.signing };
    for (const [app, settings] of applications) {
      forApp.set(app, { ...forApp.get(app), ...settings.env });
      rules.set(app, { ...(rules.get(app) ?? noRules), ...settings.rules });
    }
  }
  return { forAll, forApp: [...forApp], rules: [...rules], signing, files };
}
