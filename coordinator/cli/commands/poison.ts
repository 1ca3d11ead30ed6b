import { Command } from 'commander';
import type { Act } from '../session.js';
import { poisonJson, poisonListText, poisonText } from '../views/poison.js';
import { example } from './example.js';
import { given, newIdempotencyKey } from './references.js';

export function poisonCommand(act: Act): Command {
  const command = new Command('poison')
    .description(
      'Releases whose content failed on too many nodes: refused everywhere until they are forgiven.',
    )
    .addCommand(list(act))
    .addCommand(forgive(act));
  return example(command, 'capstan poison list');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('What is refused, and the nodes it failed on.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { poison } = await client.call('ListPoison', {});
        const values = poison.map(poisonJson);
        await session.print(values, (paint) => poisonListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan poison list --output json');
}

function forgive(act: Act): Command {
  const command = new Command('forgive')
    .description('Lets it be deployed again; failures count from none.')
    .argument('<digest>', 'of the release, or enough of it')
    .requiredOption('--reason <text>', 'why it was not to blame; kept with the event', given)
    .action((digest: string, { reason }: { readonly reason: string }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { digest, reason, idempotencyKey: newIdempotencyKey() };
        const value = poisonJson(await client.call('ForgivePoison', request));
        await session.print(value, (paint) => `Forgiven: ${poisonText(value, paint)}`);
        return 0;
      }),
    );
  return example(command, 'capstan poison forgive sha256:1f2e3d4c5b6a --reason "the disks were full"');
}
