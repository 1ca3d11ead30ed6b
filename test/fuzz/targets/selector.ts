import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { matches } from '../../../shared/core/selector.js';
import type { Requirement } from '../../../shared/model/selector.js';
import { parseSelector } from '../../../shared/spec/selector.js';
import { mutated } from '../mutate.js';
import { hold, orRefused } from '../refusals.js';
import type { Target } from '../target.js';

const keys = [
  'constructor',
  'env',
  'role',
  'zone',
  'a.b/c',
  'facts.memory',
  'facts.cpus',
  'facts.os',
  'facts.nothing',
  '',
  'x'.repeat(70),
];
const values = ['production', 'a', '8GiB', '16', '-1', '""', '"a b"', '1e9', 'in', 'notin', 'é', '"', '()'];
const signs = ['=', '==', '!=', '<', '<=', '>', '>=', ' in (', ' notin (', ')', ',', '!', ' ', '('];

const requirement = fc.oneof(
  fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom('=', '!=', '<', '>='), fc.constantFrom(...values))
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom(...keys),
      fc.constantFrom('in', 'notin'),
      fc.array(fc.constantFrom(...values), { maxLength: 4 }),
    )
    .map(([key, sign, list]) => `${key} ${sign} (${list.join(', ')})`),
  fc.constantFrom(...keys).map((key) => `!${key}`),
  fc.constantFrom(...keys),
);
const selector = fc.oneof(
  fc.array(requirement, { maxLength: 6 }).map((parts) => parts.join(',')),
  fc.array(fc.constantFrom(...keys, ...values, ...signs), { maxLength: 20 }).map((parts) => parts.join('')),
);
const bytes = selector.map((text) => Buffer.from(text));

const labels = new Map([
  ['env', 'production'],
  ['role', 'web'],
  ['zone', 'a'],
]);
const node = { labels: Object.fromEntries(labels), facts: undefined };

export const selectorTarget: Target = {
  name: 'selector',
  inputs: fc.oneof(bytes, mutated(bytes, [...keys, ...values, ...signs])),
  read(input) {
    const text = input.toString();
    const found = orRefused(
      ['invalid'],
      () => parseSelector(text),
      ({ location }) => {
        const column = location?.column ?? 0;
        hold(`column ${column} is in the text`, column >= 1 && column <= text.length + 1);
      },
    );
    if (found === undefined) return false;
    const { requirements } = found;
    const long = requirements.map(written).join(',');
    if (requirements.every(isShort) && long.length <= 4096) {
      const again = parseSelector(long);
      hold('it means what it says', isDeepStrictEqual(again.requirements, requirements));
    }
    hold('it matches what meets each of it', matches(found, node) === requirements.every(isMet));
    return true;
  },
};

/** By the node that has labels, and has told no facts. */
function isMet(requirement: Requirement): boolean {
  const { kind, key } = requirement;
  const value = labels.get(key);
  if (kind === 'in') return value !== undefined && requirement.values.includes(value);
  if (kind === 'notIn')
    return value === undefined ? !key.startsWith('facts.') : !requirement.values.includes(value);
  return kind === 'compare' ? false : (kind === 'exists') === (value !== undefined);
}

/** A size that was given in terabytes may have more digits than can be written. */
const isShort = (requirement: Requirement): boolean =>
  !('values' in requirement) || requirement.values.every((value) => value.length <= 12);

/** The long way to write it. */
function written(requirement: Requirement): string {
  const { kind, key } = requirement;
  const list = (texts: readonly string[]): string =>
    texts.map((text) => quotedUnlessSize(key, text)).join(',');
  switch (kind) {
    case 'in':
      return `${key} in (${list(requirement.values)})`;
    case 'notIn':
      return `${key} notin (${list(requirement.values)})`;
    case 'exists':
      return key;
    case 'absent':
      return `!${key}`;
    case 'compare':
      return `${key}${requirement.operator}${quotedUnlessSize(key, String(requirement.value))}`;
  }
}

const quotedUnlessSize = (key: string, text: string): string =>
  key === 'facts.memory' || key === 'facts.disk' ? `${text}B` : `"${text}"`;
