import { type Hex, isHex } from '../release/digest.js';

/**
 * What lies in a store. Packs are named by the SHA-256 of their bytes; manifests and layouts by that of their
 * canonical text, and are stored gzip-compressed. Written once, never changed.
 */
const objectKinds = ['packs', 'manifests', 'layouts'] as const;
export type ObjectKind = (typeof objectKinds)[number];

export interface ObjectKey {
  readonly kind: ObjectKind;
  readonly hex: Hex;
}

/** Below the store's base: `packs/ab/<hex>`, `manifests/<hex>`, `layouts/<hex>`. */
export function objectPath({ kind, hex }: ObjectKey): string {
  return kind === 'packs' ? `packs/${hex.slice(0, 2)}/${hex}` : `${kind}/${hex}`;
}

/** The inverse of `objectPath`; undefined for any other path. */
export function parseObjectPath(path: string): ObjectKey | undefined {
  const kind = objectKinds.find((candidate) => path.startsWith(`${candidate}/`));
  const hex = path.slice(path.lastIndexOf('/') + 1);
  if (kind === undefined || !isHex(hex)) return undefined;
  const key = { kind, hex };
  return objectPath(key) === path ? key : undefined;
}
