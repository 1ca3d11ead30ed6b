import type { Logger } from '../ports/logger.js';

/**
 * One JSON line an event, to a writer given by the program (standard error; standard output is for results).
 * Errors in `fields` are written with their message, code and cause.
 */
export function jsonLogger(
  write: (line: string) => void,
  now: () => number,
  base: Readonly<Record<string, unknown>> = {},
): Logger {
  const log =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const time = new Date(now()).toISOString();
      write(`${JSON.stringify({ time, level, event, ...base, ...fields }, plain)}\n`);
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}

function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, cause } = value;
  const code = 'code' in value ? value.code : undefined;
  return { name, message, code, cause };
}
