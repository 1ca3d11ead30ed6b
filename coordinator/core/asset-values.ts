import type { ReleaseRef } from '../../shared/model/release.js';

/**
 * What a release's programs are told of its assets: the URL of its first folder, and a JSON object with those of all. They
 * travel as configuration, so that a rollback brings the URLs of its own release back.
 * @param publicUrl what the URL of every asset begins with
 */
export function assetValues(
  release: Pick<ReleaseRef, 'assets'>,
  publicUrl: string,
): Readonly<Record<string, string>> {
  const urls = assetUrls(release, publicUrl);
  const first = urls[0]?.[1];
  if (first === undefined) return {};
  return { CAPSTAN_ASSETS_URL: first, CAPSTAN_ASSETS_MAP: JSON.stringify(Object.fromEntries(urls)) };
}

/** Each folder and its URL; that of a file is this, a slash, and its path in the folder. */
export const assetUrls = (
  { assets = [] }: Pick<ReleaseRef, 'assets'>,
  publicUrl: string,
): readonly (readonly [dir: string, url: string])[] =>
  assets.map(({ dir, digest }) => [dir, `${publicUrl}/assets/${digest.slice('sha256:'.length)}`]);
