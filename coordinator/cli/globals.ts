import { type Command, Option } from 'commander';
import { CapstanError } from '../../shared/model/errors.js';
import type { Host } from './host.js';

const outputs = ['table', 'json', 'yaml'] as const;
export type Output = (typeof outputs)[number];

/** The options that every command takes. */
export interface Globals {
  readonly coordinator?: string;
  readonly context?: string;
  readonly tokenFile?: string;
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
    .addOption(new Option('--token-file <file>', 'not in this version').hideHelp())
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
}

/**
 * Where the coordinator is: flag, then variable, then context, then the default port on this machine.
 * @throws CapstanError `invalid`
 */
export async function connectionOf(globals: Globals, host: Host): Promise<Connection> {
  const { readContext } = await import('./contexts.js');
  const context = readContext(host, globals.context ?? nonEmpty(host.env['CAPSTAN_CONTEXT']));
  const address =
    globals.coordinator ??
    nonEmpty(host.env['CAPSTAN_COORDINATOR']) ??
    context.coordinator ??
    '127.0.0.1:7601';
  if (!/^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):\d{1,5}$/.test(address)) {
    throw new CapstanError('invalid', `"${address}" is not the address of a coordinator.`, {
      hint: 'Give it as HOST:PORT, such as 127.0.0.1:7601.',
    });
  }
  if (!isInsecure(globals, host, context.insecureLoopback)) {
    throw new CapstanError('invalid', 'TLS and operator tokens are not in this version of Capstan.', {
      hint: 'Use --insecure-loopback (or CAPSTAN_INSECURE_LOOPBACK=1) with a coordinator on this machine.',
    });
  }
  if (globals.tokenFile !== undefined || nonEmpty(host.env['CAPSTAN_TOKEN']) !== undefined) {
    throw new CapstanError('invalid', 'A token is of no use here: with --insecure-loopback there are none.');
  }
  if (!isLoopback(address)) {
    throw new CapstanError(
      'invalid',
      `With --insecure-loopback the coordinator must be on this machine, not at ${address}.`,
    );
  }
  return { address };
}

function isInsecure(globals: Globals, { env }: Host, fromContext: boolean | undefined): boolean {
  if (globals.insecureLoopback !== undefined) return globals.insecureLoopback;
  const written = nonEmpty(env['CAPSTAN_INSECURE_LOOPBACK'])?.toLowerCase();
  if (written !== undefined) return written === '1' || written === 'true' || written === 'yes';
  return fromContext === true;
}

function isLoopback(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':'));
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
