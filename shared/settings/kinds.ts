import * as z from 'zod';
import { parseBytes } from '../core/bytes.js';
import { formatDuration, parseDuration } from '../core/duration.js';

/** One setting of a program. Its value comes from, later wins: `fallback`, file, environment, flag. */
export interface Setting<Value> {
  /** Takes what stands in the file (any YAML value), or the text of a variable or flag (a list of texts for `many`). */
  readonly schema: z.ZodType<Value>;
  /** `switch`: a flag without value; `many`: a flag that may be repeated. */
  readonly shape: 'one' | 'many' | 'switch';
  readonly fallback: Value;
  readonly help: string;
  /** What stands for the value in `--help`. */
  readonly placeholder: string;
  /** The default as `--help` shows it; '' if there is none. */
  readonly defaultText: string;
}

interface Wording<Value> {
  readonly fallback: Value;
  readonly help: string;
  readonly placeholder?: string;
  /** Where the default is better described than printed. */
  readonly defaultText?: string;
}

function setting<Value>(
  shape: Setting<Value>['shape'],
  schema: z.ZodType<Value>,
  wording: Wording<Value>,
  placeholder: string,
  shown: string,
): Setting<Value> {
  return {
    schema,
    shape,
    fallback: wording.fallback,
    help: wording.help,
    placeholder: wording.placeholder ?? placeholder,
    defaultText: wording.defaultText ?? shown,
  };
}

const plainText = z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' });

/** Any text. With an undefined fallback the setting is optional. */
export function text<Fallback extends string | undefined>(
  wording: Wording<Fallback>,
): Setting<string | Fallback> {
  return setting<string | Fallback>('one', plainText, wording, 'TEXT', wording.fallback ?? '');
}

/** A file or directory, as it is written. */
export function path<Fallback extends string | undefined>(
  wording: Wording<Fallback>,
): Setting<string | Fallback> {
  return setting<string | Fallback>('one', plainText, wording, 'PATH', wording.fallback ?? '');
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export const addressText = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const addressSchema = plainText.transform((written, context): Address => {
  const match = /^(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]\s/]+)):(?<port>\d{1,5})$/.exec(written);
  const host = match?.groups?.['six'] ?? match?.groups?.['host'];
  const port = Number(match?.groups?.['port']);
  if (host !== undefined && port <= 65_535) return { host, port };
  context.addIssue({
    code: 'custom',
    message: 'must be HOST:PORT, such as 127.0.0.1:7600; port 0 means any free one',
    input: written,
  });
  return z.NEVER;
});

/** `host:port`; port 0 means any free port. */
export function address<Fallback extends Address | undefined>(
  wording: Wording<Fallback>,
): Setting<Address | Fallback> {
  const shown = wording.fallback === undefined ? '' : addressText(wording.fallback);
  return setting<Address | Fallback>('one', addressSchema, wording, 'HOST:PORT', shown);
}

/** `--flag`, `--no-flag`; `true` or `false` in the file, `1`/`true`/`0`/`false` in a variable. */
export function flag(
  wording: Omit<Wording<boolean>, 'fallback'> & { readonly fallback?: boolean },
): Setting<boolean> {
  const schema = z
    .union([z.boolean(), z.enum(['1', 'true', 'yes', '0', 'false', 'no', ''])], {
      error: 'must be true or false',
    })
    .transform((value) => value === true || value === '1' || value === 'true' || value === 'yes');
  const fallback = wording.fallback ?? false;
  return setting('switch', schema, { ...wording, fallback }, '', fallback ? 'on' : 'off');
}

/** A whole number within bounds. */
export function integer(
  wording: Wording<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max } = wording;
  const error = `must be a whole number from ${min} to ${max}`;
  const schema = z
    .union([z.number(), z.string().regex(/^\d+$/, { error })], { error })
    .transform(Number)
    .refine((value) => Number.isSafeInteger(value) && value >= min && value <= max, { error });
  return setting('one', schema, wording, 'NUMBER', String(wording.fallback));
}

/** A length of time (`10s`, `1h30m`); the value is in milliseconds. */
export function duration(
  wording: Wording<number> & { readonly minMs?: number; readonly maxMs?: number },
): Setting<number> {
  const { minMs = 0, maxMs = 30 * 86_400_000 } = wording;
  const schema = z
    .string({ error: 'must be a duration such as 250ms, 10s, 5m or 1h30m' })
    .transform((written, context): number => {
      const ms = parseDuration(written);
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
      const message =
        ms === undefined
          ? 'must be a duration such as 250ms, 10s, 5m or 1h30m'
          : `must be from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
      context.addIssue({ code: 'custom', message, input: written });
      return z.NEVER;
    });
  return setting('one', schema, wording, 'DURATION', formatDuration(wording.fallback));
}

/** Bytes in a second (`20MB`, `1.5GB`); 0 means no limit. */
export function byteRate(wording: Omit<Wording<number>, 'fallback'>): Setting<number> {
  const error = 'must be an amount for each second such as 500KB, 20MB or 1GB, or 0 for no limit';
  const schema = z.union([z.string(), z.number()], { error }).transform((written, context): number => {
    const bytes = parseBytes(String(written));
    if (bytes !== undefined && Number.isSafeInteger(bytes)) return bytes;
    context.addIssue({ code: 'custom', message: error, input: written });
    return z.NEVER;
  });
  return setting('one', schema, { ...wording, fallback: 0 }, 'BYTES', '0');
}

const bytesInMegabyte = 1_000_000;

/** Whole megabytes (`256`, `256MB`, `2GB`): a number without unit is one of megabytes. */
export function megabytes(
  wording: Wording<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max } = wording;
  const error = `must be whole megabytes such as 256MB, 2GB or 256, from ${min}MB to ${max}MB`;
  const schema = z.union([z.string(), z.number()], { error }).transform((written, context): number => {
    const text = String(written);
    const bytes = parseBytes(/^\d+$/.test(text) ? `${text}MB` : text);
    const value = bytes === undefined ? Number.NaN : bytes / bytesInMegabyte;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: error, input: written });
    return z.NEVER;
  });
  return setting('one', schema, wording, 'MB', `${wording.fallback}MB`);
}

interface ListWording extends Omit<Wording<readonly string[]>, 'fallback'> {
  readonly fallback?: readonly string[];
  /** Says what is wrong with an entry ("must be K=V"); undefined if nothing is. */
  readonly check?: (entry: string) => string | undefined;
}

/** A flag that may be repeated; in a variable, entries are separated by commas; in the file, a list or one text. */
export function list(wording: ListWording): Setting<readonly string[]> {
  const entry = plainText.superRefine((written, context) => {
    const message = wording.check?.(written);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: written });
  });
  const schema = z
    .preprocess(
      (input) => (typeof input === 'string' ? [input] : input),
      z.array(entry, { error: 'must be a list of texts' }),
    )
    .readonly();
  const fallback = wording.fallback ?? [];
  return setting<readonly string[]>('many', schema, { ...wording, fallback }, 'TEXT', fallback.join(', '));
}

/** `K=V` pairs: a flag that may be repeated, a comma-separated variable, a map in the file. */
export function pairs(
  wording: Omit<Wording<Readonly<Record<string, string>>>, 'fallback'>,
): Setting<Readonly<Record<string, string>>> {
  const asMap = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String), {
    error: 'must be a map',
  });
  const schema = z.preprocess((input, context) => {
    if (!Array.isArray(input)) return input;
    const entries = input.map((written: unknown): [string, string] => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(String(written)) ?? [];
      if (key === undefined || value === undefined) {
        context.addIssue({ code: 'custom', message: `must be KEY=VALUE, not "${String(written)}"`, input });
      }
      return [key ?? '', value ?? ''];
    });
    return Object.fromEntries(entries);
  }, asMap);
  return setting('many', schema, { ...wording, fallback: {} }, 'KEY=VALUE', '');
}
