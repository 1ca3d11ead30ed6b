import * as z from 'zod';
import { fault } from './validate.js';
import { valueNameFault } from './value-names.js';

const value = z.union([z.string().max(32_768), z.number(), z.boolean()], {
  error: (issue) =>
    issue.input === null
      ? 'is empty; write "" for an empty value'
      : 'must be text, a number or true or false',
});

/** Values for services, hooks and probes. Numbers stay as they are written. */
export const values = z
  .record(z.string(), value)
  .superRefine((entries, context) => {
    const names = Object.keys(entries);
    if (names.length > 500) fault(context, 'must have at most 500 entries');
    for (const name of names) {
      const problem = valueNameFault(name);
      if (problem !== undefined) fault(context, problem, [name], { at: 'key' });
      if (String(entries[name]).includes('\0')) fault(context, 'must not hold a NUL character', [name]);
    }
  })
  .transform(
    (entries): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, String(entry)])),
  );
