import { Command } from 'commander';
import type { Act } from '../session.js';
import { applicationJson, applicationListText, applicationText, removalText } from '../views/catalogue.js';
import { example } from './example.js';
import { appName, given, newIdempotencyKey } from './references.js';

export function appCommand(act: Act): Command {
  const command = new Command('app')
    .description('Applications and their environments.')
    .addCommand(list(act))
    .addCommand(show(act))
    .addCommand(remove(act));
  return example(command, 'capstan app list');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('All applications.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { applications } = await client.call('ListApplications', {});
        const apps = applications.map(applicationJson);
        await session.print(apps, (paint) => applicationListText(apps, paint));
        return 0;
      }),
    );
  return example(command, 'capstan app list --output json');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One application: its environments, and its spec as applied.')
    .argument('<app>', 'the application', appName)
    .action((app: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const view = await client.call('GetApplication', { app });
        const value = applicationJson(view);
        await session.print({ ...value, spec: view.spec }, (paint) =>
          applicationText(value, view.spec, paint),
        );
        return 0;
      }),
    );
  return example(command, 'capstan app show web');
}

interface RemoveOptions {
  readonly reason: string;
  readonly stop?: boolean;
}

function remove(act: Act): Command {
  const command = new Command('remove')
    .description('Forgets an application: its environments, releases and what was recorded of them.')
    .argument('<app>', 'the application', appName)
    .requiredOption('--reason <text>', 'why; kept with the event', given)
    .option(
      '--stop',
      'also if nodes have it: they stop it, all at once, and take it off; then it is forgotten',
    )
    .action((app: string, { reason, stop = false }: RemoveOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { app, reason, stop, idempotencyKey: newIdempotencyKey() };
        const { leaving } = await client.call('RemoveApplication', request);
        await session.print({ name: app, removed: leaving.length === 0, leaving }, () =>
          removalText(app, leaving),
        );
        return 0;
      }),
    );
  return example(
    command,
    'capstan app remove web --reason "replaced by shop"',
    'capstan app remove web --stop --reason "replaced by shop"',
  );
}
