import * as z from 'zod';
import type { ParallelRule } from '../model/application.js';
import { isLabelKey } from '../model/labels.js';
import { duration } from './fields.js';
import { fault, strict } from './validate.js';

/** Of the strategy `parallel`: how its two groups are told apart, and how requests go from one to the other. */
export const parallel = strict({
  label: z
    .string()
    .refine(isLabelKey, { error: 'cannot be the key of a label' })
    .default('slot')
    .describe('The label whose two values are the two groups: slot=blue and slot=green.'),
  switch: z
    .enum(['manual', 'auto'])
    .default('manual')
    .describe('Whether a person has the requests switched, or the group that is verified gets them at once.'),
  overlap: duration()
    .prefault('5s')
    .describe('How long both groups take requests while they are switched, for load balancers to notice.'),
  releaseAfter: duration({ minMs: 1 })
    .optional()
    .describe('How long the old group is kept for a switch back; without it until a person releases it.'),
}).describe('Two groups of nodes, of which one takes the requests (blue/green).');

type Raw = z.output<typeof parallel>;

export function parallelRule(raw: Raw = parallel.parse({})): ParallelRule {
  return { label: raw.label, switch: raw.switch, overlapMs: raw.overlap, releaseAfterMs: raw.releaseAfter };
}

/** What would be accepted and not kept is refused. */
export function checkParallel(
  { type, parallel: rule }: { readonly type: string; readonly parallel?: Raw | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (rule === undefined || type === 'parallel') return;
  fault(
    context,
    `says how groups are switched, which the strategy ${type} does not do; set type: parallel`,
    ['parallel'],
    { at: 'key' },
  );
}
