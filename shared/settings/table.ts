import type { Setting } from './kinds.js';

/** The settings of a program, by their names in the code; flag, variable and key of the file follow from the name. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export interface Program {
  readonly name: string;
  /** One sentence, for the head of `--help`. */
  readonly summary: string;
}

export type Loaded<Table extends SettingsTable> =
  | { readonly kind: 'run'; readonly settings: SettingsOf<Table> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' };

/** `dataDir` → `data-dir`: the flag (after `--`) and the key of the file. */
export const flagOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** `dataDir` → `CAPSTAN_DATA_DIR` */
export const variableOf = (name: string): string =>
  `CAPSTAN_${flagOf(name).replaceAll('-', '_').toUpperCase()}`;
