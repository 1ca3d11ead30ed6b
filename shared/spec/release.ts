import * as z from 'zod';
import { CapstanError } from '../model/errors.js';
import { maxAssetFolders } from '../model/release.js';
import { hookNames, type ProbeSpec, type ReleaseSpec, type ServiceSpec } from '../model/release-spec.js';
import { command, duration } from './fields.js';
import { assetDirsFault, innerDir, sharedDir, sharedPath, sharedPathsFault } from './shared-paths.js';
import { fault, strict, validate } from './validate.js';
import { values } from './values.js';
import { parseYaml } from './yaml-source.js';

/** A key that is part of the design and not of this version: said so, and not "unknown". */
const later = (what: string) =>
  z
    .undefined({ error: `${what} not in this version of Capstan` })
    .optional()
    .describe('Not in this version.');

const processService = strict({
  command,
  stop: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']).default('SIGTERM'),
  grace: duration({ maxMs: 3_600_000 }).prefault('10s'),
});

const service = z
  .preprocess(
    (input) => (input === 'none' ? {} : input),
    strict({ process: processService.optional(), systemd: later('systemd services are') }),
  )
  .transform(({ process }): ServiceSpec => {
    if (process === undefined) return { kind: 'none' };
    return { kind: 'process', command: process.command, stopSignal: process.stop, graceMs: process.grace };
  });

/** `${NAME}` is replaced by a value; anything else that begins like it is a slip. */
const template = z
  .string()
  .min(1)
  .max(2048)
  .refine((text) => !/\$\{(?![A-Za-z_][A-Za-z0-9_]*\})/.test(text), {
    error: 'must use values as ${NAME}: a "${" is not closed or holds no name',
  });

const httpUrl = template.refine((text) => /^https?:\/\/[^/\s]+/.test(text), {
  error: 'must be an http:// or https:// URL',
});
const tcpAddress = template.refine((text) => /^(?:\[[^\]\s]+\]|[^:\s]+):(?:\d+|\$\{\w+\})$/.test(text), {
  error: 'must be host:port, such as 127.0.0.1:${PORT}',
});

const probe = strict({
  http: strict({ url: httpUrl }).optional(),
  tcp: strict({ address: tcpAddress }).optional(),
  command: strict({ run: z.array(template).min(1).max(256) }).optional(),
  grpc: strict({
    address: tcpAddress,
    service: template.optional().describe('The name of the service; without one, the server as a whole.'),
  }).optional(),
  unit: later('unit probes are'),
  every: duration({ minMs: 100, maxMs: 3_600_000 }).prefault('2s'),
  timeout: duration({ minMs: 10, maxMs: 600_000 }).prefault('1s'),
  rise: z.int().min(1).max(100).default(2),
  fall: z.int().min(1).max(100).default(3),
  startPeriod: duration({ minMs: 1, maxMs: 3_600_000 })
    .optional()
    .describe('For this long after a start, failures do not count.'),
}).transform((raw, context): ProbeSpec => {
  const { startPeriod } = raw;
  const timing = {
    ...{ everyMs: raw.every, timeoutMs: raw.timeout, rise: raw.rise, fall: raw.fall },
    ...(startPeriod === undefined ? {} : { startPeriodMs: startPeriod }),
  };
  const targets: ProbeSpec[] = [];
  if (raw.http !== undefined) targets.push({ kind: 'http', url: raw.http.url, ...timing });
  if (raw.tcp !== undefined) targets.push({ kind: 'tcp', address: raw.tcp.address, ...timing });
  if (raw.grpc !== undefined) {
    const { address, service } = raw.grpc;
    targets.push({ kind: 'grpc', address, ...(service === undefined ? {} : { service }), ...timing });
  }
  if (raw.command !== undefined) targets.push({ kind: 'command', run: raw.command.run, ...timing });
  const [only] = targets;
  if (only !== undefined && targets.length === 1) return only;
  fault(context, 'needs exactly one of http, tcp, grpc and command');
  return z.NEVER;
});

const hook = strict({
  run: command,
  timeout: duration({ minMs: 1, maxMs: 86_400_000 }).prefault('1m'),
  idempotent: z.boolean().default(true).describe('After a crash of the agent: run it again, or turn back.'),
}).transform((raw) => ({ run: raw.run, timeoutMs: raw.timeout, idempotent: raw.idempotent }));

const hookShape = Object.fromEntries(hookNames.map((name) => [name, hook.optional()])) as Record<
  (typeof hookNames)[number],
  z.ZodOptional<typeof hook>
>;

const shared = strict({
  dirs: z.array(sharedDir).max(200).prefault([]),
  files: z.array(sharedPath).max(200).default([]),
}).superRefine((raw, context) => {
  const problem = sharedPathsFault(raw);
  if (problem !== undefined) fault(context, problem.message, [...problem.path]);
});

const assets = strict({
  dirs: z
    .array(innerDir)
    .min(1)
    .max(maxAssetFolders)
    .describe('Folders for browsers, published under URLs that change with what is in them.'),
}).superRefine((raw, context) => {
  const problem = assetDirsFault(raw.dirs);
  if (problem !== undefined) fault(context, problem.message, [...problem.path]);
});

/** `capstan.yml` as a developer writes it; its output is the model's ReleaseSpec. */
export const releaseSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Release'),
  service: service.prefault('none'),
  health: z.array(probe).max(20).default([]),
  drain: strict({ wait: duration({ maxMs: 3_600_000 }).prefault('10s') }).optional(),
  shared: shared.prefault({}),
  hooks: strict(hookShape).default({}),
  assets: assets.optional(),
  config: values.prefault({}).describe('The values that the release takes, with their defaults.'),
  database: later('database migrations are'),
  swap: later('swap: exchange is'),
}).transform((raw): ReleaseSpec => {
  const hooks: ReleaseSpec['hooks'] = Object.fromEntries(
    Object.entries(raw.hooks).filter(([, spec]) => spec !== undefined),
  );
  const waitMs = raw.drain?.wait ?? (raw.service.kind === 'none' ? 0 : 10_000);
  return {
    service: raw.service,
    health: raw.health,
    drain: { waitMs },
    shared: raw.shared,
    hooks,
    config: raw.config,
    ...(raw.assets === undefined ? {} : { assets: raw.assets }),
  };
});

/**
 * Reads a `capstan.yml`. For a release that has none, use `staticReleaseSpec`.
 * @throws CapstanError `invalid` with file, line and column
 */
export function parseReleaseSpec(text: string, fileName: string): ReleaseSpec {
  const [source, second] = parseYaml(text, fileName);
  if (source === undefined) {
    throw new CapstanError('invalid', 'The file is empty; a release of files only needs none.', {
      location: { file: fileName },
    });
  }
  if (second !== undefined) {
    throw new CapstanError('invalid', 'The file must hold one document only.', {
      location: second.locate([]),
    });
  }
  return validate(releaseSchema, source);
}
