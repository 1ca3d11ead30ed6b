import { Command, InvalidArgumentError, Option } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import { checkNameRule, isCheckName } from '../../../shared/model/ids.js';
import type { PromotionResponse } from '../../../shared/wire/operator-client.js';
import type { Act, Session } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { releaseJson } from '../views/catalogue.js';
import { standingLines } from '../views/promotion.js';
import { optional } from '../views/wire-words.js';
import { example } from './example.js';
import { newIdempotencyKey, type ReleaseName, releaseName } from './references.js';

interface Options {
  readonly reason?: string;
  readonly idempotencyKey?: string;
}

export function checkCommand(act: Act): Command {
  const command = new Command('check')
    .description('Checks of releases, which environments may ask for before a release comes in.')
    .addCommand(record(act));
  return example(command, 'capstan check record web@1.4.0 smoke --passed');
}

function record(act: Act): Command {
  const command = new Command('record')
    .description('Records that a check of a release passed or failed; the newest word counts.')
    .argument('<app@version>', 'the release', releaseName)
    .argument('<check>', 'the name of the check', checkName)
    .addOption(new Option('--passed', 'it passed').conflicts('failed'))
    .option('--failed', 'it failed: the release comes into no environment that asks for the check')
    .action(
      (
        release: ReleaseName,
        name: string,
        options: Options & { readonly passed?: boolean; readonly failed?: boolean },
        self: Command,
      ) =>
        act(self, async (session) => {
          const passed = options.passed === true;
          if (passed === (options.failed === true)) {
            throw new CapstanError('invalid', 'Say what became of the check: --passed or --failed.');
          }
          const client = await session.client();
          const request = { ...common(release, options), name, passed };
          const answer = await client.call('RecordCheck', request);
          return tell(
            session,
            answer,
            `Check ${name} of ${nameOf(release)} ${passed ? 'passed' : 'failed'}.`,
          );
        }),
    );
  return example(
    addOptions(command),
    'capstan check record web@1.4.0 smoke --passed',
    'capstan check record web@1.4.0 acceptance --failed --reason "carts are empty"',
  );
}

export const approveCommand = (act: Act): Command =>
  gateCommand(act, {
    name: 'approve',
    method: 'ApproveRelease',
    description: 'Gives your approval for a release to come into an environment.',
    done: 'approved for',
  });

export const promoteCommand = (act: Act): Command =>
  gateCommand(act, {
    name: 'promote',
    method: 'PromoteRelease',
    description:
      'Lets a release that has all that is asked for into an environment; deploys it only where autoDeploy says so.',
    done: 'promoted to',
  });

interface Gate {
  readonly name: string;
  readonly method: 'ApproveRelease' | 'PromoteRelease';
  readonly description: string;
  readonly done: string;
}

function gateCommand(act: Act, { name, method, description, done }: Gate): Command {
  const command = new Command(name)
    .description(description)
    .argument('<app@version>', 'the release', releaseName)
    .requiredOption('--to <env>', 'the environment')
    .action((release: ReleaseName, options: Options & { readonly to: string }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const answer = await client.call(method, { ...common(release, options), env: options.to });
        return tell(session, answer, `${nameOf(release)} is ${done} ${options.to}.`);
      }),
    );
  return example(addOptions(command), `capstan ${name} web@1.4.0 --to production`);
}

const addOptions = (command: Command): Command =>
  command
    .option('--reason <text>', 'why; kept with the record')
    .option(
      '--idempotency-key <key>',
      'sent again with the same key, the command changes nothing and answers the same',
    );

const common = ({ app, version }: ReleaseName, { reason, idempotencyKey }: Options) => ({
  app,
  version,
  reason: reason ?? '',
  idempotencyKey: idempotencyKey ?? newIdempotencyKey(),
});

const nameOf = ({ app, version }: ReleaseName): string => `${app}@${version}`;

/** What was done, and how the release stands now. */
async function tell(session: Session, answer: PromotionResponse, done: string): Promise<number> {
  const { note, rollout } = answer;
  const release = answer.release === null ? undefined : releaseJson(answer.release);
  const value = { ...release, ...optional('note', note), ...optional('rollout', rollout) };
  if (note !== '') session.remark(oneLine(note));
  await session.print(value, (paint) => {
    const coming = rollout === '' ? [] : [`Rollout ${rollout} takes it there.`];
    return `${[oneLine(done), ...coming, ...standingLines(release?.standings ?? [], paint)].join('\n')}\n`;
  });
  return 0;
}

function checkName(text: string): string {
  if (isCheckName(text)) return text;
  throw new InvalidArgumentError(`The name of a check is ${checkNameRule}.`);
}
