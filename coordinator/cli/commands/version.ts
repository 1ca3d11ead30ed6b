import { Command } from 'commander';
import { packageVersion } from '../../../shared/io/package-root.js';
import type { Act } from '../session.js';
import { example } from './example.js';

export function versionCommand(act: Act): Command {
  const command = new Command('version')
    .description('The version of this program.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const version = packageVersion();
        await session.print({ version, nodeVersion: process.versions.node }, () => `capstan ${version}\n`);
        return 0;
      }),
    );
  return example(command, 'capstan version');
}
