import * as z from 'zod';
import { envName } from './fields.js';
import { fault, strict } from './validate.js';

/** Read in order to say what is wrong with it; this version cannot hold a release back by promotion. */
export const promotion = strict({
  from: envName.optional(),
  checks: z.array(z.string()).optional(),
  approvals: z.int().nonnegative().optional(),
}).describe('Not in this version.');

interface Promotable {
  readonly name: string;
  readonly promotion?: { readonly from?: string | undefined } | undefined;
}

/**
 * Finds promotions from an environment that is not there and those that go round in a circle. What is
 * left is sound but refused all the same: a gate that is accepted and not kept would be worse than none.
 */
export function checkPromotion(environments: readonly Promotable[], context: z.core.$RefinementCtx): void {
  const sources = new Map(environments.map(({ name, promotion: rule }) => [name, rule?.from]));
  const unsound = environments.flatMap(({ name, promotion: rule }, index) => {
    const message = unsoundness(name, rule?.from, sources);
    return message === undefined ? [] : [{ index, message }];
  });
  for (const { index, message } of unsound) fault(context, message, [index, 'promotion', 'from']);
  if (unsound.length > 0) return;
  environments.forEach(({ promotion: rule }, index) => {
    if (rule === undefined) return;
    const message =
      'promotion is not in this version of Capstan; leave it out and deploy to each environment';
    fault(context, message, [index, 'promotion'], { at: 'key' });
  });
}

function unsoundness(
  name: string,
  from: string | undefined,
  sources: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (from === undefined) return undefined;
  if (!sources.has(from)) return `there is no environment "${from}" to promote from`;
  const circle = circleFrom(name, sources);
  return circle && `promotion goes round in a circle: ${circle.join(' -> ')}`;
}

/** The names along the circle that `name` is part of, in the order in which releases would go; undefined: none. */
function circleFrom(
  name: string,
  sources: ReadonlyMap<string, string | undefined>,
): readonly string[] | undefined {
  const trail = [name];
  let from = sources.get(name);
  while (from !== undefined && trail.length <= sources.size) {
    trail.push(from);
    if (from === name) return trail.reverse();
    from = sources.get(from);
  }
  return undefined;
}
