import * as z from 'zod';
import { CapstanError } from '../model/errors.js';
import {
  type AppName,
  checkNameRule,
  isCheckName,
  isReleaseVersion,
  type ReleaseVersion,
  versionRule,
} from '../model/ids.js';
import { appName } from './fields.js';
import { fault, strict, validate, valueWord } from './validate.js';
import { parseYaml } from './yaml-source.js';

/** A finished build that waits in the drop folder, as the file beside it describes it. */
export interface BuildDescription {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  /** The name of a tar file or folder beside the description. */
  readonly source: string;
  /** Of a tar file, in bytes; undefined: not said. */
  readonly size: number | undefined;
  /** Of a tar file, in lower-case hexadecimal digits; undefined: not said. */
  readonly sha256: string | undefined;
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
  readonly reason: string;
}

const version = z
  .string({
    error: (issue) =>
      typeof issue.input === 'number' ? 'must be text: put it in quotes, or 1.10 becomes 1.1' : undefined,
  })
  .max(128)
  .transform((text, context): ReleaseVersion => {
    if (isReleaseVersion(text)) return text;
    fault(context, `${valueWord(text)} is not a version; use ${versionRule}`);
    return z.NEVER;
  });

/** A plain name: nothing outside the drop folder is ever read. */
const source = z.string().regex(/^(?!\.)[^/\\\p{Cc}]{1,255}$/u, {
  error: (issue) => `${valueWord(issue.input)} is not the name of a file or folder beside this one`,
});

const checks = z.record(z.string(), z.enum(['passed', 'failed'])).superRefine((entries, context) => {
  const names = Object.keys(entries);
  if (names.length > 50) fault(context, 'must have at most 50 entries');
  for (const name of names.filter((text) => !isCheckName(text))) {
    fault(context, `${valueWord(name)} cannot be the name of a check; use ${checkNameRule}`, [name], {
      at: 'key',
    });
  }
});

/** `NAME.build.yml` as CI writes it. */
export const buildSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Build'),
  app: appName,
  version: version.describe("The release's version, unique in its application."),
  source: source.describe('The name of the tar file or folder beside this file.'),
  size: z.int().min(0).optional().describe('Of the tar file, in bytes; until it has that, it is waited for.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' })
    .optional()
    .describe('Of the tar file.'),
  checks: checks.prefault({}).describe('What CI has checked, by name: passed or failed.'),
  reason: z.string().max(1000).default('').describe('Kept with the checks: which build, of which branch.'),
}).transform(
  (raw): BuildDescription => ({
    app: raw.app,
    version: raw.version,
    source: raw.source,
    size: raw.size,
    sha256: raw.sha256,
    checks: Object.entries(raw.checks).map(([name, outcome]) => ({ name, passed: outcome === 'passed' })),
    reason: raw.reason,
  }),
);

/** @throws CapstanError `invalid` with file, line and column */
export function parseBuildDescription(text: string, fileName: string): BuildDescription {
  const [first, ...more] = parseYaml(text, fileName);
  if (first === undefined || more.length > 0) {
    throw new CapstanError('invalid', 'The file must describe one build.', { location: { file: fileName } });
  }
  return validate(buildSchema, first);
}
