import { once } from 'node:events';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { errorText } from '../shared/core/error-text.js';
import { systemClock } from '../shared/io/clock.js';
import { jsonLogger } from '../shared/io/logger.js';
import { runNotifier } from '../shared/io/notify/notifier.js';
import { packageVersion } from '../shared/io/package-root.js';
import { systemRandom } from '../shared/io/random.js';
import { CapstanError } from '../shared/model/errors.js';
import { addressText } from '../shared/settings/kinds.js';
import { loadSettings } from '../shared/settings/load.js';
import { checkSettings, ownHost, program, settingsTable } from './config.js';
import { startCoordinator } from './daemon.js';

const clock = systemClock;

function fail(error: unknown): never {
  const failure = CapstanError.from(error);
  const { code } = failure;
  process.stderr.write(`capstan-coordinator: ${errorText(failure)}\n`);
  if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exit(code === 'invalid' ? 2 : 1);
}

/** `backup` and `restore`: what they take is loaded when it is asked for. */
async function runCommand(word: 'backup' | 'restore', argv: readonly string[]): Promise<number> {
  const { backupCommand, restoreCommand } = await import('./io/backup/command.js');
  return (word === 'backup' ? backupCommand : restoreCommand)({
    argv,
    load: (rest) => loadSettings(program, settingsTable, rest, process.env),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    ownAddress: ({ operatorListen }) =>
      addressText({ host: ownHost(operatorListen), port: operatorListen.port }),
    ...{ clock, random: systemRandom },
  });
}

async function main(): Promise<void> {
  const [word, ...rest] = process.argv.slice(2);
  if (word === 'backup' || word === 'restore') {
    process.exitCode = await runCommand(word, rest);
    return;
  }
  const loaded = loadSettings(program, settingsTable, process.argv.slice(2), process.env);
  if (loaded.kind === 'help') {
    process.stdout.write(loaded.text);
    return;
  }
  if (loaded.kind === 'version') {
    process.stdout.write(`${program.name} ${packageVersion()}\n`);
    return;
  }
  const { settings } = loaded;
  checkSettings(settings);
  setLogVerbosity(logVerbosity.NONE); // what fails is told by us, in one sentence
  const logger = jsonLogger(
    (line) => process.stdout.write(line),
    () => clock.now(),
  );
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(1);
      logger.info('stopping', { signal: name });
      stopping.abort();
    });
  }
  const starting = startCoordinator({ settings, logger, env: process.env });
  const notices = {
    ...{ env: process.env, pid: process.pid, clock, log: logger },
    up: starting.then(() => undefined),
    // That this is reached at all says that the process answers.
    alive: () => true,
    status: () => 'serving',
  };
  runNotifier(notices, stopping.signal).catch(() => undefined); // only where the start fails, which is told below
  const stop = await starting;
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  await stop();
  logger.info('stopped');
  process.exit(0);
}

main().catch(fail);
