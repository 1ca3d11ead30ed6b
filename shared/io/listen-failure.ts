import { CapstanError } from '../model/errors.js';

/**
 * What every program says of an address that it cannot listen on.
 * @param flag the setting with which another one can be chosen, if that is known
 */
export function listenFailure(
  { host, port }: { readonly host: string; readonly port: number },
  cause: unknown,
  flag?: string,
): CapstanError {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const said = cause instanceof Error ? cause.message : String(cause);
  const why = said.includes('EADDRINUSE') ? 'another program listens there' : said;
  const hint = flag === undefined ? {} : { hint: listenHint(flag) };
  return new CapstanError('failed', `Cannot listen on ${where}: ${why}.`, { ...hint, cause });
}

export const listenHint = (flag: string): string =>
  `Stop what listens there, or choose another address with ${flag}.`;
