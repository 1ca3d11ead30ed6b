import type { Hex } from './digest.js';
import type { Layout, Pack, Segment } from './layout.js';
import { firstOwnFrame, layoutOf, needsRebase, placesInBase } from './pack-places.js';
import { createPackWriter } from './pack-writer.js';
import { createPacker } from './packer.js';
import { type Content, distinctContents, isLarge } from './segmenting.js';
import type { TreeSnapshot } from './tree.js';

export interface BuiltPack {
  /** undefined if the base's packs have all that is needed. */
  readonly pack: Pack | undefined;
  readonly layout: Layout;
}

interface PackOptions {
  /** Layout of an earlier release: what its packs hold is not packed again. */
  readonly base?: Layout | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the uncompressed bytes packed so far, and those there are to pack. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Packs into one new file what a base does not have of a tree: first what is new, so that who has the base needs one
 * piece of it; then, if the base's packs have become too wasteful, the rest too. Each content is hashed again on its way.
 * @param file is made; empty if nothing is packed
 * @throws CapstanError `conflict` if a file is not what the snapshot says
 */
export async function buildPack(
  tree: TreeSnapshot,
  manifestHex: Hex,
  file: string,
  { base, signal, onProgress }: PackOptions = {},
): Promise<BuiltPack> {
  const places = new Map<Hex, readonly Segment[]>();
  const known: Content[] = [];
  const fresh: Content[] = [];
  for (const content of distinctContents(tree.manifest)) {
    const inBase = base === undefined ? undefined : placesInBase(base, content);
    if (inBase === undefined) fresh.push(content);
    else {
      known.push(content);
      places.set(content.sha256, inBase);
    }
  }
  const writer = createPackWriter(file, signal);
  try {
    let total = sizeOf(fresh);
    let done = 0;
    const packer = createPacker({ root: tree.root, writer, places, base, signal }, (bytes) => {
      done += bytes;
      onProgress?.(done, total);
    });
    await packer.pack(fresh);
    let own = await writer.flush();
    if (base !== undefined && needsRebase(places, base, own.pack.size)) {
      const large = fresh.filter((content) => isLarge(content) && leansOn(base, places.get(content.sha256)));
      const rest = [...known, ...large];
      total += sizeOf(rest);
      await packer.repack(rest);
      own = await writer.flush();
    }
    return {
      pack: own.frames.length === 0 ? undefined : own.pack,
      layout: layoutOf(manifestHex, places, base, own),
    };
  } finally {
    writer.close();
  }
}

const sizeOf = (contents: readonly Content[]): number => contents.reduce((sum, { size }) => sum + size, 0);

const leansOn = (base: Layout, places: readonly Segment[] = []): boolean =>
  places.some(({ frame }) => frame < firstOwnFrame(base));
