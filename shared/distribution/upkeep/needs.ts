import type { ReleaseRef } from '../../model/release.js';
import { type Hex, hexOf } from '../../release/digest.js';
import { type Layout, parseLayout } from '../../release/layout.js';
import type { ObjectKey } from '../object-key.js';
import type { CallOptions, StoreReader } from '../store.js';
import { getText } from '../text-object.js';

/** What a registration alone says of the objects a release needs: all but its packs. */
export function objectsNamedBy({ digest, layout, deltas }: ReleaseRef): readonly ObjectKey[] {
  const to = hexOf(digest);
  const named: ObjectKey[] = [
    { kind: 'manifests', hex: to },
    { kind: 'layouts', hex: hexOf(layout.digest) },
  ];
  for (const delta of deltas) {
    const from = hexOf(delta.from);
    named.push({ kind: 'deltas', from, to });
    if (delta.patch !== undefined) named.push({ kind: 'patches', from, to });
  }
  return named;
}

/** The packs that a layout leads to. */
export const packsOf = ({ packs }: Pick<Layout, 'packs'>): readonly ObjectKey[] =>
  packs.map(({ hex }) => ({ kind: 'packs', hex }));

/** @throws CapstanError as the store fails, `corrupt` */
export async function readLayout(
  store: StoreReader,
  { digest, size }: ReleaseRef['layout'],
  options: CallOptions = {},
): Promise<Layout> {
  const hex: Hex = hexOf(digest);
  return parseLayout((await getText(store, { kind: 'layouts', hex }, size, options)).text);
}
