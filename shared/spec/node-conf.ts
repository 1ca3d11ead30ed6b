import * as z from 'zod';
import type { AppName } from '../model/ids.js';
import type { AppRules, SigningRules, Trust } from '../model/node-rules.js';
import { appName, publicKey, unitName, userName } from './fields.js';
import { fault, faultAt, strict, validate } from './validate.js';
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
  /** For applications of which nothing else is said. */
  readonly signing: SigningRules;
  readonly applications: ReadonlyMap<AppName, AppConf>;
}

const trust = strict({
  keys: z
    .array(publicKey)
    .min(1)
    .max(50)
    .describe("Publishers' public keys, as `capstan key show` prints them."),
  threshold: z.int().min(1).default(1).describe('So many of the keys must have signed a release.'),
})
  .superRefine(({ keys, threshold }, context) => {
    const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
    if (twice !== -1) fault(context, 'is there twice; each key counts once', ['keys', twice]);
    else if (keys.length > 0 && threshold > keys.length) {
      fault(context, `must be at most ${keys.length}, for there are no more keys`, ['threshold']);
    }
  })
  .transform((found): Trust => found);

const signing = {
  trust: trust.optional().describe('Whose signatures releases need.'),
  allowUnsigned: z.boolean().optional().describe('Releases that nobody signed may run.'),
};

const signingOf = ({ trust, allowUnsigned }: SigningRules): SigningRules => ({
  ...(trust === undefined ? {} : { trust }),
  ...(allowUnsigned === undefined ? {} : { allowUnsigned }),
});

const application = strict({
  env: values.prefault({}),
  ...signing,
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
  ({ env, user, users, units, installUnits, ...signed }): AppConf => ({
    env,
    rules: {
      ...signingOf(signed),
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
  ...signing,
  applications: z
    .record(appName, application)
    .prefault({})
    .describe('Single applications: values, which win over the ones above, and what their releases may do.'),
}).transform((raw): NodeConf => {
  const applications = new Map<AppName, AppConf>();
  for (const [name, settings] of Object.entries(raw.applications))
    applications.set(name as AppName, settings);
  return { env: raw.env, signing: signingOf(raw), applications };
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
  if (source === undefined) return { env: {}, signing: {}, applications: new Map() };
  const conf = validate(nodeConfSchema, source);
  for (const [app, { rules }] of conf.applications) {
    if (rules.user === undefined || hasUser?.(rules.user) !== false) continue;
    throw faultAt(source, ['applications', app, 'user'], `this host has no user "${rules.user}"`);
  }
  return conf;
}
