import { Command } from 'commander';
import type { Act } from '../session.js';
import { configJson, configListText, configText } from '../views/config.js';
import { example } from './example.js';
import { type EnvironmentName, environmentName, positive } from './references.js';

export function configCommand(act: Act): Command {
  const command = new Command('config')
    .description('Config releases: what the values of an environment were and are.')
    .addCommand(list(act))
    .addCommand(show(act));
  return example(command, 'capstan config list web/production');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('The config releases of an environment, newest first, and what each changed.')
    .argument('<app/env>', 'the environment', environmentName)
    .action((place: EnvironmentName, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { configs } = await client.call('ListConfigs', place);
        const values = configs.map(configJson);
        await session.print(values, (paint) => configListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan config list web/production --output json');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One config release: its values, and what it changed.')
    .argument('<app/env>', 'the environment', environmentName)
    .argument('[number]', 'the newest if it is left out', positive)
    .action((place: EnvironmentName, number: number | undefined, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const view = await client.call('GetConfig', { ...place, number: number ?? 0 });
        const value = { ...configJson(view), values: view.values };
        await session.print(value, (paint) => configText(place, value, paint));
        return 0;
      }),
    );
  return example(
    command,
    'capstan config show web/production 3',
    'capstan deploy web@1.4.0 --env production --config 3',
  );
}
