import { Command, Option } from 'commander';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import { type RolloutStatus, terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import type { DeployResponse } from '../../../shared/wire/operator-client.js';
import type { Act, Session } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { rolloutJson } from '../views/rollout-json.js';
import { rolloutTitle } from '../views/rollout-text.js';
import { optional } from '../views/wire-words.js';
import { example } from './example.js';
import {
  appName,
  duration,
  newIdempotencyKey,
  positive,
  type ReleaseName,
  releaseName,
  version,
} from './references.js';
import { watchToEnd } from './wait.js';

interface Options {
  readonly env: string;
  readonly wait?: boolean;
  readonly timeout: number;
  readonly reason?: string;
  readonly idempotencyKey?: string;
}

const defaultTimeoutMs = 30 * 60_000;

function addOptions(command: Command): Command {
  return command
    .requiredOption('--env <env>', 'the environment')
    .option('--wait', 'wait for the end; the exit code says whether it succeeded')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait')
        .argParser(duration)
        .default(defaultTimeoutMs, '30m'),
    )
    .option('--reason <text>', 'why; kept with the rollout')
    .option(
      '--idempotency-key <key>',
      'sent again with the same key, the command changes nothing and answers the same',
    );
}

export const deployCommand = (act: Act): Command =>
  releaseCommand(act, 'deploy', 'Deploy', 'Rolls a release out to an environment.');

export const stageCommand = (act: Act): Command =>
  releaseCommand(
    act,
    'stage',
    'Stage',
    'Brings a release onto the disks of an environment, beside what runs there; a later deploy only switches.',
  );

function releaseCommand(act: Act, name: string, method: 'Deploy' | 'Stage', description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('<app@version>', 'the release', releaseName)
    .option('--allow-empty', 'accept an environment that selects no node')
    .option(
      '--config <number>',
      'with an earlier config release of the environment, see `capstan config list`',
      positive,
    )
    .action(
      (
        { app, version: wanted }: ReleaseName,
        options: Options & { readonly allowEmpty?: boolean; readonly config?: number },
        self: Command,
      ) =>
        act(self, async (session) => {
          const client = await session.client();
          const request = {
            ...common(app, options),
            version: wanted,
            allowEmpty: options.allowEmpty === true,
            config: options.config ?? 0,
          };
          return follow(session, await client.call(method, request), options);
        }),
    );
  return example(addOptions(command), `capstan ${name} web@1.4.0 --env production --wait`);
}

export function restartCommand(act: Act): Command {
  const command = new Command('restart')
    .description('Restarts an application on all nodes of an environment, in its waves.')
    .argument('<app>', 'the application', appName)
    .action((app: AppName, options: Options, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        return follow(session, await client.call('Restart', common(app, options)), options);
      }),
    );
  return example(addOptions(command), 'capstan restart web --env production --wait');
}

export function rollbackCommand(act: Act): Command {
  const command = new Command('rollback')
    .description(
      'Takes an environment back to the last proven release before the one that runs, or to a given one.',
    )
    .argument('<app>', 'the application', appName)
    .option('--to <version>', 'the version to go back to', version)
    .action((app: AppName, options: Options & { readonly to?: ReleaseVersion }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { ...common(app, options), version: options.to ?? '' };
        return follow(session, await client.call('Rollback', request), options);
      }),
    );
  return example(addOptions(command), 'capstan rollback web --env production --wait');
}

const common = (app: AppName, { env, reason, idempotencyKey }: Options) => ({
  app,
  env,
  reason: reason ?? '',
  idempotencyKey: idempotencyKey ?? newIdempotencyKey(),
});

/** Tells what was started, and with `--wait` how it ends. */
async function follow(session: Session, answer: DeployResponse, options: Options): Promise<number> {
  if (answer.superseded !== '') session.remark(`This replaces rollout ${answer.superseded}.`);
  const rollout = answer.rollout === null ? undefined : rolloutJson(answer.rollout);
  if (rollout !== undefined && options.wait === true) {
    if (answer.note !== '') session.remark(oneLine(answer.note));
    return watchToEnd(session, rollout.id, { timeoutMs: options.timeout });
  }
  const isOver = rollout !== undefined && terminalRolloutStatuses.has(rollout.status as RolloutStatus);
  const value = {
    rollout: rollout ?? null,
    ...optional('superseded', answer.superseded),
    ...optional('note', answer.note),
  };
  await session.print(value, () => {
    const note = answer.note === '' ? '' : `${oneLine(answer.note)}\n`;
    if (rollout === undefined) return note === '' ? 'There is nothing to do.\n' : note;
    if (isOver) return `${note}capstan why ${rollout.id} says more.\n`;
    const watch = `Watch it: capstan rollout watch ${rollout.id}`;
    const nodes = rollout.total === 1 ? '1 node' : `${rollout.total} nodes`;
    return `Rollout ${rollout.id} is under way: ${rolloutTitle(rollout)}, ${nodes}.\n${note}${watch}\n`;
  });
  return isOver ? 1 : 0;
}
