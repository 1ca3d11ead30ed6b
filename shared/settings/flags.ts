import { parseArgs } from 'node:util';
import { nearest } from '../core/nearest.js';
import { CapstanError } from '../model/errors.js';
import { flagOf, type Program, type SettingsTable } from './table.js';

interface Flags {
  readonly help: boolean;
  readonly version: boolean;
  readonly config: string | undefined;
  /** By the setting's name: a text, a list of texts, or true/false. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** @throws CapstanError `invalid` that names the flag */
export function readFlags(program: Program, table: SettingsTable, argv: readonly string[]): Flags {
  const names = new Map(Object.keys(table).map((name) => [flagOf(name), name]));
  const { tokens } = parseArgs({
    args: [...argv],
    options: optionsOf(table),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, unknown>();
  const special = { help: false, version: false, config: undefined as string | undefined };
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional')
      throw wrong(program, `"${token.value}" is not expected: ${program.name} takes settings only.`);
    if (token.name === 'help' || token.name === 'h') special.help = true;
    else if (token.name === 'version') special.version = true;
    else if (token.name === 'config') special.config = textOf(program, token);
    else setFlag({ program, table, names, values }, token);
  }
  return { ...special, values };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

interface Target {
  readonly program: Program;
  readonly table: SettingsTable;
  readonly names: ReadonlyMap<string, string>;
  readonly values: Map<string, unknown>;
}

function setFlag({ program, table, names, values }: Target, token: OptionToken): void {
  const negated = !names.has(token.rawName.slice(2)) && token.rawName.startsWith('--no-');
  const flag = negated ? token.rawName.slice(5) : token.name;
  const name = names.get(flag);
  const setting = name === undefined ? undefined : table[name];
  if (name === undefined || setting === undefined || (negated && setting.shape !== 'switch')) {
    const near = nearest(flag, [...names.keys(), 'config', 'help', 'version']);
    throw wrong(
      program,
      `Unknown setting ${token.rawName}.`,
      near === undefined ? undefined : `Did you mean --${near}?`,
    );
  }
  if (setting.shape === 'switch') {
    if (token.value !== undefined && negated) throw wrong(program, `${token.rawName} takes no value.`);
    values.set(name, token.value ?? !negated);
  } else if (setting.shape === 'many') {
    const before: unknown = values.get(name);
    const entries: readonly unknown[] = Array.isArray(before) ? before : [];
    values.set(name, [...entries, textOf(program, token)]);
  } else {
    values.set(name, textOf(program, token));
  }
}

function textOf(program: Program, { value, rawName, inlineValue }: OptionToken): string {
  const swallowed = value?.startsWith('--') === true && inlineValue !== true;
  if (value === undefined || value === '' || swallowed) throw wrong(program, `${rawName} needs a value.`);
  return value;
}

function optionsOf(table: SettingsTable): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    config: { type: 'string' },
  };
  for (const [name, { shape }] of Object.entries(table)) {
    options[flagOf(name)] = { type: shape === 'switch' ? 'boolean' : 'string' };
  }
  return options;
}

const wrong = (
  program: Program,
  message: string,
  hint = `${program.name} --help lists all settings.`,
): CapstanError => new CapstanError('invalid', message, { hint });
