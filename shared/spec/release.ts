import * as z from 'zod';
import { CapstanError } from '../model/errors.js';
import { maxAssetFolders } from '../model/release.js';
import type { ReleaseSpec, ServiceSpec } from '../model/release-spec.js';
import { duration, userName } from './fields.js';
import { assetDirsFault, innerDir, innerFile, sharedDir, sharedPathsFault } from './release/inner-paths.js';
import { probe } from './release/probe.js';
import { database, hooks } from './release/programs.js';
import { service } from './release/service.js';
import { templates, templatesFault } from './release/templates.js';
import { type EntryAt, treeFault } from './release/tree-faults.js';
import { fault, faultAt, strict, validate } from './validate.js';
import { values } from './values.js';
import { parseYaml } from './yaml-source.js';

const shared = strict({
  dirs: z.array(sharedDir).max(200).prefault([]),
  files: z.array(innerFile).max(200).default([]),
  owner: userName
    .optional()
    .describe("Whom directories belong to that have to be made; the service's user if not given."),
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

const takesRequests = ({ kind }: ServiceSpec): boolean => kind === 'process' || kind === 'systemd';

/** `capstan.yml` as a developer writes it; its output is the model's ReleaseSpec. */
export const releaseSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Release'),
  service: service.prefault('none'),
  health: z.array(probe).max(20).default([]),
  drain: strict({ wait: duration({ maxMs: 3_600_000 }).prefault('10s') }).optional(),
  shared: shared.prefault({}),
  hooks: hooks.default({}),
  templates: templates.default([]).describe('Files that are made of others and of values.'),
  assets: assets.optional(),
  config: values.prefault({}).describe('The values that the release takes, with their defaults.'),
  database: database.optional().describe('Run on one node, before any node activates the release.'),
  swap: z
    .enum(['link', 'exchange'])
    .default('link')
    .describe('exchange: current is a real directory, for programs that cannot be reached through a link.'),
})
  .superRefine(({ templates, shared, assets, health, service }, context) => {
    const taken = { shared: [...shared.dirs, ...shared.files], assets: assets?.dirs ?? [] };
    const problem = templatesFault(templates, taken);
    if (problem !== undefined) fault(context, problem.message, ['templates', ...problem.path]);
    for (const [index, each] of health.entries()) {
      if (each.kind === 'unit' && each.name === undefined && service.kind !== 'systemd')
        fault(context, 'needs a name: the service is no systemd unit', ['health', index, 'unit']);
    }
  })
  .transform((raw): ReleaseSpec => {
    const { owner, ...places } = raw.shared;
    return {
      service: raw.service,
      health: raw.health,
      drain: { waitMs: raw.drain?.wait ?? (takesRequests(raw.service) ? 10_000 : 0) },
      shared: owner === undefined ? places : { ...places, owner },
      hooks: Object.fromEntries(Object.entries(raw.hooks).filter(([, spec]) => spec !== undefined)),
      config: raw.config,
      ...(raw.assets === undefined ? {} : { assets: raw.assets }),
      ...(raw.templates.length === 0 ? {} : { templates: raw.templates }),
      ...(raw.database === undefined ? {} : { database: raw.database }),
      ...(raw.swap === 'link' ? {} : { swap: raw.swap }),
    };
  });

/**
 * Reads a `capstan.yml`. For a release that has none, use `staticReleaseSpec`.
 * @param entryAt the release's tree, if the spec is to be held against it
 * @throws CapstanError `invalid` with file, line and column
 */
export function parseReleaseSpec(text: string, fileName: string, entryAt?: EntryAt): ReleaseSpec {
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
  const spec = validate(releaseSchema, source);
  const problem = entryAt === undefined ? undefined : treeFault(spec, entryAt);
  if (problem !== undefined) throw faultAt(source, problem.path, problem.message);
  return spec;
}
