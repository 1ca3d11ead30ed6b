import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Change } from '../../../shared/wire/operator-client.js';
import type { Act } from '../session.js';
import { type Paint, statusTone } from '../terminal/style.js';
import { oneLine } from '../terminal/table.js';
import { example } from './example.js';
import { collect, environmentName, newIdempotencyKey } from './references.js';

interface Options {
  readonly file: readonly string[];
  readonly dryRun?: boolean;
  readonly remove?: readonly string[];
}

export function applyCommand(act: Act): Command {
  const command = new Command('apply')
    .description('Creates and changes applications and their environments as files describe them.')
    .requiredOption(
      '-f, --file <file>',
      'YAML file, - for standard input; may be given several times',
      collect,
    )
    .option('--dry-run', 'only print what would change')
    .option(
      '--remove <app/env>',
      'an environment that may go, since no file has it, although it was deployed to; may be given several times',
      (text: string, before: readonly string[] | undefined) => {
        const { app, env } = environmentName(text);
        return collect(`${app}/${env}`, before);
      },
    )
    .action((options: Options, self: Command) =>
      act(self, async (session) => {
        const files = await readSpecs(options.file);
        const client = await session.client();
        const dryRun = options.dryRun === true;
        const remove = [...(options.remove ?? [])];
        const request = { files, dryRun, remove, idempotencyKey: newIdempotencyKey() };
        const { changes, warnings } = await client.call('Apply', request);
        for (const warning of warnings) session.remark(`warning: ${oneLine(warning)}`);
        const value = { dryRun, changes: changes.map(changeJson), warnings };
        await session.print(value, (paint) => changesText(changes, dryRun, paint));
        return 0;
      }),
    );
  return example(
    command,
    'capstan apply -f web.yml',
    'capstan apply -f web.yml --dry-run',
    'capstan apply -f web.yml --remove web/staging',
  );
}

/** Reads the files and finds what is wrong with them before anything is sent. */
async function readSpecs(names: readonly string[]): Promise<{ name: string; text: string }[]> {
  const { parseApplicationSpecs } = await import('../../../shared/spec/application.js');
  const files: { name: string; text: string }[] = [];
  for (const name of names) {
    const text = await readSpec(name);
    parseApplicationSpecs(text, name);
    files.push({ name, text });
  }
  return files;
}

async function readSpec(name: string): Promise<string> {
  try {
    return name === '-' ? await readAll(process.stdin) : await readFile(name, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = missing ? 'The file is not there.' : 'The file cannot be read.';
    throw new CapstanError('invalid', message, { location: { file: name }, cause });
  }
}

const changeJson = ({ kind, name, action, details }: Change) => ({ kind, name, action, details });

function changesText(changes: readonly Change[], dryRun: boolean, paint: Paint): string {
  const lines = changes.flatMap(({ kind, name, action, details }) => [
    oneLine(`${kind} ${name} `) + paint(statusTone(action), action),
    ...details.map((detail) => `  ${oneLine(detail)}`),
  ]);
  if (changes.every(({ action }) => action === 'unchanged')) lines.push('Nothing to change.');
  else if (dryRun) lines.push('Nothing was changed: this was a dry run.');
  return `${lines.join('\n')}\n`;
}
