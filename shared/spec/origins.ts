import * as z from 'zod';
import { parseS3Url } from '../distribution/s3-location.js';
import type { Origin } from '../model/application.js';
import { CapstanError } from '../model/errors.js';
import { isLabelValue } from '../model/labels.js';
import { fault, strict, valueWord } from './validate.js';

const storeUrl = z.string().superRefine((text, context) => {
  const problem = problemWith(text);
  if (problem !== undefined) fault(context, problem);
});

/** What is wrong with the URL of a store that nodes are to read; undefined: nothing. */
function problemWith(text: string): string | undefined {
  if (!URL.canParse(text)) return `${valueWord(text)} is not a URL`;
  const { protocol, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold credentials: every node gets to see it';
  switch (protocol) {
    case 'http:':
    case 'https:':
      return search === '' && hash === '' ? undefined : 'must end with its path: objects are found below it';
    case 'file:':
      return undefined;
    case 's3:':
      try {
        parseS3Url(text);
        return undefined;
      } catch (thrown) {
        return CapstanError.from(thrown).message;
      }
    default:
      return `${valueWord(text)} is no store; give https://…, http://…, s3://bucket/prefix or file:/path`;
  }
}

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
