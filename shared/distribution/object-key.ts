import { type Hex, isHex } from '../release/digest.js';

/**
 * What lies in a store, written once, never changed. Packs are named by the SHA-256 of their bytes; manifests and
 * layouts by that of their canonical text, and are stored gzip-compressed. Deltas and patches are named by the two
 * releases they lead from and to; what they lead to is checked, they themselves are only an abbreviation.
 */
const contentKinds = ['packs', 'manifests', 'layouts'] as const;
const pairKinds = ['deltas', 'patches'] as const;

/** An object that is named by what is in it. */
export interface ContentKey {
  readonly kind: (typeof contentKinds)[number];
  readonly hex: Hex;
}

/** An object that is named by the manifests of two releases. */
export interface PairKey {
  readonly kind: (typeof pairKinds)[number];
  readonly from: Hex;
  readonly to: Hex;
}

export type ObjectKey = ContentKey | PairKey;
export type ObjectKind = ObjectKey['kind'];
export const objectKinds: readonly ObjectKind[] = [...contentKinds, ...pairKinds];

/** Below the store's base: `packs/ab/<hex>`, `manifests/<hex>`, `layouts/<hex>`, `deltas/<from>-<to>`, `patches/<from>-<to>`. */
export function objectPath(key: ObjectKey): string {
  if ('from' in key) return `${key.kind}/${key.from}-${key.to}`;
  return key.kind === 'packs' ? `packs/${key.hex.slice(0, 2)}/${key.hex}` : `${key.kind}/${key.hex}`;
}

/** The inverse of `objectPath`; undefined for any other path. */
export function parseObjectPath(path: string): ObjectKey | undefined {
  const folder = path.slice(0, path.indexOf('/'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const key = contentKeyOf(folder, name) ?? pairKeyOf(folder, name);
  return key !== undefined && objectPath(key) === path ? key : undefined;
}

function contentKeyOf(folder: string, hex: string): ContentKey | undefined {
  const kind = contentKinds.find((candidate) => candidate === folder);
  return kind !== undefined && isHex(hex) ? { kind, hex } : undefined;
}

function pairKeyOf(folder: string, name: string): PairKey | undefined {
  const kind = pairKinds.find((candidate) => candidate === folder);
  const [from, to, ...rest] = name.split('-');
  return kind !== undefined && isHex(from) && isHex(to) && rest.length === 0 ? { kind, from, to } : undefined;
}
