import { Command } from 'commander';
import type { OperatorClient } from '../../../shared/wire/operator-client.js';
import type { Act, Session } from '../session.js';
import { listedRolloutJson, rolloutJson } from '../views/rollout-json.js';
import { rolloutLine, rolloutListText, rolloutText } from '../views/rollout-text.js';
import { example } from './example.js';
import { duration, newIdempotencyKey, positive } from './references.js';
import { watchToEnd } from './wait.js';

export function rolloutCommand(act: Act): Command {
  const command = new Command('rollout').description('Rollouts: what is under way and what was.');
  for (const family of [list, show, watch]) command.addCommand(family(act));
  for (const control of controls) command.addCommand(controlCommand(act, control));
  command.addCommand(nodesCommand(act, 'retry', 'Tries failed nodes again, with a new generation each.'));
  command.addCommand(nodesCommand(act, 'excuse', 'Goes on without nodes: they no longer count as failed.'));
  return example(command, 'capstan rollout list --active');
}

interface ListOptions {
  readonly app?: string;
  readonly env?: string;
  readonly active?: boolean;
  readonly limit?: number;
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('Rollouts, newest first.')
    .option('--app <app>', 'of one application')
    .option('--env <env>', 'of one environment')
    .option('--active', 'only those that have not ended')
    .option('--limit <n>', 'at most this many (default: 50)', positive)
    .action(({ app = '', env = '', active = false, limit = 0 }: ListOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { rollouts } = await client.call('ListRollouts', { app, env, activeOnly: active, limit });
        const values = rollouts.map(listedRolloutJson);
        await session.print(values, (paint) => rolloutListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan rollout list --app web --env production');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One rollout: its waves and nodes, and why nodes failed.')
    .argument('<rollout>', "the rollout's id")
    .action((id: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const rollout = rolloutJson(await client.call('GetRollout', { id }));
        await session.print(rollout, (paint) => rolloutText(rollout, paint));
        return 0;
      }),
    );
  return example(command, 'capstan rollout show 7f3a');
}

function watch(act: Act): Command {
  const command = new Command('watch')
    .description('Follows a rollout to its end: redrawn on a terminal, a line for each change elsewhere.')
    .argument('<rollout>', "the rollout's id")
    .option('--timeout <duration>', 'stop watching after this long', duration)
    .action((id: string, options: { readonly timeout?: number }, self: Command) =>
      act(self, (session) => watchToEnd(session, id, { timeoutMs: options.timeout })),
    );
  return example(command, 'capstan rollout watch 7f3a');
}

interface Control {
  readonly name: 'pause' | 'resume' | 'approve' | 'abort' | 'switch' | 'switch-back' | 'release';
  readonly description: string;
}

const controls: readonly Control[] = [
  { name: 'pause', description: 'Stops new assignments; nodes in flight finish.' },
  { name: 'resume', description: 'Goes on after a pause; its deadlines start anew.' },
  { name: 'approve', description: 'Opens the manual gate that the rollout waits at.' },
  { name: 'abort', description: 'Ends a rollout for good; nodes keep what they have.' },
  {
    name: 'switch',
    description: 'Strategy parallel: sends the requests to the group that has the new release.',
  },
  {
    name: 'switch-back',
    description:
      'Strategy parallel: sends the requests back to the group that is kept, and ends the rollout.',
  },
  {
    name: 'release',
    description: 'Strategy parallel: keeps the old group for a switch back no longer, and ends the rollout.',
  },
];

function controlCommand(act: Act, { name, description }: Control): Command {
  const command = new Command(name)
    .description(description)
    .argument('<rollout>', "the rollout's id")
    .option('--reason <text>', 'why; kept with the event')
    .action((id: string, options: { readonly reason?: string }, self: Command) =>
      act(self, (session) =>
        control(session, id, { [name === 'switch-back' ? 'switchBack' : name]: {} }, options.reason),
      ),
    );
  return example(command, `capstan rollout ${name} 7f3a`);
}

function nodesCommand(act: Act, name: 'retry' | 'excuse', description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('<rollout>', "the rollout's id")
    .argument('<nodes...>', "the nodes' names")
    .option('--reason <text>', 'why; kept with the event')
    .action((id: string, nodes: readonly string[], options: { readonly reason?: string }, self: Command) =>
      act(self, (session) => control(session, id, { [name]: { nodes: [...nodes] } }, options.reason)),
    );
  return example(command, `capstan rollout ${name} 7f3a web-a-1`);
}

type ControlRequest = Parameters<typeof requestControl>[1];

async function control(session: Session, id: string, action: ControlRequest, reason = ''): Promise<number> {
  const client = await session.client();
  const view = await requestControl(client, { ...action, id, reason, idempotencyKey: newIdempotencyKey() });
  const rollout = rolloutJson(view);
  await session.print(rollout, (paint) => `Rollout ${id}: ${rolloutLine(rollout, paint)}\n`);
  return 0;
}

const requestControl = (
  client: OperatorClient,
  request: Parameters<typeof client.call<'ControlRollout'>>[1],
) => client.call('ControlRollout', request);
