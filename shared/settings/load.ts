import { readFileSync } from 'node:fs';
import { nearest } from '../core/nearest.js';
import { CapstanError, type Location } from '../model/errors.js';
import { parseYaml, type YamlSource } from '../spec/yaml-source.js';
import { readFlags } from './flags.js';
import { helpText } from './help.js';
import type { Setting } from './kinds.js';
import {
  flagOf,
  type Loaded,
  type Program,
  type SettingsOf,
  type SettingsTable,
  variableOf,
} from './table.js';

interface Origin {
  readonly value: unknown;
  /** `--data-dir`, `CAPSTAN_DATA_DIR` or `data-dir`. */
  readonly label: string;
  readonly location?: Location;
}

/**
 * Merges file, environment and flags (later wins) and checks the outcome.
 * @param argv the arguments after the program's name
 * @throws CapstanError `invalid` that names the flag, the variable, or the file with line and column
 */
export function loadSettings<Table extends SettingsTable>(
  program: Program,
  table: Table,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Loaded<Table> {
  const flags = readFlags(program, table, argv);
  if (flags.help) return { kind: 'help', text: helpText(program, table) };
  if (flags.version) return { kind: 'version' };
  const file = flags.config ?? nonEmpty(env['CAPSTAN_CONFIG']);
  const source = file === undefined ? undefined : readSource(file);
  if (source !== undefined) refuseUnknown(table, source);
  const settings = Object.fromEntries(
    Object.entries(table).map(([name, setting]) => {
      const origin =
        fromFlags(name, flags.values) ?? fromVariable(name, setting, env) ?? fromFile(name, source);
      return [name, origin === undefined ? setting.fallback : check(setting, origin)];
    }),
  );
  return { kind: 'run', settings: settings as SettingsOf<Table> };
}

function fromFlags(name: string, values: ReadonlyMap<string, unknown>): Origin | undefined {
  return values.has(name) ? { value: values.get(name), label: `--${flagOf(name)}` } : undefined;
}

function fromVariable(
  name: string,
  setting: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
): Origin | undefined {
  const label = variableOf(name);
  const written = nonEmpty(env[label]);
  if (written === undefined) return undefined;
  return { value: setting.shape === 'many' ? written.split(',') : written, label };
}

function fromFile(name: string, source: YamlSource | undefined): Origin | undefined {
  const key = flagOf(name);
  const value = source === undefined ? undefined : mapOf(source)[key];
  if (source === undefined || value === undefined) return undefined;
  return { value, label: key, location: source.locate([key]) };
}

function check(setting: Setting<unknown>, { value, label, location }: Origin): unknown {
  const result = setting.schema.safeParse(value);
  if (result.success) return result.data;
  const problem = result.error.issues[0]?.message ?? 'is not valid';
  const shown = typeof value === 'string' ? ` (it is "${value.slice(0, 100)}")` : '';
  throw new CapstanError(
    'invalid',
    `${label} ${problem}${shown}.`,
    location === undefined ? {} : { location },
  );
}

function readSource(file: string): YamlSource | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = missing
      ? 'The configuration file is not there.'
      : 'The configuration file cannot be read.';
    throw new CapstanError('invalid', message, { location: { file }, cause });
  }
  const [source, second] = parseYaml(text, file);
  if (second !== undefined) {
    throw new CapstanError('invalid', 'The file must hold one document only.', {
      location: second.locate([]),
    });
  }
  return source;
}

function refuseUnknown(table: SettingsTable, source: YamlSource): void {
  const known = Object.keys(table).map(flagOf);
  for (const key of Object.keys(mapOf(source))) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? '--help lists all settings.' : `Did you mean "${near}"?`;
    throw new CapstanError('invalid', `Unknown setting "${key}".`, {
      location: source.locate([key], 'key'),
      hint,
    });
  }
}

function mapOf(source: YamlSource): Readonly<Record<string, unknown>> {
  const { value } = source;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new CapstanError('invalid', 'The file must be a map of settings.', { location: source.locate([]) });
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
