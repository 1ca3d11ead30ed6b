import { type Command, Option } from 'commander';
import { isLoopback } from '../../shared/core/loopback.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { OperatorTrust } from '../../shared/wire/operator-client.js';
import { type Host, nonEmpty } from './host.js';

const outputs = ['table', 'json', 'yaml'] as const;
export type Output = (typeof outputs)[number];

/** The options that every command takes. */
export interface Globals {
  readonly coordinator?: string;
  readonly context?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly caPin?: string;
  readonly insecureLoopback?: boolean;
  readonly output: Output;
  readonly quiet?: boolean;
}

export function addGlobals(program: Command): Command {
  return program
    .addOption(
      new Option(
        '--coordinator <host:port>',
        'the coordinator to talk to (CAPSTAN_COORDINATOR; default 127.0.0.1:7601)',
      ),
    )
    .addOption(new Option('--context <name>', 'a context of ~/.config/capstan/config.yml (CAPSTAN_CONTEXT)'))
    .addOption(
      new Option('--insecure-loopback', 'no TLS and no token, loopback only (CAPSTAN_INSECURE_LOOPBACK=1)'),
    )
    .addOption(
      new Option(
        '--token-file <file>',
        'the file that holds your token (CAPSTAN_TOKEN_FILE; or CAPSTAN_TOKEN, the token)',
      ),
    )
    .addOption(
      new Option(
        '--ca-pin <pin>',
        'the pin of the coordinator, as its log and `capstan ca show` tell it (CAPSTAN_CA_PIN)',
      ),
    )
    .addOption(
      new Option(
        '--ca-file <file>',
        "the coordinator's CA certificate, instead of its pin (CAPSTAN_CA_FILE)",
      ).conflicts('caPin'),
    )
    .addOption(new Option('--output <format>', 'how to print results').choices(outputs).default('table'))
    .addOption(new Option('--quiet', 'no progress and no remarks, only results and errors'));
}

/** Before the arguments are parsed, or where they cannot be: whether errors are wanted as JSON. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (argument, index) =>
      argument === '--output=json' || (argument === '--output' && argv[index + 1] === 'json'),
  );
}

interface Connection {
  /** `host:port` */
  readonly address: string;
  /** Undefined: without TLS. */
  readonly trust: OperatorTrust | undefined;
}

/**
 * Where the coordinator is: flag, then variable, then context, then the default port on this machine. What is trusted and
 * shown there comes the same way.
 * @throws CapstanError `invalid`; `unreachable` and `refused` where the pin has to be looked at
 */
export async function connectionOf(globals: Globals, host: Host): Promise<Connection> {
  const { readContext } = await import('./contexts.js');
  const context = readContext(host, globals.context ?? nonEmpty(host.env['CAPSTAN_CONTEXT']));
  const address =
    globals.coordinator ??
    nonEmpty(host.env['CAPSTAN_COORDINATOR']) ??
    context.coordinator ??
    '127.0.0.1:7601';
  checkAddress(address);
  if (isInsecure(globals, host, context.insecureLoopback)) {
    requireInsecure(globals, host, address);
    return { address, trust: undefined };
  }
  const { trustOf } = await import('./trust.js');
  return { address, trust: await trustOf(address, globals, context, host.env) };
}

/** @throws CapstanError `invalid` */
export function checkAddress(address: string): void {
  if (/^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):\d{1,5}$/.test(address)) return;
  throw new CapstanError('invalid', `"${address}" is not the address of a coordinator.`, {
    hint: 'Give it as HOST:PORT, such as 127.0.0.1:7601.',
  });
}

function requireInsecure({ tokenFile }: Globals, { env }: Host, address: string): void {
  const given = tokenFile ?? nonEmpty(env['CAPSTAN_TOKEN']) ?? nonEmpty(env['CAPSTAN_TOKEN_FILE']);
  if (given !== undefined) {
    throw new CapstanError('invalid', 'A token is of no use here: with --insecure-loopback there are none.');
  }
  if (isLoopback(address.slice(0, address.lastIndexOf(':')))) return;
  throw new CapstanError(
    'invalid',
    `With --insecure-loopback the coordinator must be on this machine, not at ${address}.`,
  );
}

function isInsecure(globals: Globals, { env }: Host, fromContext: boolean | undefined): boolean {
  if (globals.insecureLoopback !== undefined) return globals.insecureLoopback;
  const written = nonEmpty(env['CAPSTAN_INSECURE_LOOPBACK'])?.toLowerCase();
  if (written !== undefined) return written === '1' || written === 'true' || written === 'yes';
  return fromContext === true;
}
