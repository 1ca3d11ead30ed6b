import * as z from 'zod';
import { applicationSchema } from './application.js';
import { buildSchema } from './build.js';
import { nodeConfSchema } from './node-conf.js';
import { releaseSchema } from './release.js';

/** The JSON Schemas that editors check specs with, by file name below `docs/schemas/`. */
export function specJsonSchemas(): Readonly<Record<string, unknown>> {
  return {
    'application.json': schemaOf(applicationSchema, 'Capstan application', 'What `capstan apply` takes.'),
    'build.json': schemaOf(
      buildSchema,
      'Capstan build',
      '`NAME.build.yml` beside a build in the drop folder.',
    ),
    'release.json': schemaOf(releaseSchema, 'Capstan release', '`capstan.yml` at the root of a release.'),
    'node.json': schemaOf(nodeConfSchema, "A node's own settings", "A file of the agent's `conf.d`."),
  };
}

function schemaOf(schema: z.ZodType, title: string, description: string): unknown {
  const generated = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' });
  return { ...generated, title, description };
}
