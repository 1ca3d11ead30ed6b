import * as z from 'zod';
import { type Maintenance, type MaintenanceWindow, weekDays } from '../model/maintenance.js';
import { duration } from './fields.js';
import { fault, strict, valueWord } from './validate.js';

const minute = 60_000;
const timePattern = '^([01]?\\d|2[0-3]):[0-5]\\d$';

/** Written in quotes or not; a reader of older YAML would make a number of it without. */
const timeOfDay = z
  .string({ error: () => 'must be a time of day such as "22:00"' })
  .meta({ pattern: timePattern })
  .transform((text, context): number => {
    const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
    if (new RegExp(timePattern).test(text)) return Number(hours) * 60 + Number(minutes);
    fault(context, `${valueWord(text)} is not a time of day; write it like 09:30 or 22:00`);
    return z.NEVER;
  });

const window = strict({
  days: z
    .array(z.enum(weekDays))
    .min(1)
    .max(7)
    .superRefine((days, context) => {
      for (const [at, day] of days.entries())
        if (days.indexOf(day) < at) fault(context, `${day} is named twice`, [at]);
    })
    .meta({ uniqueItems: true })
    .default([...weekDays])
    .describe('The days on which it opens; all of them if left out.'),
  from: timeOfDay.describe('When it opens, as the clocks of the time zone show it.'),
  for: duration({ minMs: 1000, maxMs: 7 * 24 * 60 * minute }).describe(
    'How long it stays open, in time that passes: over midnight, and however clocks are set meanwhile.',
  ),
}).transform((raw): MaintenanceWindow => ({ days: raw.days, fromMinutes: raw.from, forMs: raw.for }));

const timeZone = z.string().superRefine((text, context) => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
  } catch {
    fault(context, `there is no time zone ${valueWord(text)}; write it like Europe/Berlin or UTC`);
  }
});

/** When nodes of an environment may be changed. */
export const maintenance = strict({
  timeZone: timeZone.default('UTC').describe('A name of the time zone database, such as Europe/Berlin.'),
  windows: z.array(window).min(1).max(20),
})
  .transform((raw): Maintenance => ({ timeZone: raw.timeZone, windows: raw.windows }))
  .describe('When its nodes may be changed; outside these windows rollouts wait.');
