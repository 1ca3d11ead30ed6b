/**
 * A persistent priority queue (a leftist heap): the smallest `at` first. Entries are not taken out from the
 * middle; who reads it drops the first ones that no longer hold.
 */
export interface Heap<V> {
  readonly at: number;
  readonly value: V;
  readonly rank: number;
  readonly left: Heap<V> | undefined;
  readonly right: Heap<V> | undefined;
}

export function pushHeap<V>(heap: Heap<V> | undefined, at: number, value: V): Heap<V> {
  return merged({ at, value, rank: 1, left: undefined, right: undefined }, heap);
}

/** The heap without its first entry. */
export function popHeap<V>(heap: Heap<V>): Heap<V> | undefined {
  return heap.left === undefined ? heap.right : merged(heap.left, heap.right);
}

function merged<V>(a: Heap<V>, b: Heap<V> | undefined): Heap<V> {
  if (b === undefined) return a;
  const [top, other] = a.at <= b.at ? [a, b] : [b, a];
  const right = merged(other, top.right);
  const left = top.left;
  if (left === undefined || left.rank < right.rank) {
    return { at: top.at, value: top.value, rank: (left?.rank ?? 0) + 1, left: right, right: left };
  }
  return { at: top.at, value: top.value, rank: right.rank + 1, left, right };
}
