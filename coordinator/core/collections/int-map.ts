import type { Edit } from './hash-map.js';

/**
 * A persistent map from integers (0 … 2³⁰−1) that knows its first key: a radix trie, 32 ways a level, whose
 * height grows with the largest key. Used as an ordered queue of which any member can be taken out.
 */
export interface IntMap<V> {
  readonly size: number;
  /** Levels below the root, times five: keys below 2^(height + 5) fit. */
  readonly height: number;
  readonly root: Branch<V> | undefined;
}

interface Branch<V> {
  bitmap: number;
  readonly children: (Branch<V> | Held<V>)[];
  readonly edit: Edit | undefined;
}

/** Wraps a value, so that a value is never taken for a branch. */
interface Held<V> {
  readonly key: number;
  readonly value: V;
}

const bits = 5;

export function emptyIntMap<V>(): IntMap<V> {
  return { size: 0, height: 0, root: undefined };
}

/** The entry with the smallest key. */
export function firstOf<V>(map: IntMap<V>): Held<V> | undefined {
  let child: Branch<V> | Held<V> | undefined = map.root;
  while (child !== undefined && 'bitmap' in child) child = child.children[0];
  return child;
}

function hasInt<V>(map: IntMap<V>, key: number): boolean {
  if (key >= 2 ** (map.height + bits)) return false;
  let child: Branch<V> | Held<V> | undefined = map.root;
  for (let shift = map.height; child !== undefined && 'bitmap' in child; shift -= bits) {
    const bit = 1 << ((key >>> shift) & 31);
    child = (child.bitmap & bit) === 0 ? undefined : child.children[place(child.bitmap, bit)];
  }
  return child !== undefined;
}

export function setInt<V>(map: IntMap<V>, key: number, value: V, edit?: Edit): IntMap<V> {
  let { root, height } = map;
  root ??= { bitmap: 0, children: [], edit };
  while (key >= 2 ** (height + bits)) {
    if (root.bitmap !== 0) root = { bitmap: 1, children: [root], edit };
    height += bits;
  }
  const size = map.size + (hasInt(map, key) ? 0 : 1);
  return { size, height, root: insert(root, height, { key, value }, edit) };
}

export function removeInt<V>(map: IntMap<V>, key: number, edit?: Edit): IntMap<V> {
  if (map.root === undefined || !hasInt(map, key)) return map;
  const root = without(map.root, map.height, key, edit);
  return root === undefined ? emptyIntMap() : { size: map.size - 1, height: map.height, root };
}

/** All values, by growing key. */
export function* valuesInOrder<V>(map: IntMap<V>): Generator<V> {
  const stack: (Branch<V> | Held<V>)[] = map.root === undefined ? [] : [map.root];
  for (let child = stack.pop(); child !== undefined; child = stack.pop()) {
    if ('bitmap' in child) stack.push(...child.children.toReversed());
    else yield child.value;
  }
}

function insert<V>(branch: Branch<V>, shift: number, held: Held<V>, edit: Edit | undefined): Branch<V> {
  const bit = 1 << ((held.key >>> shift) & 31);
  const at = place(branch.bitmap, bit);
  const child = (branch.bitmap & bit) === 0 ? undefined : branch.children[at];
  const own = owned(branch, edit);
  const next = shift === 0 ? held : insert(inner(child, edit), shift - bits, held, edit);
  if (child === undefined) {
    own.bitmap |= bit;
    own.children.splice(at, 0, next);
  } else {
    own.children[at] = next;
  }
  return own;
}

function inner<V>(child: Branch<V> | Held<V> | undefined, edit: Edit | undefined): Branch<V> {
  return child !== undefined && 'bitmap' in child ? child : { bitmap: 0, children: [], edit };
}

function without<V>(
  branch: Branch<V>,
  shift: number,
  key: number,
  edit: Edit | undefined,
): Branch<V> | undefined {
  const bit = 1 << ((key >>> shift) & 31);
  const at = place(branch.bitmap, bit);
  const child = branch.children[at];
  const next =
    child !== undefined && 'bitmap' in child && shift > 0
      ? without(child, shift - bits, key, edit)
      : undefined;
  if (next === undefined && branch.children.length === 1) return undefined;
  const own = owned(branch, edit);
  if (next !== undefined) {
    own.children[at] = next;
  } else {
    own.bitmap &= ~bit;
    own.children.splice(at, 1);
  }
  return own;
}

function owned<V>(branch: Branch<V>, edit: Edit | undefined): Branch<V> {
  if (edit !== undefined && branch.edit === edit) return branch;
  return { bitmap: branch.bitmap, children: branch.children.slice(), edit };
}

/** How many children stand before the one of `bit`. */
function place(bitmap: number, bit: number): number {
  let n = bitmap & (bit - 1);
  n -= (n >>> 1) & 0x55555555;
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
