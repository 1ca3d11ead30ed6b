import { nearest } from '../../../../shared/core/nearest.js';
import type { NodeName } from '../../../../shared/model/ids.js';
import { type Labels, labelOf } from '../../../../shared/model/labels.js';
import { listed } from '../explain/sentences.js';
import type { Slots } from './slots.js';

interface Labelled {
  readonly name: NodeName;
  readonly labels: Labels;
}

interface Candidate extends Labelled {
  readonly serving: boolean;
  readonly standby?: boolean;
  readonly idle?: boolean;
}

export type Choice =
  | { readonly kind: 'slots'; readonly slots: Pick<Slots, 'label' | 'fresh' | 'old'> }
  /** It cannot be said which two groups there are; `found`: what its nodes have instead, the end of a sentence. */
  | { readonly kind: 'unfit'; readonly found: string };

/**
 * Which of the two groups of an environment gets a release: the one that takes no requests.
 * @param active the group that takes them, as far as one was switched to; else it is the first of which a node serves
 */
export function chooseSlots(label: string, active: string | undefined, nodes: readonly Candidate[]): Choice {
  const pair = pairOf(label, active, nodes);
  if (pair === undefined) return { kind: 'unfit', found: foundIn(label, nodes) };
  const [first, second] = pair;
  const serving = nodes.filter((node) => node.serving && node.standby !== true);
  const hasOneOf = (some: readonly Candidate[]) => (value: string) =>
    some.some(({ labels }) => labelOf(labels, label) === value);
  const serves = pair.find(hasOneOf(serving.filter(({ idle }) => idle !== true)));
  const old =
    active !== undefined && pair.includes(active) ? active : (serves ?? pair.find(hasOneOf(serving)));
  return { kind: 'slots', slots: { label, fresh: old === first ? second : first, old } };
}

/** What its nodes have where it cannot be said which two groups there are, the end of a sentence; undefined where it can. */
export const unfitIn = (
  label: string,
  active: string | undefined,
  nodes: readonly Labelled[],
): string | undefined => (pairOf(label, active, nodes) === undefined ? foundIn(label, nodes) : undefined);

/**
 * Nodes that are in neither group and are left out, each with what is wrong. While it cannot be said which the groups
 * are, those alone that have no such label.
 */
export function straysOf(
  label: string,
  active: string | undefined,
  nodes: readonly Labelled[],
): ReadonlyMap<NodeName, string> {
  const pair = pairOf(label, active, nodes);
  const strays = new Map<NodeName, string>();
  for (const { name, labels } of nodes) {
    const value = labelOf(labels, label);
    if (value === undefined) strays.set(name, `it has no label "${label}", which puts it into a group`);
    else if (pair?.includes(value) === false) strays.set(name, strangerSentence(label, value, pair));
  }
  return strays;
}

function strangerSentence(label: string, value: string, pair: readonly string[]): string {
  const meant = nearest(value, pair);
  const guess = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `its label ${label}=${value} is neither of the two groups, ${pair.join(' and ')}${guess}`;
}

/**
 * The two groups. Of more than two values, those that one node alone has are slips: one that mislabels a node is not to
 * keep all others from a release. Undefined if that does not leave two, since then any choice could be the wrong one.
 */
function pairOf(
  label: string,
  active: string | undefined,
  nodes: readonly Labelled[],
): readonly [string, string] | undefined {
  const values = membersOf(label, nodes);
  const all = [...values.keys()].sort();
  const isGroup = (value: string): boolean => value === active || (values.get(value)?.length ?? 0) > 1;
  const [first, second, ...more] = all.length > 2 ? all.filter(isGroup) : all;
  return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
}

function membersOf(label: string, nodes: readonly Labelled[]): ReadonlyMap<string, readonly NodeName[]> {
  const values = new Map<string, NodeName[]>();
  for (const { name, labels } of nodes) {
    const value = labelOf(labels, label);
    const known = value === undefined ? undefined : values.get(value);
    if (known !== undefined) known.push(name);
    else if (value !== undefined) values.set(value, [name]);
  }
  return values;
}

function foundIn(label: string, nodes: readonly Labelled[]): string {
  const values = [...membersOf(label, nodes)].sort(([a], [b]) => (a < b ? -1 : 1));
  if (values.length === 0) return 'none of its nodes has it';
  return `its nodes have ${values.map(([value, names]) => `${value} (${listed(names)})`).join(', ')}`;
}
