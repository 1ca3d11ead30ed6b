import * as z from 'zod';
import type { AppName } from '../model/ids.js';
import type { AppRules } from '../model/node-rules.js';
import { appName, unitName, userName } from './fields.js';
import { faultAt, strict, validate } from './validate.js';
import { values } from './values.js';
import { parseYaml } from './yaml-source.js';

type NamedValues = Readonly<Record<string, string>>;

/** What one file of `conf.d` says of one application; a rule that it does not name is left to the other files. */
interface AppConf {
  readonly env: NamedValues;
  readonly rules: Partial<AppRules>;
}

/** A node's own settings from one file of `conf.d`: values for every application, and for single ones. */
interface NodeConf {
  readonly env: NamedValues;
  readonly applications: ReadonlyMap<AppName, AppConf>;
}

const application = strict({
  env: values.prefault({}),
  user: userName.optional().describe("Whom the release's programs run as unless they name somebody else."),
  users: z.array(userName).max(100).optional().describe('Whom else releases may name.'),
  units: z
    .array(unitName)
    .max(100)
    .optional()
    .describe(
      "Which of this host's systemd units releases may use as their service; needed if there is a user.",
    ),
  installUnits: z.boolean().optional().describe('Releases may bring systemd units of their own.'),
}).transform(
  ({ env, user, users, units, installUnits }): AppConf => ({
    env,
    rules: {
      ...(user === undefined ? {} : { user }),
      ...(users === undefined ? {} : { users }),
      ...(units === undefined ? {} : { units }),
      ...(installUnits === undefined ? {} : { installUnits }),
    },
  }),
);

/** A file of `conf.d` as an operator writes it. */
export const nodeConfSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Node'),
  env: values
    .prefault({})
    .describe('Values for every application on this node; they win over the environment.'),
  applications: z
    .record(appName, application)
    .prefault({})
    .describe('Single applications: values, which win over the ones above, and what their releases may do.'),
}).transform((raw): NodeConf => {
  const applications = new Map<AppName, AppConf>();
  for (const [name, settings] of Object.entries(raw.applications))
    applications.set(name as AppName, settings);
  return { env: raw.env, applications };
});

/** Whether the host has a user of this name. */
export type HasUser = (name: string) => boolean;

/**
 * Reads one file of `conf.d`. An empty file says nothing.
 * @param hasUser left out, it is not asked whether there is the user that programs are to run as
 * @throws CapstanError `invalid` with file, line and column
 */
export function parseNodeConf(text: string, fileName: string, hasUser?: HasUser): NodeConf {
  const [source] = parseYaml(text, fileName);
  if (source === undefined) return { env: {}, applications: new Map() };
  const conf = validate(nodeConfSchema, source);
  for (const [app, { rules }] of conf.applications) {
    if (rules.user === undefined || hasUser?.(rules.user) !== false) continue;
    throw faultAt(source, ['applications', app, 'user'], `this host has no user "${rules.user}"`);
  }
  return conf;
}
