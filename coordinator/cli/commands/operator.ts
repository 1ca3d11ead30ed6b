import { createHash, randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  isOperatorName,
  operatorNameRule,
  operatorTokenPrefix,
  roles,
} from '../../../shared/model/operator.js';
import type { Act } from '../session.js';
import { calledAt } from '../views/install.js';
import { newOperatorText, operatorJson, operatorListText } from '../views/operator.js';
import { example } from './example.js';
import { collect, duration, newIdempotencyKey } from './references.js';

export function operatorCommand(act: Act): Command {
  const command = new Command('operator').description(
    'Who may call: people and programs, each with a token.',
  );
  for (const family of [create, list, revoke]) command.addCommand(family(act));
  return example(command, 'capstan operator list');
}

interface CreateOptions {
  readonly role: string;
  readonly env?: readonly string[];
  readonly ttl: number;
}

const defaultTtlMs = 90 * 86_400_000;

function create(act: Act): Command {
  const command = new Command('create')
    .description(
      'Makes a token for somebody and prints it. It is shown once: the coordinator keeps its hash only.',
    )
    .argument('<name>', 'who it is for: the actor of what is done with it', operatorName)
    .addOption(
      new Option('--role <role>', 'what it may do; each may what those before it may')
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option('--env <env>', 'what it may change: ENV of any application, or APP/ENV (repeat it)', collect)
    .option('--ttl <duration>', 'how long it is valid', duration, defaultTtlMs)
    .action((name: string, { role, env = [], ttl }: CreateOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const token = `${operatorTokenPrefix}${randomBytes(32).toString('base64url')}`;
        const hash = createHash('sha256').update(token).digest('hex');
        const environments = env.includes('*') ? [] : [...env];
        const request = { hash, name, role, environments, ttlMs: ttl, idempotencyKey: newIdempotencyKey() };
        const view = operatorJson(await client.call('CreateOperator', request));
        const ca = await client.call('ShowCa', {});
        const made = { ...view, token, pin: ca.pin, coordinator: calledAt(ca) };
        await session.print(made, () => newOperatorText(made));
        return 0;
      }),
    );
  // Days as a default read better than milliseconds.
  command.options.find(({ long }) => long === '--ttl')?.default(defaultTtlMs, '90d');
  return example(command, 'capstan operator create ci-web --role deployer --env web/staging --ttl 30d');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('All operators: what each may do and where, until when, and when it last did.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { operators } = await client.call('ListOperators', {});
        const values = operators.map(operatorJson);
        await session.print(values, (paint) => operatorListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan operator list --output json');
}

function revoke(act: Act): Command {
  const command = new Command('revoke')
    .description('Ends the token of an operator, at once: what it watches breaks off too.')
    .argument('<operator>', 'its name', operatorName)
    .action((name: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { name, idempotencyKey: newIdempotencyKey() };
        const value = operatorJson(await client.call('RevokeOperator', request));
        await session.print(value, () => `The token of ${value.name} is worth nothing any more.\n`);
        return 0;
      }),
    );
  return example(command, 'capstan operator revoke ci-web');
}

function operatorName(text: string): string {
  if (isOperatorName(text)) return text;
  throw new InvalidArgumentError(`A name is ${operatorNameRule}.`);
}
