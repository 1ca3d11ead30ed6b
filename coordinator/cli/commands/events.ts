import { Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../../shared/core/duration.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { EventView, OperatorClient } from '../../../shared/wire/operator-client.js';
import { interruptedExit } from '../errors.js';
import { isInterrupted } from '../host.js';
import type { Act, Session } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { optional, toNumber } from '../views/wire-words.js';
import { example } from './example.js';
import { appName, positive } from './references.js';

interface Options {
  readonly follow?: boolean;
  readonly since?: string;
  readonly app?: string;
  readonly limit?: number;
}

export function eventsCommand(act: Act): Command {
  const command = new Command('events')
    .description('What happened: who asked for what, and what came of it.')
    .option('--follow', 'go on until Ctrl-C; with --output json one line of JSON an event')
    .option('--since <time>', 'from then on: 1h, or 2026-01-31T12:00:00Z', since)
    .option('--app <app>', 'of one application', appName)
    .option('--limit <n>', 'at most this many (default: 1000)', positive)
    .action((options: Options, self: Command) =>
      act(self, (session) => (options.follow === true ? follow(session, options) : list(session, options))),
    );
  return example(command, 'capstan events --since 1h', 'capstan events --follow --output json');
}

/** A time, or how long ago. */
function since(text: string): string {
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs).toISOString();
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('Give a duration such as 1h, or a time such as 2026-01-31T12:00:00Z.');
}

async function list(session: Session, options: Options): Promise<number> {
  const client = await session.client();
  const events: EventJson[] = [];
  const request = { since: options.since ?? '', app: options.app ?? '', limit: options.limit ?? 0 };
  for await (const event of client.stream('ListEvents', request, { deadlineMs: 60_000 }))
    events.push(eventJson(event));
  await session.print(events, () => events.map(eventLine).join(''));
  return 0;
}

/** Goes on where it was when the coordinator comes back: by position, so nothing is told twice or left out. */
async function follow(session: Session, options: Options): Promise<number> {
  const client = await session.client();
  const { interrupted } = session.host;
  const state = { position: undefined as string | undefined, answered: false };
  while (!isInterrupted(session.host)) {
    try {
      for await (const event of eventStream(client, options, state.position, interrupted)) {
        state.position = event.position;
        state.answered = true;
        await printEvent(session, eventJson(event));
      }
      state.answered = true;
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      if (isInterrupted(session.host)) break;
      if (!state.answered || (error.code !== 'unreachable' && error.code !== 'unavailable')) throw error;
    }
    await client.pause(1000, interrupted);
  }
  return interruptedExit;
}

function eventStream(
  client: OperatorClient,
  options: Options,
  position: string | undefined,
  signal: AbortSignal,
) {
  const from = position === undefined ? { since: options.since ?? '' } : { afterPosition: position };
  return client.stream('ListEvents', { ...from, app: options.app ?? '', follow: true }, { signal });
}

async function printEvent({ host, globals }: Session, event: EventJson): Promise<void> {
  if (globals.output === 'json') host.stdout.write(`${JSON.stringify(event)}\n`);
  else if (globals.output === 'yaml') {
    const { stringify } = await import('yaml');
    host.stdout.write(`---\n${stringify(event)}`);
  } else host.stdout.write(eventLine(event));
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
  return `${oneLine(`${event.time}  ${event.kind.padEnd(20)}  ${event.message}${by}${why}`)}\n`;
}
