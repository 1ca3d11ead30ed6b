import * as z from 'zod';
import type { AppName } from '../model/ids.js';
import { appName } from './fields.js';
import { strict, validate } from './validate.js';
import { values } from './values.js';
import { parseYaml } from './yaml-source.js';

/** A node's own settings from one file of `conf.d`: values for every application, and for single ones. */
interface NodeConf {
  readonly env: Readonly<Record<string, string>>;
  readonly applications: ReadonlyMap<AppName, { readonly env: Readonly<Record<string, string>> }>;
}

/** A file of `conf.d` as an operator writes it. */
export const nodeConfSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Node'),
  env: values
    .prefault({})
    .describe('Values for every application on this node; they win over the environment.'),
  applications: z
    .record(appName, strict({ env: values.prefault({}) }))
    .prefault({})
    .describe('Values for single applications; they win over the ones above.'),
}).transform((raw): NodeConf => {
  const applications = new Map<AppName, { readonly env: Readonly<Record<string, string>> }>();
  for (const [name, settings] of Object.entries(raw.applications))
    applications.set(name as AppName, settings);
  return { env: raw.env, applications };
});

/**
 * Reads one file of `conf.d`. An empty file says nothing.
 * @throws CapstanError `invalid` with file, line and column
 */
export function parseNodeConf(text: string, fileName: string): NodeConf {
  const [source] = parseYaml(text, fileName);
  return source === undefined ? { env: {}, applications: new Map() } : validate(nodeConfSchema, source);
}
