import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../../shared/core/duration.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { EventView, OperatorClient } from '../../../shared/wire/operator-client.js';
import { interruptedExit } from '../errors.js';
import { isInterrupted } from '../host.js';
import type { Act, Session } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { optional, toNumber, toSecond } from '../views/wire-words.js';
import { Cursor, consumersCommand, forgetCommand } from './consumers.js';
import { example } from './example.js';
import { handOver } from './exec-event.js';
import { appName, consumerName, position, positive } from './references.js';
import { verifyCommand } from './verify-events.js';

interface Options {
  readonly follow?: boolean;
  readonly since?: string;
  readonly after?: number;
  readonly app?: string;
  readonly limit?: number;
  readonly consumer?: string;
  readonly exec?: string;
}

export function eventsCommand(act: Act): Command {
  const command = new Command('events')
    .description('What happened: who asked for what, and what came of it.')
    .option('--follow', 'go on until Ctrl-C; with --output json one line of JSON an event')
    .option('--since <time>', 'from then on: 1h, or 2026-01-31T12:00:00Z', since)
    .addOption(
      new Option('--after <position>', 'from the event after this one on')
        .argParser(position)
        .conflicts('since'),
    )
    .option('--app <app>', 'of one application', appName)
    .option('--limit <n>', 'at most this many (default: 1000)', positive)
    .addOption(
      new Option('--consumer <consumer>', 'all that this consumer has not had; what is printed counts as had')
        .argParser(consumerName)
        .conflicts('after'),
    )
    .option(
      '--exec <command>',
      'of a consumer: run this for each event, with the event as JSON on standard input; exit 0 counts as had, else it ends here',
    )
    .addCommand(consumersCommand(act))
    .addCommand(forgetCommand(act))
    .addCommand(verifyCommand(act))
    .action((options: Options, self: Command) =>
      act(self, (session) => {
        if (options.exec !== undefined && options.consumer === undefined) {
          throw new CapstanError(
            'invalid',
            '--exec needs --consumer: a name under which it is kept what was had.',
          );
        }
        return options.follow === true ? follow(session, options) : list(session, options);
      }),
    );
  return example(
    command,
    'capstan events --since 1h',
    'capstan events --follow --output json',
    'capstan events --consumer chat --follow --exec ./post-to-chat',
  );
}

/** A time, or how long ago. */
function since(text: string): string {
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs).toISOString();
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('Give a duration such as 1h, or a time such as 2026-01-31T12:00:00Z.');
}

const requestOf = ({ since: from, after, app, consumer }: Options) => ({
  since: from ?? '',
  afterPosition: after ?? 0,
  app: app ?? '',
  consumer: consumer ?? '',
});

async function list(session: Session, options: Options): Promise<number> {
  const client = await session.client();
  const events: EventJson[] = [];
  const request = { ...requestOf(options), limit: options.limit ?? 0 };
  for await (const event of client.stream('ListEvents', request, { deadlineMs: 60_000 }))
    events.push(eventJson(event));
  if (options.exec === undefined) await session.print(events, () => events.map(eventLine).join(''));
  if (options.consumer === undefined) return 0;
  const cursor = new Cursor(client, options.consumer);
  if (options.exec === undefined) {
    cursor.note(events.at(-1)?.position ?? 0);
    await cursor.end();
    return 0;
  }
  try {
    for (const event of events) {
      if (isInterrupted(session.host)) return interruptedExit;
      await handOver(options.exec, event, session.host);
      cursor.note(event.position);
    }
  } finally {
    await cursor.end();
  }
  return 0;
}

/**
 * Goes on where it was when the coordinator comes back: by position, so that nothing is left out, and nothing told twice but
 * what a consumer had no time to acknowledge.
 */
async function follow(session: Session, options: Options): Promise<number> {
  const client = await session.client();
  const cursor = options.consumer === undefined ? undefined : new Cursor(client, options.consumer);
  try {
    await followOn(session, client, options, cursor);
  } finally {
    await cursor?.end();
  }
  return interruptedExit;
}

async function followOn(
  session: Session,
  client: OperatorClient,
  options: Options,
  cursor: Cursor | undefined,
): Promise<void> {
  const { interrupted } = session.host;
  const state = { position: undefined as string | undefined, answered: false };
  while (!isInterrupted(session.host)) {
    try {
      for await (const event of eventStream(client, options, state.position, interrupted)) {
        state.position = event.position;
        state.answered = true;
        if (options.exec === undefined) await printEvent(session, eventJson(event));
        else await handOver(options.exec, eventJson(event), session.host);
        cursor?.note(toNumber(event.position));
      }
      state.answered = true;
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      if (isInterrupted(session.host)) return;
      if (!state.answered || (error.code !== 'unreachable' && error.code !== 'unavailable')) throw error;
    }
    // What was printed is behind it before the coordinator is asked where to go on.
    await cursor?.flush();
    await client.pause(1000, interrupted);
  }
}

function eventStream(
  client: OperatorClient,
  options: Options,
  printed: string | undefined,
  signal: AbortSignal,
) {
  const first = requestOf(options);
  const request = printed === undefined ? first : { ...first, since: '', afterPosition: printed };
  return client.stream('ListEvents', { ...request, follow: true }, { signal });
}

async function printEvent({ host, globals }: Session, event: EventJson): Promise<void> {
  if (globals.output === 'json') await host.stdout.writeBytes(Buffer.from(`${JSON.stringify(event)}\n`));
  else if (globals.output === 'yaml') {
    const { stringify } = await import('yaml');
    await host.stdout.writeBytes(Buffer.from(`---\n${stringify(event)}`));
  } else await host.stdout.writeBytes(Buffer.from(eventLine(event)));
}

const eventJson = (event: EventView) => ({
  position: toNumber(event.position),
  time: event.time,
  kind: event.kind,
  ...optional('actor', event.actor),
  ...optional('app', event.app),
  ...optional('env', event.env),
  ...optional('node', event.node),
  ...optional('rollout', event.rollout),
  message: event.message,
  ...optional('reason', event.reason),
});

type EventJson = ReturnType<typeof eventJson>;

function eventLine(event: EventJson): string {
  const by = event.actor === undefined ? '' : ` (by ${event.actor})`;
  const why = event.reason === undefined ? '' : `: ${event.reason}`;
  return `${oneLine(`${toSecond(event.time)}  ${event.kind.padEnd(20)}  ${event.message}${by}${why}`)}\n`;
}
