import type { Labels } from '../../../../shared/model/labels.js';
import type { Slots } from './slots.js';

interface Candidate {
  readonly labels: Labels;
  readonly serving: boolean;
  readonly standby?: boolean;
}

export type Choice =
  | { readonly kind: 'slots'; readonly slots: Pick<Slots, 'label' | 'fresh' | 'old'> }
  /** There are not two groups. */
  | { readonly kind: 'unfit'; readonly values: readonly string[] };

/**
 * Which of the two groups of an environment gets a release: the one that takes no requests.
 * @param active the group that takes them, as far as one was switched to; else it is the first of which a node serves
 */
export function chooseSlots(label: string, active: string | undefined, nodes: readonly Candidate[]): Choice {
  const values = [...new Set(nodes.flatMap(({ labels }) => labels[label] ?? []))].sort();
  const [first, second] = values;
  if (first === undefined || second === undefined || values.length > 2) return { kind: 'unfit', values };
  const serves = (value: string): boolean =>
    nodes.some(({ labels, serving, standby }) => labels[label] === value && serving && standby !== true);
  const old = active !== undefined && values.includes(active) ? active : values.find(serves);
  return { kind: 'slots', slots: { label, fresh: old === first ? second : first, old } };
}
