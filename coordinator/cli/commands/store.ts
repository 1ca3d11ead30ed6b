import { Command, InvalidArgumentError, Option } from 'commander';
import { formatBytes } from '../../../shared/core/bytes.js';
import { parseDuration } from '../../../shared/core/duration.js';
import { exitCodes } from '../../../shared/core/exit-codes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { StoreProblem } from '../../../shared/wire/operator-client.js';
import { type Act, interruption, type Session } from '../session.js';
import { progressOn } from '../terminal/progress.js';
import { garbageJson, garbageText, verifyJson, verifyText } from '../views/store.js';
import { toNumber } from '../views/wire-words.js';
import { example } from './example.js';

export function storeCommand(act: Act): Command {
  const command = new Command('store').description("The coordinator's store of releases.");
  for (const family of [collect, verify]) command.addCommand(family(act));
  return example(command, 'capstan store gc --dry-run');
}

interface CollectOptions {
  readonly grace: number;
  readonly dryRun?: boolean;
}

function collect(act: Act): Command {
  const command = new Command('gc')
    .description('Removes what no release needs that is kept, and no publisher is about to need.')
    .addOption(
      new Option('--grace <duration>', 'leave alone what was put there later than this long ago')
        .argParser(grace)
        .default(24 * 3_600_000, '24h'),
    )
    .option('--dry-run', 'only say what would be removed')
    .action((options: CollectOptions, self: Command) =>
      act(self, (session) => collectGarbage(session, options)),
    );
  return example(command, 'capstan store gc --dry-run', 'capstan store gc --grace 1h --output json');
}

function grace(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Give a duration such as 24h or 30m.');
  return ms;
}

function verify(act: Act): Command {
  const command = new Command('verify')
    .description(
      'Reads everything back and checks it; says which releases a fault hits. Exits with 1 if there is one.',
    )
    .action((_options: object, self: Command) => act(self, verifyStore));
  return example(command, 'capstan store verify', 'capstan store verify --output json');
}

async function collectGarbage(
  session: Session,
  { grace: graceMs, dryRun = false }: CollectOptions,
): Promise<number> {
  const client = await session.client();
  const progress = progressOn(session.host, { quiet: session.globals.quiet === true, format: String });
  const { interrupted: signal } = session.host;
  try {
    for await (const { phase, done, total, result } of client.stream(
      'CollectGarbage',
      { graceMs, dryRun },
      { signal },
    )) {
      if (result === null) {
        progress.update(phase, toNumber(done), toNumber(total));
        continue;
      }
      progress.end();
      const value = garbageJson(result, dryRun);
      await session.print(value, () => garbageText(value));
      return 0;
    }
    throw noResult();
  } catch (error) {
    throw interruption(
      session,
      error,
      'It was stopped; what was removed is removed, the rest is for the next time.',
    );
  } finally {
    progress.end();
  }
}

async function verifyStore(session: Session): Promise<number> {
  const client = await session.client();
  const progress = progressOn(session.host, { quiet: session.globals.quiet === true, format: formatBytes });
  const { interrupted: signal } = session.host;
  const problems: StoreProblem[] = [];
  try {
    for await (const message of client.stream('VerifyStore', {}, { signal })) {
      problems.push(...message.problems);
      // How many releases is soon told: a bar of bytes is what one waits for.
      if (message.phase === 'objects')
        progress.update('reading', toNumber(message.done), toNumber(message.total));
      if (message.result === null) continue;
      progress.end();
      const value = verifyJson(message.result, problems);
      await session.print(value, (paint) => verifyText(value, paint));
      return problems.length === 0 ? 0 : exitCodes.corrupt;
    }
    throw noResult();
  } catch (error) {
    throw interruption(session, error, 'It was stopped before everything was read.');
  } finally {
    progress.end();
  }
}

const noResult = (): CapstanError =>
  new CapstanError('unreachable', 'The coordinator broke off before it said how it went.');
