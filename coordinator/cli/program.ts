import { Command, type CommanderError, Help } from 'commander';
import { CapstanError } from '../../shared/model/errors.js';
import { appCommand } from './commands/app.js';
import { applyCommand } from './commands/apply.js';
import { completeCommand, completionCommand } from './commands/completion.js';
import { configCommand } from './commands/config.js';
import { deployCommand, restartCommand, rollbackCommand, stageCommand } from './commands/deploy.js';
import { envCommand } from './commands/env.js';
import { eventsCommand } from './commands/events.js';
import { installCommand } from './commands/install-command.js';
import { keyCommand } from './commands/key.js';
import { loginCommand } from './commands/login.js';
import { logsCommand } from './commands/logs.js';
import { nodeCommand } from './commands/node.js';
import { operatorCommand } from './commands/operator.js';
import { planCommand } from './commands/plan.js';
import { poisonCommand } from './commands/poison.js';
import { approveCommand, checkCommand, promoteCommand } from './commands/promotion.js';
import { publishCommand } from './commands/publish.js';
import { releaseCommand } from './commands/release.js';
import { rolloutCommand } from './commands/rollout.js';
import { statusCommand } from './commands/status.js';
import { storeCommand } from './commands/store.js';
import { caCommand, tokenCommand } from './commands/token.js';
import { versionCommand } from './commands/version.js';
import { whyCommand } from './commands/why.js';
import { addGlobals } from './globals.js';
import type { Host } from './host.js';
import type { Act } from './session.js';

/** The whole tree of commands. */
export function buildProgram(
  act: Act,
  host: Host,
  { silentErrors }: { readonly silentErrors: boolean },
): Command {
  const program = addGlobals(new Command('capstan'))
    .description('Deploys software to fleets of servers.')
    .helpCommand(false);
  const families = [
    publishCommand,
    applyCommand,
    planCommand,
    deployCommand,
    stageCommand,
    restartCommand,
    rollbackCommand,
    checkCommand,
    approveCommand,
    promoteCommand,
    statusCommand,
    rolloutCommand,
    envCommand,
    poisonCommand,
    nodeCommand,
    tokenCommand,
    caCommand,
    installCommand,
    operatorCommand,
    loginCommand,
    releaseCommand,
    appCommand,
    configCommand,
    storeCommand,
    keyCommand,
    whyCommand,
    eventsCommand,
    logsCommand,
    completionCommand,
    versionCommand,
  ];
  for (const family of families) program.addCommand(family(act));
  program.addCommand(completeCommand(act), { hidden: true });
  program.addHelpText(
    'after',
    '\nExample:\n  $ capstan status\n\nEvery command has --help with an example of its own.',
  );
  for (const command of all(program)) prepare(command, host, silentErrors);
  return program;
}

function prepare(command: Command, host: Host, silentErrors: boolean): void {
  const help = new Help();
  command
    .exitOverride((error) => {
      throw usageFault(error, command);
    })
    .configureHelp({
      showGlobalOptions: true,
      optionDescription: (option) =>
        `${help.optionDescription(option)}${option.mandatory ? ' (required)' : ''}`,
    })
    .configureOutput({
      writeOut: (text) => {
        host.stdout.write(text);
      },
      writeErr: (text) => {
        if (!silentErrors) host.stderr.write(text);
      },
      outputError: () => undefined, // told like every other error, by who runs the program
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** A mistake in the words of a command, as one of ours; printed help stays what it is. */
function usageFault(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0 || error.message === helpWasPrinted) return error;
  const message = error.message.replace(/^error: /, '');
  const saysWhatToDo = /[.)]$/.test(message);
  return new CapstanError(
    'invalid',
    message,
    saysWhatToDo ? {} : { hint: `See \`${pathOf(command)} --help\`.` },
  );
}

/** What commander says when it printed help because a command was missing. */
const helpWasPrinted = '(outputHelp)';

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function all(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(all)];
}
