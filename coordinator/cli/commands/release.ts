import { Command } from 'commander';
import type { Act } from '../session.js';
import { releaseJson, releaseListText, releaseText } from '../views/catalogue.js';
import { example } from './example.js';
import { exportToFile } from './export.js';
import { appName, positive, type ReleaseName, releaseName } from './references.js';

export function releaseCommand(act: Act): Command {
  const command = new Command('release').description('Published releases.');
  for (const family of [list, show, exportRelease]) command.addCommand(family(act));
  return example(command, 'capstan release list web');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('Releases, newest first.')
    .argument('[app]', 'one application only', appName)
    .option('--limit <n>', 'at most this many (default: 50)', positive)
    .action((app: string | undefined, options: { readonly limit?: number }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { releases } = await client.call('ListReleases', { app: app ?? '', limit: options.limit ?? 0 });
        const values = releases.map(releaseJson);
        await session.print(values, (paint) => releaseListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan release list web --limit 5');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One release: its digest, its sizes, where it runs.')
    .argument('<app@version>', 'the release', releaseName)
    .action(({ app, version }: ReleaseName, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const value = releaseJson(await client.call('GetRelease', { app, version }));
        await session.print(value, (paint) => releaseText(value, paint));
        return 0;
      }),
    );
  return example(command, 'capstan release show web@1.4.0');
}

function exportRelease(act: Act): Command {
  const command = new Command('export')
    .description('Writes a release as a plain tar archive.')
    .argument('<app@version>', 'the release', releaseName)
    .argument('<file>', 'the archive to write, - for standard output')
    .option('--store <url>', "read it from this store, not from the coordinator's")
    .action((release: ReleaseName, file: string, options: { readonly store?: string }, self: Command) =>
      act(self, (session) => exportToFile(session, release, file, options.store)),
    );
  return example(
    command,
    'capstan release export web@1.4.0 web.tar',
    'capstan release export web@1.4.0 - | tar -t',
  );
}
