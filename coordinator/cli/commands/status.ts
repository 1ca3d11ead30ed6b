import { Command } from 'commander';
import type { Act } from '../session.js';
import { statusJson, statusText } from '../views/catalogue.js';
import { example } from './example.js';
import { appName } from './references.js';

export function statusCommand(act: Act): Command {
  const command = new Command('status')
    .description('What runs where, and what is under way.')
    .argument('[app]', 'one application only', appName)
    .action((app: string | undefined, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const answer = await client.call('Status', { app: app ?? '' });
        const environments = answer.environments.map(statusJson);
        await session.print(environments, (paint) => statusText(environments, paint));
        return 0;
      }),
    );
  return example(command, 'capstan status web');
}
