import { type Labels, labelOf } from '../model/labels.js';
import type { HostFacts } from '../model/node-status.js';

/** What selectors, canaries and waves go by: labels, and facts as `facts.NAME`. */
export interface Attributed {
  readonly labels: Labels;
  /** Undefined: the node has not told them yet. */
  readonly facts?: HostFacts | undefined;
}

interface Fact {
  /** What its values are: `size` is in bytes. */
  readonly kind: 'text' | 'count' | 'size';
  readonly read: (facts: HostFacts) => string | number;
}

/**
 * Facts that stay as they are while a host runs. What changes all the time is not among them: it would move nodes from
 * one environment to another by itself.
 */
const facts: Readonly<Record<string, Fact>> = {
  arch: { kind: 'text', read: ({ arch }) => arch },
  cpus: { kind: 'count', read: ({ cpus }) => cpus },
  hostname: { kind: 'text', read: ({ hostname }) => hostname },
  kernel: { kind: 'text', read: ({ kernel }) => kernel },
  memory: { kind: 'size', read: ({ memoryTotal }) => memoryTotal },
  nodeVersion: { kind: 'text', read: ({ nodeVersion }) => nodeVersion },
  os: { kind: 'text', read: ({ os }) => os },
};

/** What tells a fact from a label; no label begins so. */
const factPrefix = 'facts.';

export const factKeys: readonly string[] = Object.keys(facts).map((name) => `${factPrefix}${name}`);

export const isFactKey = (key: string): boolean => key.startsWith(factPrefix);

/** Undefined if there is no such fact. */
export const factKindOf = (key: string): Fact['kind'] | undefined => factOf(key)?.kind;

const factOf = (key: string): Fact | undefined => {
  const name = key.slice(factPrefix.length);
  return isFactKey(key) && Object.hasOwn(facts, name) ? facts[name] : undefined;
};

/** The label or fact of this key; undefined if the node has none, or has not told it. */
export function attributeOf(node: Attributed, key: string): string | number | undefined {
  if (!isFactKey(key)) return labelOf(node.labels, key);
  const fact = factOf(key);
  return fact === undefined || node.facts === undefined ? undefined : fact.read(node.facts);
}

/** True if no selector can tell these facts apart. */
export const sameFacts = (a: HostFacts | undefined, b: HostFacts | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && Object.values(facts).every(({ read }) => read(a) === read(b)));

const gibibyte = 1024 ** 3;

/** The group of likes a node is in by this key; '' for those that have none. Hosts alike differ by a little in memory. */
export function groupOf(node: Attributed, key: string): string {
  const value = attributeOf(node, key);
  if (value === undefined) return '';
  return factKindOf(key) === 'size' && typeof value === 'number'
    ? `${Math.round(value / gibibyte)}GiB`
    : String(value);
}
