import * as z from 'zod';
import type { Amount, GroupKeys, WaveMembers, WaveSpec } from '../model/application.js';
import type { Selector } from '../model/selector.js';
import { amount, duration, selector } from './fields.js';
import { keyFault } from './selector.js';
import { fault, strict } from './validate.js';

/** A host's own name would make a group of every node. */
const own = 'facts.hostname';

const groupKey = z.string().superRefine((key, context) => {
  const problem =
    key === own ? `every node is a group of its own by ${own}; go by a label or another fact` : keyFault(key);
  if (problem !== undefined) fault(context, problem);
});

const groupKeys = z
  .union([groupKey, z.array(groupKey).min(1).max(4)], { error: 'must be a label or fact, or a list of them' })
  .transform((raw, context): GroupKeys => {
    const [first, ...rest] = typeof raw === 'string' ? [raw] : raw;
    if (first === undefined) return z.NEVER;
    const keys: GroupKeys = [first, ...rest];
    const twice = rest.find((key, at) => keys.indexOf(key) <= at);
    if (twice === undefined) return keys;
    fault(context, `"${twice}" is there twice`);
    return z.NEVER;
  });

const perGroup = z.int().min(1).max(10_000);
const byZone: GroupKeys = ['zone'];

const canary = strict({
  perZone: perGroup.optional().describe('This many nodes of every zone: each, with by: zone.'),
  each: perGroup.optional().describe('This many nodes of every group.'),
  total: amount({ zero: 'refused' }).optional().describe('This many nodes, spread over the groups.'),
  by: groupKeys.optional().describe('Labels and facts that group the nodes, zone by default.'),
}).transform((raw, context): WaveMembers => {
  const { perZone, each = perZone, total, by = byZone } = raw;
  const given = [perZone, raw.each, total].filter((entry) => entry !== undefined).length;
  if (given !== 1) fault(context, 'needs one of each, total and perZone');
  else if (perZone !== undefined && raw.by !== undefined)
    fault(context, `perZone goes by zone; write { each: ${perZone}, by: … }`, ['by'], { at: 'key' });
  else if (each !== undefined) return { kind: 'canary', by, each };
  else if (total !== undefined) return { kind: 'canaryTotal', by, amount: total };
  return z.NEVER;
});

export const wave = strict({
  name: z
    .string()
    .min(1)
    .max(63)
    .refine((text) => !/[/\p{Cc}]/u.test(text), { error: 'must not hold a slash or a control character' }),
  selector: selector.optional().describe('The nodes that the wave is for; all if it is left out.'),
  canary: canary.optional(),
  nodes: amount({ zero: 'refused' }).optional().describe('A count or a share of the nodes it is for.'),
  by: groupKeys.optional().describe('One group after another: a label such as region, or a fact.'),
  batch: amount({ zero: 'refused' }).optional().describe('How many nodes may be in flight at once.'),
  bake: duration().prefault('0s').describe('How long the wave must stay healthy before its gate opens.'),
  gate: z.enum(['auto', 'manual']).default('auto'),
})
  .superRefine((raw, context) => {
    const kinds = (['canary', 'nodes', 'by'] as const).filter((key) => raw[key] !== undefined);
    if (kinds.length > 1) {
      const message = `says twice who is in it: use one of ${kinds.join(' and ')}`;
      fault(context, `wave "${raw.name}" ${message}`, [kinds[1] ?? 'name'], { at: 'key' });
    }
  })
  .transform(
    (raw): WaveSpec => ({
      name: raw.name,
      ...within(raw.selector),
      members: membersOf(raw),
      batch: raw.batch,
      bakeMs: raw.bake,
      gate: raw.gate,
    }),
  );

/** One that selects every node is none. */
const within = (given: Selector | undefined): Pick<WaveSpec, 'within'> =>
  given === undefined || given.requirements.length === 0 ? {} : { within: given };

function membersOf(raw: {
  readonly canary?: WaveMembers | undefined;
  readonly nodes?: Amount | undefined;
  readonly by?: GroupKeys | undefined;
}): WaveMembers {
  if (raw.canary !== undefined) return raw.canary;
  if (raw.nodes !== undefined) return { kind: 'amount', amount: raw.nodes };
  return raw.by === undefined ? { kind: 'rest' } : { kind: 'by', by: raw.by };
}
