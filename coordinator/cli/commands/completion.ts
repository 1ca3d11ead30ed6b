import { Argument, Command } from 'commander';
import { complete } from '../completion/complete.js';
import { namesFrom } from '../completion/names.js';
import { completionScript, type Shell, shells } from '../completion/scripts.js';
import type { Act } from '../session.js';
import { example } from './example.js';

export function completionCommand(act: Act): Command {
  const command = new Command('completion')
    .description('Prints what teaches a shell to complete this program.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell: Shell, _options: object, self: Command) =>
      act(self, async (session) => {
        const script = completionScript(shell);
        await session.print({ shell, script }, () => script);
        return 0;
      }),
    );
  return example(command, 'source <(capstan completion bash)');
}

/** Called by the scripts above with the words of the line; prints a candidate a line, and nothing if it fails. */
export function completeCommand(act: Act): Command {
  return new Command('__complete')
    .argument('[words...]')
    .action((words: readonly string[], _options: object, self: Command) =>
      act(self, async (session) => {
        const program = self.parent;
        if (program === null) return 0;
        const candidates = await complete(program, words, async (kind) => {
          try {
            return await namesFrom(await session.client(), kind, words);
          } catch {
            return []; // without a coordinator there are no names; the shell must not print errors while typing
          }
        });
        session.host.stdout.write(candidates.map((candidate) => `${candidate}\n`).join(''));
        return 0;
      }),
    );
}
