import { errorText } from '../../shared/core/error-text.js';
import { exitCodes } from '../../shared/core/exit-codes.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Host } from './host.js';
import { paintFor } from './terminal/style.js';
import { printable } from './terminal/table.js';

/** As a shell tells it: ended by Ctrl-C. */
export const interruptedExit = 130;

/** Prints an error on standard error, as JSON if that was asked for, and gives the exit code. */
export function reportError(thrown: unknown, host: Host, asJson: boolean): number {
  const error = CapstanError.from(thrown);
  if (asJson) host.stderr.write(`${JSON.stringify({ error: errorJson(error) })}\n`);
  else
    host.stderr.write(`${paintFor(host.stderr, host)('bad', 'capstan:')} ${printable(errorText(error))}\n`);
  return error.code === 'cancelled' && host.interrupted.aborted ? interruptedExit : exitCodes[error.code];
}

function errorJson(error: CapstanError) {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.location === undefined ? {} : { location: error.location }),
  };
}
