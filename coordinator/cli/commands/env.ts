import { Command, InvalidArgumentError } from 'commander';
import { parseWhen, whenRule } from '../../../shared/core/when.js';
import type { LockKind } from '../../../shared/model/lock.js';
import type { Act } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { clearedText, lockJson, lockText } from '../views/locks.js';
import { example } from './example.js';
import { given, newIdempotencyKey, type Scope, scope } from './references.js';

export function envCommand(act: Act): Command {
  const command = new Command('env').description(
    'Environments: who may deploy to them, and whether anybody may.',
  );
  command.addCommand(
    setCommand(
      act,
      'lock',
      'lock',
      'Lets nobody but you deploy to an environment, or to all of an application.',
    ),
  );
  command.addCommand(clearCommand(act, 'unlock', 'lock', 'Lets everybody deploy again.'));
  command.addCommand(
    setCommand(act, 'freeze', 'freeze', 'Lets nobody deploy; rollouts under way wait between nodes.'),
  );
  command.addCommand(clearCommand(act, 'thaw', 'freeze', 'Ends a freeze: rollouts go on where they were.'));
  return example(command, 'capstan env lock web/production --reason "cutting over the database" --until 2h');
}

/** What takes them away. */
const opposites = { lock: 'unlock', freeze: 'thaw' } as const satisfies Record<LockKind, string>;

interface SetOptions {
  readonly reason: string;
  readonly until?: string;
}

function setCommand(act: Act, name: string, kind: LockKind, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('<app/env>', 'the environment, or an application for all of its environments', scope)
    .requiredOption('--reason <text>', 'why; told to everybody it keeps from deploying', given)
    .option(
      '--until <time>',
      `when it ends by itself: ${whenRule}; without it, not before \`env ${opposites[kind]}\``,
      when,
    )
    .action(({ app, env }: Scope, { reason, until = '' }: SetOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { app, env, kind, reason, until, idempotencyKey: newIdempotencyKey() };
        const value = lockJson(await client.call('LockEnvironment', request));
        const end = `It ends with \`capstan env ${opposites[kind]} ${value.scope} --reason TEXT\`, and not by itself.\n`;
        const text = `${oneLine(lockText(value, kind))}\n${value.until === undefined ? end : ''}`;
        await session.print(value, () => text);
        return 0;
      }),
    );
  return example(
    command,
    `capstan env ${name} web/production --reason "the sale" --until 2026-11-30T08:00:00Z`,
  );
}

interface ClearOptions {
  readonly reason: string;
  readonly force?: boolean;
}

function clearCommand(act: Act, name: string, kind: LockKind, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('<app/env>', 'the environment, or the application', scope)
    .requiredOption('--reason <text>', 'why; kept with the event', given)
    .option('--force', 'also what somebody else has set')
    .action(({ app, env }: Scope, { reason, force = false }: ClearOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { app, env, kind, reason, force, idempotencyKey: newIdempotencyKey() };
        const value = lockJson(await client.call('UnlockEnvironment', request));
        await session.print(value, () => `${oneLine(clearedText(value, kind))}\n`);
        return 0;
      }),
    );
  return example(command, `capstan env ${name} web/production --reason "it is over"`);
}

/** The coordinator's clock says when that is; here it is only looked whether it can be a time. */
function when(text: string): string {
  if (parseWhen(text, Date.now()) !== undefined) return text;
  throw new InvalidArgumentError(`Give ${whenRule}.`);
}
