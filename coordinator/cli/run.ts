import { CommanderError } from 'commander';
import { CapstanError } from '../../shared/model/errors.js';
import { reportError } from './errors.js';
import { type Globals, wantsJson } from './globals.js';
import type { Host } from './host.js';
import { type Act, openSession } from './session.js';

/**
 * Runs `capstan` with the arguments after its name.
 * @returns the exit code; nothing is thrown
 */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  let exitCode = 0;
  const act: Act = async (command, body) => {
    const session = openSession(command.optsWithGlobals<Globals>(), host);
    try {
      exitCode = (await body(session)) ?? 0;
    } finally {
      session.close();
    }
  };
  try {
    const { buildProgram } = await import('./program.js');
    const program = buildProgram(act, host, { silentErrors: wantsJson(argv) });
    await program.parseAsync(wordsOf(argv), { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usageExit(thrown, host, argv);
    return reportError(thrown, host, wantsJson(argv));
  }
}

/** `--version` is an option of `publish`, so that alone it cannot be one of the program. */
const wordsOf = (argv: readonly string[]): readonly string[] =>
  argv[0] === '--version' ? ['version', ...argv.slice(1)] : argv;

/** Help that was asked for ends with 0; help that was printed for want of a command does not. */
function usageExit(error: CommanderError, host: Host, argv: readonly string[]): number {
  if (error.exitCode === 0) return 0;
  if (wantsJson(argv)) {
    reportError(
      new CapstanError('invalid', 'A command is needed.', { hint: 'See `capstan --help`.' }),
      host,
      true,
    );
  }
  return 2;
}
