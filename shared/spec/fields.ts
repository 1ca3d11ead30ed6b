import * as z from 'zod';
import { formatDuration, parseDuration } from '../core/duration.js';
import type { Amount } from '../model/application.js';
import { CapstanError } from '../model/errors.js';
import {
  type AppName,
  dnsLabelRule,
  type EnvName,
  isAppName,
  isEnvName,
  isPublicKey,
  type PublicKey,
  publicKeyRule,
} from '../model/ids.js';
import type { Selector } from '../model/selector.js';
import { parseSelector } from './selector.js';
import { fault, valueWord } from './validate.js';

const dayMs = 86_400_000;
const durationPattern = '^(\\d+(ms|s|m|h|d))+$';

/** `10s`, `1h30m` … to milliseconds, within bounds that are milliseconds too. */
export function duration({ minMs = 0, maxMs = 30 * dayMs }: { minMs?: number; maxMs?: number } = {}) {
  return z
    .string({ error: (issue) => (isAbsent(issue.input) ? undefined : notDuration(issue.input)) })
    .meta({ pattern: durationPattern })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms === undefined) fault(context, notDuration(text));
      else if (ms < minMs)
        fault(context, `must be at least ${formatDuration(minMs)}, not ${valueWord(text)}`);
      else if (ms > maxMs) fault(context, `must be at most ${formatDuration(maxMs)}, not ${valueWord(text)}`);
      else return ms;
      return z.NEVER;
    });
}

/** Left to the general words for what is missing or empty. */
const isAbsent = (input: unknown): boolean => input === undefined || input === null;

const notDuration = (input: unknown): string =>
  typeof input === 'number'
    ? `${input} has no unit; write a duration such as ${input}s or ${input}m`
    : `${valueWord(input)} is not a duration; write it like 250ms, 10s, 5m or 1h30m`;

/** A count of nodes (`3`) or a percentage (`20%`). */
export function amount({ zero }: { readonly zero: 'allowed' | 'refused' }) {
  return z
    .union([z.int().nonnegative(), z.string().meta({ pattern: '^\\d+(\\.\\d+)? ?%$' })], {
      error: (issue) => (isAbsent(issue.input) ? undefined : notAmount(issue.input)),
    })
    .transform((value, context): Amount => {
      const parsed = toAmount(value);
      if (typeof parsed === 'string') fault(context, parsed);
      else if (zero === 'refused' && isZero(parsed)) {
        fault(context, `must be more than ${value}: nothing could ever move`);
      } else return parsed;
      return z.NEVER;
    });
}

function toAmount(value: number | string): Amount | string {
  if (typeof value === 'number') return { kind: 'count', count: value };
  const digits = /^(\d+(?:\.\d+)?) ?%$/.exec(value)?.[1];
  if (digits === undefined) return notAmount(value);
  const percent = Number(digits);
  return percent <= 100
    ? { kind: 'percent', percent }
    : `${value} is more than the whole; a percentage is at most 100%`;
}

const isZero = (value: Amount): boolean => (value.kind === 'count' ? value.count : value.percent) === 0;

const notAmount = (input: unknown): string =>
  typeof input === 'number'
    ? `${input} is not a count of nodes; write a whole number such as 3, or a percentage such as 20%`
    : `${valueWord(input)} is neither a count of nodes nor a percentage; write it like 3 or 20%`;

const labelPattern = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';

export const appName = z
  .string()
  .meta({ pattern: labelPattern })
  .transform((text, context): AppName => {
    if (isAppName(text)) return text;
    fault(context, notName(text));
    return z.NEVER;
  });

export const envName = z
  .string()
  .meta({ pattern: labelPattern })
  .transform((text, context): EnvName => {
    if (isEnvName(text)) return text;
    fault(context, notName(text));
    return z.NEVER;
  });

const notName = (text: string): string => `${valueWord(text)} is not a name; use ${dnsLabelRule}`;

/** A user of the host by name: numbers are refused, for they mean somebody else on the next host. */
export const userName = z
  .string({
    error: (issue) =>
      typeof issue.input === 'number'
        ? `must be the name of a user, not the number ${issue.input}`
        : undefined,
  })
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, {
    error: (issue) => `${valueWord(issue.input)} cannot be the name of a user`,
  });

/** A service of systemd. */
export const unitName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,240}\.service$/, {
  error: (issue) => `${valueWord(issue.input)} is not the name of a service unit, such as web.service`,
});

/** Of a publisher, as `capstan key show` prints it. */
export const publicKey = z
  .string()
  .meta({ pattern: '^ed25519:[A-Za-z0-9+/]{43}=$' })
  .transform((text, context): PublicKey => {
    if (isPublicKey(text)) return text;
    fault(context, `${valueWord(text)} is not a public key; write ${publicKeyRule}`);
    return z.NEVER;
  });

export const selector = z.string().transform((text, context): Selector => {
  try {
    return parseSelector(text);
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    fault(context, error.message, [], { offset: (error.location?.column ?? 1) - 1 });
    return z.NEVER;
  }
});

/** A program and its arguments; never a shell line. */
export const command = z
  .array(z.string().min(1).max(4096), {
    error: (issue) =>
      typeof issue.input === 'string'
        ? `must be a list of the program and its arguments, such as [bin/run, --fast], not ${valueWord(issue.input)}`
        : undefined,
  })
  .min(1)
  .max(256);
