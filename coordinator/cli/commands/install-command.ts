import { Command, InvalidArgumentError } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import { isPublicKey, type PublicKey } from '../../../shared/model/ids.js';
import type { Act } from '../session.js';
import { installLine, noPackageHint } from '../views/install.js';
import { example } from './example.js';

/** For those who have a token already, and for upgrades. */
export function installCommand(act: Act): Command {
  const command = new Command('install-command')
    .description(
      'Prints the command that installs the agent on a server, or upgrades it there. A server that is no node yet needs a join token as well: `capstan token create` prints the command with one.',
    )
    .option('--trust <key>', trustHelp, trustedKeys)
    .action(({ trust = [] }: { readonly trust?: readonly PublicKey[] }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const line = installLine(await client.call('ShowCa', {}), { trust });
        if (line === undefined) {
          const message = 'This coordinator has no package of the agent to install.';
          throw new CapstanError('notFound', message, { hint: noPackageHint });
        }
        await session.print({ install: line }, () => `${line}\n`);
        return 0;
      }),
    );
  return example(command, 'capstan install-command --trust "$(capstan key show release.key)"');
}

export const trustHelp =
  'a public key whose releases the server may run, as `capstan key show` prints it (repeatable)';

/** Collects them. */
export function trustedKeys(text: string, before: readonly PublicKey[] | undefined): readonly PublicKey[] {
  if (isPublicKey(text)) return [...(before ?? []), text];
  throw new InvalidArgumentError('Give a public key, as `capstan key show` prints it.');
}
