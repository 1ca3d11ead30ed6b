import type { Argument, Command, Option } from 'commander';

/** Names that only the coordinator knows. */
export type NameKind =
  | 'apps'
  | 'environments'
  | 'places'
  | 'releases'
  | 'rollouts'
  | 'nodes'
  | 'subjects'
  | 'checks'
  | 'consumers'
  | 'tokens'
  | 'operators';
type Names = (kind: NameKind, words: readonly string[]) => Promise<readonly string[]>;

/** Which names an argument or an option's value takes, by what it is called in the tree of commands. */
const kinds: Readonly<Record<string, NameKind>> = {
  app: 'apps',
  env: 'environments',
  'app/env': 'places',
  'app@version': 'releases',
  rollout: 'rollouts',
  node: 'nodes',
  nodes: 'nodes',
  subject: 'subjects',
  check: 'checks',
  consumer: 'consumers',
  token: 'tokens',
  operator: 'operators',
};

/**
 * What the last of `words` (those after `capstan`) may become. Nothing leaves it to the shell, which completes files.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  names: Names,
): Promise<readonly string[]> {
  const current = words.at(-1) ?? '';
  const position = walk(program, words.slice(0, -1));
  const candidates = await candidatesFor(position, current, words, names);
  return candidates.filter((candidate) => candidate.startsWith(current));
}

interface Position {
  readonly command: Command;
  /** How many arguments of the command are there already. */
  readonly given: number;
  /** The option whose value comes next. */
  readonly option: Option | undefined;
}

function walk(program: Command, words: readonly string[]): Position {
  let command = program;
  let given = 0;
  let option: Option | undefined;
  for (const word of words) {
    if (option !== undefined) {
      option = undefined;
    } else if (word.startsWith('-')) {
      const found = optionsOf(command).find(({ long, short }) => word === long || word === short);
      option = found !== undefined && (found.required || found.optional) ? found : undefined;
    } else {
      const child = visible(command).find((candidate) => candidate.name() === word);
      if (child === undefined) given += 1;
      else command = child;
    }
  }
  return { command, given, option };
}

async function candidatesFor(
  { command, given, option }: Position,
  current: string,
  words: readonly string[],
  names: Names,
): Promise<readonly string[]> {
  if (option !== undefined) {
    if (option.argChoices !== undefined) return option.argChoices;
    const kind = kinds[placeholder(option)];
    return kind === undefined ? [] : names(kind, words);
  }
  if (current.startsWith('-')) return [...optionsOf(command).flatMap(({ long }) => long ?? []), '--help'];
  const children = visible(command);
  if (children.length > 0) return children.map((child) => child.name());
  const argument = argumentAt(command, given);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices;
  const kind = kinds[argument.name()];
  return kind === undefined ? [] : names(kind, words);
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[index] ?? (last?.variadic === true ? last : undefined);
}

/** `--env <env>` → `env` */
const placeholder = ({ flags }: Option): string => /[<[]([^\].>]+)/.exec(flags)?.[1] ?? '';

function optionsOf(command: Command): readonly Option[] {
  const inherited = command.parent === null ? [] : optionsOf(command.parent);
  return [...command.options, ...inherited].filter((option) => !option.hidden);
}

/** Hidden commands are those that help leaves out. */
const visible = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
