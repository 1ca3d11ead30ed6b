import type { Requirement, Selector } from '../model/selector.js';
import { type Attributed, attributeOf, isFactKey } from './attributes.js';

/** True if the node meets every requirement. A selector without requirements matches everything. */
export function matches(selector: Selector, node: Attributed): boolean {
  return selector.requirements.every((requirement) => meets(requirement, node));
}

/**
 * A fact that the node has not told yet meets nothing but its absence: a node that is half known must not be taken for
 * one of the others (teleport#66634).
 */
function meets(requirement: Requirement, node: Attributed): boolean {
  const { kind, key } = requirement;
  const value = attributeOf(node, key);
  switch (kind) {
    case 'in':
      return value !== undefined && requirement.values.includes(String(value));
    case 'notIn':
      return value === undefined ? !isFactKey(key) : !requirement.values.includes(String(value));
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'compare':
      return typeof value === 'number' && compares[requirement.operator](value, requirement.value);
  }
}

const compares = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;
