import * as z from 'zod';
import { type DatabaseSpec, type HookName, type HookSpec, hookNames } from '../../model/release-spec.js';
import { command, duration, userName } from '../fields.js';
import { strict } from '../validate.js';

const timeLimit = duration({ minMs: 1, maxMs: 86_400_000 });
const user = userName.optional().describe("Whom it runs as, if the node's configuration allows it.");

const hook = strict({
  run: command,
  timeout: timeLimit.prefault('1m'),
  idempotent: z.boolean().default(true).describe('After a crash of the agent: run it again, or turn back.'),
  user,
}).transform(
  (raw): HookSpec => ({
    run: raw.run,
    timeoutMs: raw.timeout,
    idempotent: raw.idempotent,
    ...(raw.user === undefined ? {} : { user: raw.user }),
  }),
);

const hookShape = Object.fromEntries(hookNames.map((name) => [name, hook.optional()])) as Record<
  HookName,
  z.ZodOptional<typeof hook>
>;

export const hooks = strict(hookShape);

export const database = strict({
  run: command,
  timeout: timeLimit.prefault('10m'),
  reversible: z
    .boolean()
    .describe('Whether the release before still works with the database as this leaves it.'),
  user,
}).transform(
  (raw): DatabaseSpec => ({
    run: raw.run,
    timeoutMs: raw.timeout,
    reversible: raw.reversible,
    ...(raw.user === undefined ? {} : { user: raw.user }),
  }),
);
