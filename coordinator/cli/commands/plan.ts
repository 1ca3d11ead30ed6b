import { Command, InvalidArgumentError } from 'commander';
import { exitCodes } from '../../../shared/core/exit-codes.js';
import { parseSelector } from '../../../shared/spec/selector.js';
import type { Act } from '../session.js';
import { planJson } from '../views/plan-json.js';
import { planText } from '../views/plan-text.js';
import { example } from './example.js';
import { collect, duration, positive, type ReleaseName, releaseName } from './references.js';

interface Options {
  readonly env: string;
  readonly fail?: readonly string[];
  readonly lose?: readonly string[];
  readonly slow?: number;
  readonly step?: number;
  readonly config?: number;
}

/** A plan of a large fleet is many thousand steps of the engine. */
const deadlineMs = 120_000;

export function planCommand(act: Act): Command {
  const command = new Command('plan')
    .description('Plays a deploy through on the fleet as it is: order, duration, who serves, where it stops.')
    .argument('<app@version>', 'the release', releaseName)
    .requiredOption('--env <env>', 'the environment')
    .option('--config <number>', 'with an earlier config release of the environment', positive)
    .option('--fail <nodes>', 'suppose that it fails on these: zone=b, 5%, 3, a node; may be repeated', nodes)
    .option('--lose <nodes>', 'suppose that these vanish while they are changed; may be repeated', nodes)
    .option('--slow <factor>', 'suppose that nodes take so many times as long: 2x', factor)
    .option(
      '--step <duration>',
      'how long a node takes to change (default: as in earlier rollouts)',
      duration,
    )
    .action(({ app, version }: ReleaseName, options: Options, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { env, fail = [], lose = [], slow = 0, step = 0, config = 0 } = options;
        const request = { app, version, env, fail: [...fail], lose: [...lose], slow, stepMs: step, config };
        const plan = planJson(await client.call('Plan', request, { deadlineMs }));
        await session.print(plan, (paint) => planText(plan, paint, session.host.stdout.columns));
        return plan.deployable ? 0 : exitCodes.refused;
      }),
    );
  return example(
    command,
    'capstan plan web@1.4.0 --env production',
    'capstan plan web@1.4.0 --env production --fail zone=b --slow 2x',
  );
}

/** What the coordinator would refuse is refused before it is asked. */
function nodes(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^\d+%?$/.test(text)) parseSelector(text);
  return collect(text, before);
}

function factor(text: string): number {
  const value = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (value > 0 && value <= 1000) return value;
  throw new InvalidArgumentError('Give how many times as long, such as 2x or 1.5x.');
}
