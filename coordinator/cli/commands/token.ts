import { createHash, randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { isEnvName, type PublicKey } from '../../../shared/model/ids.js';
import { joinTokenPrefix } from '../../../shared/model/join-token.js';
import { isLabelKey, isLabelValue, type Labels } from '../../../shared/model/labels.js';
import type { Act } from '../session.js';
import { calledAt, installLine } from '../views/install.js';
import { newTokenText, tokenJson, tokenListText } from '../views/token.js';
import { optional } from '../views/wire-words.js';
import { example } from './example.js';
import { trustedKeys, trustHelp } from './install-command.js';
import { duration, newIdempotencyKey, positive } from './references.js';

export function tokenCommand(act: Act): Command {
  const command = new Command('token').description('Join tokens: what lets servers become nodes.');
  for (const family of [create, list, revoke]) command.addCommand(family(act));
  return example(command, 'capstan token list');
}

interface CreateOptions {
  readonly labels?: Labels;
  readonly env?: string;
  readonly ttl: number;
  readonly uses: number;
  readonly trust?: readonly PublicKey[];
}

function create(act: Act): Command {
  const command = new Command('create')
    .description('Makes a token and prints it. It is shown once: the coordinator keeps its hash only.')
    .option('--labels <pairs>', 'labels of every node that joins with it: key=value,key=value', labels)
    .option('--env <env>', 'its nodes may belong to environments of this name only', envName)
    .option('--ttl <duration>', 'how long it is valid', duration, 3_600_000)
    .option('--uses <number>', 'how many nodes may join with it', positive, 1)
    .option('--trust <key>', `for the command that is printed: ${trustHelp}`, trustedKeys)
    .action(({ labels: given = {}, env = '', ttl, uses, trust = [] }: CreateOptions, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const token = `${joinTokenPrefix}${randomBytes(32).toString('hex')}`;
        const hash = createHash('sha256').update(token).digest('hex');
        const request = { hash, labels: given, env, ttlMs: ttl, uses, idempotencyKey: newIdempotencyKey() };
        const view = tokenJson(await client.call('CreateToken', request));
        const ca = await client.call('ShowCa', {});
        const install = installLine(ca, { joinToken: token, trust });
        const where = { pin: ca.pin, coordinator: calledAt(ca) };
        const made = { ...view, token, ...where, ...optional('install', install ?? '') };
        if (install === undefined && trust.length > 0)
          session.remark(
            `Nothing was done with --trust: it goes into the command that installs the agent, and this coordinator has no package of it. Write the key into conf.d on each server: trust: { keys: ["${trust.join('", "')}"] }`,
          );
        await session.print(made, () => newTokenText(made));
        return 0;
      }),
    );
  // Seconds as a default read better than milliseconds.
  command.options.find(({ long }) => long === '--ttl')?.default(3_600_000, '1h');
  return example(command, 'capstan token create --labels env=production,zone=a --ttl 1h --uses 20');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('All tokens: what they are for, how often they were used, and when they end.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { tokens } = await client.call('ListTokens', {});
        const values = tokens.map(tokenJson);
        await session.print(values, (paint) => tokenListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan token list --output json');
}

function revoke(act: Act): Command {
  const command = new Command('revoke')
    .description('Ends a token. Nodes that have joined with it stay.')
    .argument('<token>', 'its id, as `capstan token list` prints it')
    .action((id: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { id, idempotencyKey: newIdempotencyKey() };
        const value = tokenJson(await client.call('RevokeToken', request));
        await session.print(value, () => `The token ${value.id} lets nobody join any more.\n`);
        return 0;
      }),
    );
  return example(command, 'capstan token revoke 1f2e3d4c5b6a');
}

/** The coordinator's certificate authority. */
export function caCommand(act: Act): Command {
  const show = new Command('show')
    .description('The pin by which nodes and operators know the coordinator, and its CA certificate.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { pin, certificate } = await client.call('ShowCa', {});
        await session.print({ pin, certificate }, () => `${pin}\n\n${certificate}`);
        return 0;
      }),
    );
  const command = new Command('ca').description("The coordinator's certificate authority.");
  command.addCommand(example(show, 'capstan ca show'));
  return example(command, 'capstan ca show');
}

function labels(text: string): Labels {
  const pairs = text.split(',').map((pair): [string, string] => {
    const [key = '', value = ''] = /^([^=]+)=(.+)$/.exec(pair)?.slice(1) ?? [];
    if (isLabelKey(key) && isLabelValue(value)) return [key, value];
    throw new InvalidArgumentError(
      'Give labels as key=value with commas between them, such as env=production,zone=a.',
    );
  });
  const found = Object.fromEntries(pairs);
  if (Object.keys(found).length === pairs.length) return found;
  throw new InvalidArgumentError('A label is given twice.');
}

function envName(text: string): string {
  if (isEnvName(text)) return text;
  throw new InvalidArgumentError('Give the name of an environment, such as production.');
}
