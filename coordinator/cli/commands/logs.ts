import { Command } from 'commander';
import type { Act } from '../session.js';
import { printable } from '../terminal/table.js';
import { example } from './example.js';
import { appName, positive } from './references.js';

/** The node answers through its next report, so this takes a poll and a report longer than other calls. */
const deadlineMs = 30_000;

export function logsCommand(act: Act): Command {
  const command = new Command('logs')
    .description("The end of an application's output on a node.")
    .argument('<node>', "the node's name")
    .argument('<app>', 'the application', appName)
    .option('--bytes <n>', 'at most this much of the end (default: 16384)', positive)
    .action((node: string, app: string, options: { readonly bytes?: number }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { node, app, maxBytes: options.bytes ?? 0 };
        const { text } = await client.call('Logs', request, { deadlineMs });
        if (text === '') session.remark(`There is no output of ${app} on ${node}.`);
        await session.print({ node, app, text }, () => (text === '' ? '' : `${printable(text).trimEnd()}\n`));
        return 0;
      }),
    );
  return example(command, 'capstan logs web-a-1 web');
}
