import * as z from 'zod';
import { storeUrlProblem } from '../distribution/store-url.js';
import type { Origin } from '../model/application.js';
import { isLabelValue } from '../model/labels.js';
import { fault, strict } from './validate.js';

const storeUrl = z.string().superRefine((text, context) => {
  const problem = storeUrlProblem(text);
  if (problem !== undefined) fault(context, problem);
});

const origin = strict({
  url: storeUrl.describe('Base URL: https://…, http://…, s3://bucket/prefix or file:/path.'),
  zone: z
    .string()
    .refine(isLabelValue, { error: 'must be a value that the label "zone" can have' })
    .optional()
    .describe('The zone it is near to; left out, it is as good for all.'),
}).transform((raw): Origin => ({ url: raw.url.replace(/(?<=[^/])\/+$/, ''), zone: raw.zone }));

export const origins = z
  .array(origin)
  .max(32)
  .superRefine((list, context) => {
    list.forEach(({ url, zone }, index) => {
      const first = list.findIndex((other) => other.url === url && other.zone === zone);
      if (first < index) fault(context, `the store ${url} is there twice`, [index, 'url']);
    });
  });
