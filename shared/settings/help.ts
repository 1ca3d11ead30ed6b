import { flagOf, type Program, type SettingsTable, variableOf } from './table.js';

const width = 100;
const indent = 6;

/** `--help` of a daemon: every setting with its variable and default. */
export function helpText(program: Program, table: SettingsTable): string {
  const lines = [
    `Usage: ${program.name} [--config FILE] [SETTING]...`,
    '',
    ...wrap(program.summary, 0),
    '',
    'Settings come from the file, the environment and the flags; later wins. Keys of the file are',
    'the names of the flags without the dashes.',
    '',
    '  --config FILE',
    ...wrap('YAML file of settings. (CAPSTAN_CONFIG)', indent),
  ];
  for (const [name, setting] of Object.entries(table)) {
    const value = setting.placeholder === '' ? '' : ` ${setting.placeholder}`;
    const repeated = setting.shape === 'many' ? '   (may be repeated)' : '';
    const fallback = setting.defaultText === '' ? '' : ` Default: ${setting.defaultText}.`;
    lines.push(`  --${flagOf(name)}${value}${repeated}`);
    lines.push(...wrap(`${setting.help}${fallback} (${variableOf(name)})`, indent));
  }
  lines.push(
    '  --help, -h',
    ...wrap('Print this.', indent),
    '  --version',
    ...wrap('Print the version.', indent),
  );
  return `${lines.join('\n')}\n`;
}

function wrap(text: string, by: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && by + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((entry) => `${' '.repeat(by)}${entry}`);
}
