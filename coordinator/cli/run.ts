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
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usageExit(thrown, host, argv);
    return reportError(thrown, host, wantsJson(argv));
  }
}

/** Help and version end with 0; for every other fault commander has printed a sentence, unless JSON is wanted. */
function usageExit(error: CommanderError, host: Host, argv: readonly string[]): number {
  if (error.exitCode === 0) return 0;
  if (wantsJson(argv)) {
    const message = error.message.replace(/^error: /, '');
    reportError(
      new CapstanError('invalid', message === '(outputHelp)' ? 'A command is needed.' : message),
      host,
      true,
    );
  }
  return 2;
}
