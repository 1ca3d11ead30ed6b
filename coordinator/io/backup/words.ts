import { CapstanError } from '../../../shared/model/errors.js';

/** What a command takes beside the settings. */
export interface OwnWords {
  /** The word right after the command, if it is none of its flags. */
  readonly first: string | undefined;
  /** By their names, without dashes. */
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  /** The settings. */
  readonly rest: readonly string[];
}

/**
 * Takes a command's own flags out of its arguments, and leaves the others as they are.
 * @throws CapstanError `invalid` for a flag without its value
 */
export function ownWords(
  argv: readonly string[],
  own: { readonly values: readonly string[]; readonly flags: readonly string[] },
): OwnWords {
  const [head, ...tail] = argv;
  const first = head?.startsWith('-') === false ? head : undefined;
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const rest: string[] = [];
  const words = [...(first === undefined ? argv : tail)];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (own.flags.includes(name)) flags.add(name);
    else if (!own.values.includes(name)) rest.push(word);
    else {
      const value = inline ?? words.shift();
      if (value === undefined || value === '') throw new CapstanError('invalid', `--${name} needs a value.`);
      values.set(name, value);
    }
  }
  return { first, values, flags, rest };
}
