import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import type { Command } from 'commander';
import { enrolTable } from '../../../agent/stager/identity/enrol.js';
import { settingsTable as agentSettings } from '../../../agent/stager/settings/settings.js';
import { buildProgram } from '../../../coordinator/cli/program.js';
import { settingsTable as coordinatorSettings } from '../../../coordinator/config.js';
import { ownFlags } from '../../../coordinator/io/backup/command.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { flagOf, type SettingsTable } from '../../../shared/settings/table.js';

const root = packageRoot();
const markdownIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const guides = markdownIn('docs');
const all = [
  ...markdownIn('.'),
  ...guides,
  ...markdownIn('docs/adr'),
  'systemd/README.md',
  'test/sim/README.md',
];
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Blocks of code hold no links, and no headings. */
const prose = (file: string): string => textOf(file).replaceAll(/^ *```[^]*?^ *```$/gm, '');

/** As GitHub names the place of a heading. */
const anchorsIn = (file: string): ReadonlySet<string> =>
  new Set(
    [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe('the guides', () => {
  it('have no dead links', () => {
    const dead = all.flatMap((file) =>
      [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
        if (/^[a-z]+:/.test(target)) return [];
        const [path = '', anchor] = target.split('#');
        const to = path === '' ? file : relative(root, join(root, dirname(file), path));
        const isThere = existsSync(join(root, to));
        if (isThere && (anchor === undefined || anchorsIn(to).has(anchor))) return [];
        return [`${file}: ${target}`];
      }),
    );
    expect(dead).to.deep.equal([]);
  });

  it('are all found from the README', () => {
    const readme = textOf('README.md');
    expect(guides.filter((guide) => !readme.includes(`(${guide}`))).to.deep.equal([]);
  });

  it('name every folder of the programs in ARCHITECTURE.md', () => {
    const architecture = textOf('ARCHITECTURE.md');
    const foldersIn = (folder: string): readonly string[] =>
      readdirSync(join(root, folder))
        .map((name) => join(folder, name))
        .filter((path) => statSync(join(root, path)).isDirectory() && !path.endsWith('/gen'))
        .flatMap((path) => [path, ...foldersIn(path)]);
    const missing = ['agent', 'coordinator', 'shared'].flatMap(foldersIn).filter((path) => {
      const [name = ''] = path.split('/').slice(-1);
      return !new RegExp(`[\`/{,(]\\s?\`?${name}/`).test(architecture);
    });
    expect(missing).to.deep.equal([]);
  });
});

const host = {
  env: {},
  stdout: {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: () => undefined,
    writeBytes: () => Promise.resolve(),
  },
  stderr: {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: () => undefined,
    writeBytes: () => Promise.resolve(),
  },
  home: '/nonexistent',
  user: 'tester',
  interrupted: new AbortController().signal,
};
const capstan = buildProgram(() => Promise.resolve(), host, { silentErrors: true });

const optionsOf = (command: Command): readonly string[] =>
  command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []);
const below = (command: Command): readonly Command[] =>
  [command, ...command.commands.flatMap(below)].filter((child) => !child.name().startsWith('__'));
const flagsIn = (text: string): readonly string[] => text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [];

/** The command that words lead to, as far as they do. */
function commandAt(words: readonly string[]): Command {
  let at = capstan;
  for (const word of words) {
    const next = at.commands.find((child) => child.name() === word);
    if (next === undefined) break;
    at = next;
  }
  return at;
}

describe('the options in the guides', () => {
  const texts = [...guides, 'README.md'].map((file) => [file, textOf(file)] as const);
  const daemons: Readonly<Record<string, SettingsTable>> = {
    'capstan-coordinator': coordinatorSettings,
    'capstan-agent': agentSettings,
  };

  it('are those that the command has', () => {
    const wrong = texts.flatMap(([file, text]) =>
      [
        ...text.replaceAll(/ *\\\n */g, ' ').matchAll(/(capstan(?:-coordinator|-agent)?) ([^\n`|;]*)/g),
      ].flatMap(([, program = '', rest = '']) => {
        const [line = ''] = rest.split(' #');
        const [word = ''] = line.split(' ');
        const own = program === 'capstan-coordinator' && (word === 'backup' || word === 'restore');
        const { values, flags } = own ? ownFlags[word] : { values: [], flags: [] };
        const table = line.startsWith('enrol ') ? enrolTable : daemons[program];
        const known =
          table === undefined
            ? [...optionsOf(capstan), ...optionsOf(commandAt(line.split(' '))), '--help']
            : [
                ...[...Object.keys(table).map(flagOf), ...values, ...flags].map((name) => `--${name}`),
                ...['--config', '--help', '--version', '--output'],
              ];
        return flagsIn(line)
          .filter((flag) => !known.includes(flag))
          .map((flag) => `${file}: ${program} ${line.trim()}: ${flag}`);
      }),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('are all that the commands have', () => {
    const told = new Set(texts.flatMap(([, text]) => flagsIn(text)));
    const untold = below(capstan).flatMap((command) =>
      optionsOf(command)
        .filter((flag) => !told.has(flag))
        .map((flag) => `${command.name()} ${flag}`),
    );
    expect(untold).to.deep.equal([]);
  });
});
