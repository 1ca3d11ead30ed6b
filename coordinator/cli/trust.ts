import { readFileSync } from 'node:fs';
import { isPin, pinRule } from '../../shared/identity/pin.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { OperatorTrust } from '../../shared/wire/operator-client.js';
import type { Context } from './contexts.js';
import { type Host, nonEmpty } from './host.js';

/** What the command line, or a context, says of it. */
type Said = Pick<Context, 'tokenFile' | 'caFile' | 'caPin'>;

/**
 * Whom a command trusts as the coordinator, and what it shows to it.
 * @throws CapstanError `invalid` if nobody said; `unreachable` and `refused` where the pin has to be looked at
 */
export async function trustOf(
  address: string,
  flags: Said,
  context: Context,
  env: Host['env'],
): Promise<OperatorTrust> {
  const token = tokenOf(address, flags, context, env);
  return { ca: await authorityOf(address, flags, context, env), token };
}

function tokenOf(address: string, flags: Said, context: Context, env: Host['env']): string {
  const inEnv = nonEmpty(env['CAPSTAN_TOKEN']);
  const fileInEnv = nonEmpty(env['CAPSTAN_TOKEN_FILE']);
  const file = flags.tokenFile ?? fileInEnv ?? (inEnv === undefined ? context.tokenFile : undefined);
  const token = file === undefined ? inEnv : read(file, 'The token');
  if (token !== undefined && token.trim() !== '') return soundToken(token);
  throw new CapstanError('invalid', `There is no token of yours for the coordinator at ${address}.`, {
    hint: 'Keep yours with `capstan login`; or give the file that holds it with --token-file, or the token in CAPSTAN_TOKEN; or --insecure-loopback for a coordinator on this machine that runs with it.',
  });
}

/** @throws CapstanError `invalid` for what cannot be one; none of it is repeated */
export function soundToken(text: string): string {
  const token = text.trim();
  if (token === '')
    throw new CapstanError('invalid', 'No token was given.', {
      hint: 'Type it when it is asked for, or give it on standard input.',
    });

  if (/^[\x21-\x7e]{1,512}$/.test(token)) return token;
  throw new CapstanError('invalid', 'What was given as a token cannot be one.');
}

/** The certificate of the authority whose coordinator is trusted. PEM. */
export async function authorityOf(
  address: string,
  flags: Said,
  context: Context,
  env: Host['env'],
): Promise<string> {
  // Whatever was said nearest counts: both as flags exclude each other.
  const asked = flags.caFile !== undefined || flags.caPin !== undefined;
  const said = asked
    ? flags
    : { caFile: nonEmpty(env['CAPSTAN_CA_FILE']), caPin: nonEmpty(env['CAPSTAN_CA_PIN']) };
  const { caFile, caPin } = said.caFile === undefined && said.caPin === undefined ? context : said;
  if (caFile !== undefined) return read(caFile, 'The CA certificate');
  if (caPin === undefined) {
    throw new CapstanError('invalid', 'Nothing says which coordinator to trust.', {
      hint: 'Give its pin with --ca-pin, as the coordinator logs it at its start; or --ca-file, on its own host DATA-DIR/ca/ca.crt.',
    });
  }
  if (!isPin(caPin)) throw new CapstanError('invalid', `"${caPin}" is not a pin: that is ${pinRule}.`);
  const { fetchAuthority } = await import('../../shared/identity/fetch-authority.js');
  return fetchAuthority(address, caPin);
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new CapstanError('invalid', `${what} cannot be read (${code}).`, { location: { file }, cause });
  }
}
