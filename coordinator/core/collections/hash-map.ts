/**
 * A persistent map with string keys (a hash array mapped trie): `set` and `remove` return a new map that shares
 * all but a path of a few small arrays with the old one, so that a change costs the same in a map of a thousand
 * as in one of a hundred thousand.
 */
export interface HashMap<K extends string, V> {
  readonly size: number;
  readonly root: Branch<K, V>;
}

/** Marks the branches made within one call: these may be changed in place, since nobody else has seen them. */
export type Edit = object;

interface Leaf<K, V> {
  readonly kind: 'leaf';
  readonly hash: number;
  readonly key: K;
  readonly value: V;
}

interface Bucket<K, V> {
  readonly kind: 'bucket';
  readonly hash: number;
  readonly leaves: readonly Leaf<K, V>[];
}

interface Branch<K, V> {
  readonly kind: 'branch';
  bitmap: number;
  readonly children: Child<K, V>[];
  readonly edit: Edit | undefined;
}

type Child<K, V> = Leaf<K, V> | Bucket<K, V> | Branch<K, V>;

const bits = 5;

export function emptyHashMap<K extends string, V>(): HashMap<K, V> {
  return { size: 0, root: { kind: 'branch', bitmap: 0, children: [], edit: undefined } };
}

export function getKey<K extends string, V>(map: HashMap<K, V>, key: K): V | undefined {
  const hash = hashOf(key);
  let child: Child<K, V> | undefined = map.root;
  for (let shift = 0; child?.kind === 'branch'; shift += bits) {
    const bit = bitAt(hash, shift);
    child = (child.bitmap & bit) === 0 ? undefined : child.children[place(child.bitmap, bit)];
  }
  if (child === undefined) return undefined;
  if (child.kind === 'leaf') return child.key === key ? child.value : undefined;
  return child.leaves.find((leaf) => leaf.key === key)?.value;
}

export function setKey<K extends string, V>(
  map: HashMap<K, V>,
  key: K,
  value: V,
  edit?: Edit,
): HashMap<K, V> {
  const grown = { grew: false };
  const leaf: Leaf<K, V> = { kind: 'leaf', hash: hashOf(key), key, value };
  const root = insert(map.root, 0, leaf, edit, grown);
  if (root === map.root && !grown.grew) return map;
  return { size: map.size + (grown.grew ? 1 : 0), root };
}

export function removeKey<K extends string, V>(map: HashMap<K, V>, key: K): HashMap<K, V> {
  if (getKey(map, key) === undefined) return map;
  const root = without(map.root, 0, hashOf(key), key);
  return { size: map.size - 1, root: root?.kind === 'branch' ? root : emptyHashMap<K, V>().root };
}

/** All values, in no meaningful but always the same order for the same keys. */
export function* valuesOf<K extends string, V>(map: HashMap<K, V>): Generator<V> {
  const stack: Child<K, V>[] = [map.root];
  for (let child = stack.pop(); child !== undefined; child = stack.pop()) {
    if (child.kind === 'leaf') yield child.value;
    else if (child.kind === 'bucket') for (const leaf of child.leaves) yield leaf.value;
    else stack.push(...child.children);
  }
}

function insert<K extends string, V>(
  branch: Branch<K, V>,
  shift: number,
  leaf: Leaf<K, V>,
  edit: Edit | undefined,
  grown: { grew: boolean },
): Branch<K, V> {
  const bit = bitAt(leaf.hash, shift);
  const at = place(branch.bitmap, bit);
  const child = (branch.bitmap & bit) === 0 ? undefined : branch.children[at];
  if (child === undefined) {
    grown.grew = true;
    const own = owned(branch, edit);
    own.bitmap |= bit;
    own.children.splice(at, 0, leaf);
    return own;
  }
  const next = replacement(child, shift + bits, leaf, edit, grown);
  if (next === child) return branch;
  const own = owned(branch, edit);
  own.children[at] = next;
  return own;
}

function replacement<K extends string, V>(
  child: Child<K, V>,
  shift: number,
  leaf: Leaf<K, V>,
  edit: Edit | undefined,
  grown: { grew: boolean },
): Child<K, V> {
  if (child.kind === 'branch') return insert(child, shift, leaf, edit, grown);
  if (child.kind === 'leaf' && child.key === leaf.key) return leaf;
  if (child.hash === leaf.hash) {
    const others = child.kind === 'leaf' ? [child] : child.leaves.filter(({ key }) => key !== leaf.key);
    if (child.kind === 'leaf' || others.length === child.leaves.length) grown.grew = true;
    return { kind: 'bucket', hash: leaf.hash, leaves: [...others, leaf] };
  }
  const branch: Branch<K, V> = {
    kind: 'branch',
    bitmap: bitAt(child.hash, shift),
    children: [child],
    edit,
  };
  return insert(branch, shift, leaf, edit, grown);
}

function without<K extends string, V>(
  child: Child<K, V>,
  shift: number,
  hash: number,
  key: K,
): Child<K, V> | undefined {
  if (child.kind === 'leaf') return undefined;
  if (child.kind === 'bucket') {
    const leaves = child.leaves.filter((leaf) => leaf.key !== key);
    return leaves.length === 0 ? undefined : { ...child, leaves };
  }
  const bit = bitAt(hash, shift);
  const at = place(child.bitmap, bit);
  const inner = child.children[at];
  const next = inner === undefined ? undefined : without(inner, shift + bits, hash, key);
  const children = child.children.slice();
  if (next !== undefined) {
    children[at] = next;
    return { kind: 'branch', bitmap: child.bitmap, children, edit: undefined };
  }
  children.splice(at, 1);
  if (children.length === 0 && shift > 0) return undefined;
  return { kind: 'branch', bitmap: child.bitmap & ~bit, children, edit: undefined };
}

function owned<K, V>(branch: Branch<K, V>, edit: Edit | undefined): Branch<K, V> {
  if (edit !== undefined && branch.edit === edit) return branch;
  return { kind: 'branch', bitmap: branch.bitmap, children: branch.children.slice(), edit };
}

const bitAt = (hash: number, shift: number): number => 1 << ((hash >>> shift) & 31);

/** How many children stand before the one of `bit`. */
function place(bitmap: number, bit: number): number {
  let n = bitmap & (bit - 1);
  n -= (n >>> 1) & 0x55555555;
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** FNV-1a with a final mix, so that names which differ in their last digit spread. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}
