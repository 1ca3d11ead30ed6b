import { CapstanError } from '../model/errors.js';
import type { AssetFolder } from '../model/release.js';
import { digestOf, sha256 } from './digest.js';
import { type Entry, encodeManifest, type FileEntry, type Manifest } from './manifest.js';
import { quoted } from './path-rules.js';

/** A folder of a release as it is published for browsers. */
export interface AssetTree extends AssetFolder {
  /** The canonical manifest of the folder alone, as if it were a release of its own. */
  readonly manifest: Buffer;
  /** Its files; paths are within the folder. */
  readonly files: readonly FileEntry[];
}

/**
 * The folders that `assets:` names, each with the digest that its URL is made of: the same files give the same URL in
 * every release, and any change another one.
 * @throws CapstanError `invalid` for one that is not there, is empty, or holds links (a web server has no use for them)
 */
export function assetTrees(manifest: Manifest, dirs: readonly string[]): readonly AssetTree[] {
  return dirs.map((dir) => {
    const entries = entriesBelow(manifest, dir);
    const link = entries.find(({ kind }) => kind === 'link');
    if (link !== undefined) {
      const path = quoted(`${dir}/${link.path}`);
      throw new CapstanError('invalid', `${path} is a link, and browsers cannot follow one`, {
        hint: 'put a copy of the file there, or name other folders under `assets:`',
      });
    }
    const files = entries.filter((entry) => entry.kind === 'file');
    const odd = files.find(({ path }) => /\p{Cc}/u.test(path));
    if (odd !== undefined) {
      throw new CapstanError(
        'invalid',
        `${quoted(`${dir}/${odd.path}`)} has a control character in its name`,
        {
          hint: 'what browsers fetch needs a name that goes into a URL: give it another one',
        },
      );
    }
    if (files.length === 0) {
      throw new CapstanError('invalid', `${quoted(dir)}, named under \`assets:\`, holds no files`, {
        hint: 'build the assets before publishing, or name the folder they are in',
      });
    }
    const text = encodeManifest(entries);
    return { dir, digest: digestOf(sha256(text)), manifest: text, files };
  });
}

function entriesBelow({ entries }: Manifest, dir: string): readonly Entry[] {
  const prefix = `${dir}/`;
  return entries.flatMap((entry) =>
    entry.path.startsWith(prefix) ? [{ ...entry, path: entry.path.slice(prefix.length) }] : [],
  );
}
