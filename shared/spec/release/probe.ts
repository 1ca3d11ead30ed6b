import * as z from 'zod';
import type { ProbeSpec, ProbeTarget, ProbeTiming } from '../../model/release-spec.js';
import { duration, unitName } from '../fields.js';
import { fault, strict } from '../validate.js';

/** `${NAME}` is replaced by a value; anything else that begins like it is a slip. */
const withValues = z
  .string()
  .min(1)
  .max(2048)
  .refine((text) => !/\$\{(?![A-Za-z_][A-Za-z0-9_]*\})/.test(text), {
    error: 'must use values as ${NAME}: a "${" is not closed or holds no name',
  });

/** Where no shell reads it, a `$PORT` would be asked for as it is written. */
const asWritten = withValues.superRefine((text, context) => {
  const [bare, name] = /\$([A-Za-z_][A-Za-z0-9_]*)/.exec(text) ?? [];
  if (bare !== undefined)
    fault(
      context,
      `must use values as \${NAME}: write \${${name ?? ''}} for ${bare}, and %24 for a dollar sign in a URL`,
    );
});

const httpUrl = asWritten.refine((text) => /^http:\/\/[^/\s]+/.test(text), {
  error: 'must be an http:// URL; where only https is spoken, use tcp or a command such as curl',
});
const address = asWritten.refine((text) => /^(?:\[[^\]\s]+\]|[^:\s]+):(?:\d+|\$\{\w+\})$/.test(text), {
  error: 'must be host:port, such as 127.0.0.1:${PORT}',
});

export const probe = strict({
  http: strict({ url: httpUrl }).optional(),
  tcp: strict({ address }).optional(),
  command: strict({ run: z.array(withValues).min(1).max(256) }).optional(),
  grpc: strict({
    address,
    service: asWritten.optional().describe('Without it, the server as a whole is asked for.'),
  }).optional(),
  unit: strict({
    name: unitName.optional().describe("Without it, the release's own systemd service."),
  }).optional(),
  every: duration({ minMs: 100, maxMs: 3_600_000 }).prefault('2s'),
  timeout: duration({ minMs: 10, maxMs: 600_000 }).prefault('1s'),
  rise: z.int().min(1).max(100).default(2),
  fall: z.int().min(1).max(100).default(3),
  startPeriod: duration({ minMs: 1, maxMs: 3_600_000 })
    .optional()
    .describe('For this long after a start, failures do not count.'),
}).transform((raw, context): ProbeSpec => {
  const timing: ProbeTiming = {
    everyMs: raw.every,
    timeoutMs: raw.timeout,
    rise: raw.rise,
    fall: raw.fall,
    ...(raw.startPeriod === undefined ? {} : { startPeriodMs: raw.startPeriod }),
  };
  const targets: ProbeTarget[] = [];
  if (raw.http !== undefined) targets.push({ kind: 'http', url: raw.http.url });
  if (raw.tcp !== undefined) targets.push({ kind: 'tcp', address: raw.tcp.address });
  if (raw.command !== undefined) targets.push({ kind: 'command', run: raw.command.run });
  if (raw.grpc !== undefined) {
    const { service } = raw.grpc;
    targets.push({ kind: 'grpc', address: raw.grpc.address, ...(service === undefined ? {} : { service }) });
  }
  if (raw.unit !== undefined) {
    const { name } = raw.unit;
    targets.push({ kind: 'unit', ...(name === undefined ? {} : { name }) });
  }
  const [only] = targets;
  if (only !== undefined && targets.length === 1) return { ...only, ...timing };
  fault(context, 'needs exactly one of http, tcp, grpc, unit and command');
  return z.NEVER;
});
