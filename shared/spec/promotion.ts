import * as z from 'zod';
import type { PromotionRule } from '../model/application.js';
import { checkNameRule, type EnvName, isCheckName } from '../model/ids.js';
import { duration, envName } from './fields.js';
import { fault, strict, valueWord } from './validate.js';

/** No pipeline waits longer than that for a release to prove itself. Milliseconds. */
const longestBakeMs = 30 * 86_400_000;

const checks = z
  .array(
    z.string().refine(isCheckName, {
      error: (issue) => `${valueWord(issue.input)} cannot be the name of a check; use ${checkNameRule}`,
    }),
  )
  .max(50)
  .superRefine((names, context) => {
    names.forEach((name, index) => {
      if (names.indexOf(name) < index) fault(context, `the check "${name}" is named twice`, [index]);
    });
  });

export const promotion = strict({
  from: envName.optional().describe('The environment in which a release must have proven itself before.'),
  bake: duration({ maxMs: longestBakeMs })
    .optional()
    .describe('How long it must have been the proven release there.'),
  checks: checks.optional().describe('Checks that must have passed: `capstan check record`.'),
  approvals: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('How many different people must have approved it: `capstan approve`.'),
  fourEyes: z.boolean().optional().describe('Whether the approval of who published it counts for nothing.'),
})
  .superRefine((raw, context) => {
    const asks = raw.from !== undefined || (raw.checks?.length ?? 0) > 0 || (raw.approvals ?? 0) !== 0;
    if (raw.bake !== undefined && raw.from === undefined) {
      fault(context, 'needs from: the environment in which a release is to bake', ['bake'], { at: 'key' });
    } else if (raw.fourEyes === true && (raw.approvals ?? 0) === 0) {
      fault(
        context,
        'needs approvals: how many people other than who published it must approve',
        ['fourEyes'],
        {
          at: 'key',
        },
      );
    } else if (!asks) {
      fault(context, 'asks for nothing: name an environment it comes from, checks or approvals');
    }
  })
  .transform(
    (raw): PromotionRule => ({
      from: raw.from,
      bakeMs: raw.bake ?? 0,
      checks: raw.checks ?? [],
      approvals: raw.approvals ?? 0,
      ...(raw.fourEyes === true ? { fourEyes: true } : {}),
    }),
  );

export const autoDeploy = strict({
  checks: checks.prefault([]).describe('Checks that must have passed beside what promotion asks for.'),
});

interface Promotable {
  readonly name: string;
  readonly promotion?: { readonly from?: EnvName | undefined } | undefined;
}

/** Finds promotions from an environment that is not there and those that go round in a circle. */
export function checkPromotion(environments: readonly Promotable[], context: z.core.$RefinementCtx): void {
  const sources = new Map(environments.map(({ name, promotion: rule }) => [name, rule?.from]));
  environments.forEach(({ name, promotion: rule }, index) => {
    const message = unsoundness(name, rule?.from, sources);
    if (message !== undefined) fault(context, message, [index, 'promotion', 'from']);
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
