import { type Hex, isHex } from '../release/digest.js';

/**
 * What lies in a store, written once, never changed. Packs are named by the SHA-256 of their bytes; manifests and
 * layouts by that of their canonical text, and are stored gzip-compressed. Deltas and patches are named by the two
 * releases they lead from and to; what they lead to is checked, they themselves are only an abbreviation. What browsers
 * fetch lies as it is below the digest of the folder it belongs to; `folders` holds the manifest of each such folder that
 * is complete.
 */
const contentKinds = ['packs', 'manifests', 'layouts', 'folders'] as const;
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

/** A file of a folder that is published for browsers. */
export interface AssetKey {
  readonly kind: 'assets';
  /** SHA-256 of the folder's canonical manifest. */
  readonly folder: Hex;
  /** Within the folder. */
  readonly path: string;
}

export type ObjectKey = ContentKey | PairKey | AssetKey;
export type ObjectKind = ObjectKey['kind'];
/** Of the stores that nodes fetch from. */
export const objectKinds: readonly ObjectKind[] = ['packs', 'manifests', 'layouts', ...pairKinds];

/**
 * Below the store's base: `packs/ab/<hex>`, `manifests/<hex>`, `layouts/<hex>`, `folders/<hex>`, `deltas/<from>-<to>`,
 * `patches/<from>-<to>`, `assets/<hex>/<path>`.
 */
export function objectPath(key: ObjectKey): string {
  if (key.kind === 'assets') return `assets/${key.folder}/${key.path}`;
  if ('from' in key) return `${key.kind}/${key.from}-${key.to}`;
  return key.kind === 'packs' ? `packs/${key.hex.slice(0, 2)}/${key.hex}` : `${key.kind}/${key.hex}`;
}

/** The same as it stands in a URL: nothing but the paths of assets needs to be escaped. */
export function objectUrlPath(key: ObjectKey): string {
  const path = objectPath(key);
  return key.kind === 'assets' ? path.split('/').map(escaped).join('/') : path;
}

/** As RFC 3986 has it, which signatures of requests insist on. */
const escaped = (segment: string): string =>
  encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The inverse of `objectPath`; undefined for any other path. */
export function parseObjectPath(path: string): ObjectKey | undefined {
  const folder = path.slice(0, path.indexOf('/'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const key =
    folder === 'assets' ? assetKeyOf(path) : (contentKeyOf(folder, name) ?? pairKeyOf(folder, name));
  return key !== undefined && objectPath(key) === path ? key : undefined;
}

function assetKeyOf(path: string): AssetKey | undefined {
  const [, folder, ...within] = path.split('/');
  const sound = within.length > 0 && within.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isHex(folder) || !sound || /\p{Cc}/u.test(path)) return undefined;
  return { kind: 'assets', folder, path: within.join('/') };
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
