import { setImmediate as turn } from 'node:timers/promises';
import { CapstanError } from '../model/errors.js';
import { readGroup, readLarge } from './content-reader.js';
import type { Hex } from './digest.js';
import type { Layout, Pack } from './layout.js';
import { layoutOf, needsRebase, type Place, placesInBase } from './pack-places.js';
import { createPackWriter, type PackWriter } from './pack-writer.js';
import { type Content, distinctContents, groupContents, isLarge } from './segmenting.js';
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

/** How long the event loop may be kept from timers and signals. */
const sliceMs = 40;

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
  const places = new Map<Hex, readonly Place[]>();
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
    const packer = createPacker(tree.root, writer, places, signal, (bytes) => {
      done += bytes;
      onProgress?.(done, total);
    });
    await packer.pack(fresh, base);
    let own = await writer.flush();
    if (base !== undefined && needsRebase(places, base, own.pack.size)) {
      const large = fresh.filter((content) => isLarge(content) && leansOnBase(places.get(content.sha256)));
      const rest = [...known, ...large];
      total += sizeOf(rest);
      await packer.pack(rest, undefined);
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

const leansOnBase = (places: readonly Place[] = []): boolean => places.some((place) => place.in === 'base');

/** Packs contents and notes where they are. */
function createPacker(
  root: string,
  writer: PackWriter,
  places: Map<Hex, readonly Place[]>,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
) {
  const ownChunks = new Map<Hex, number>();
  let sliceEnd = performance.now() + sliceMs;
  const breathe = async (): Promise<void> => {
    if (performance.now() < sliceEnd) return;
    await turn();
    if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
    sliceEnd = performance.now() + sliceMs;
  };

  const packGroup = async (contents: readonly Content[]): Promise<void> => {
    const bytes = readGroup(root, contents);
    const frame = await writer.add(bytes);
    let offset = 0;
    for (const { sha256, size } of contents) {
      places.set(sha256, [{ in: 'own', frame, offset, length: size }]);
      offset += size;
    }
    onBytes(bytes.length);
  };

  const packLarge = async (content: Content, baseChunks: ReadonlyMap<Hex, number>): Promise<void> => {
    const list: Place[] = [];
    for (const chunk of readLarge(root, content)) {
      const { sha256, bytes } = chunk;
      const inBase = baseChunks.get(sha256);
      const length = bytes.length;
      if (inBase === undefined) {
        let frame = ownChunks.get(sha256);
        if (frame === undefined) {
          chunk.keep();
          frame = await writer.add(bytes, sha256);
          ownChunks.set(sha256, frame);
        }
        list.push({ in: 'own', frame, offset: 0, length });
      } else list.push({ in: 'base', frame: inBase, offset: 0, length });
      onBytes(length);
      await breathe();
    }
    places.set(content.sha256, list);
  };

  return {
    /** @param base whose chunks are not packed again */
    async pack(contents: readonly Content[], base: Layout | undefined): Promise<void> {
      for (const group of groupContents(contents.filter((content) => !isLarge(content)))) {
        await packGroup(group);
        await breathe();
      }
      const baseChunks = chunksOf(base);
      for (const content of contents.filter(isLarge)) await packLarge(content, baseChunks);
    },
  };
}

function chunksOf(layout: Layout | undefined): ReadonlyMap<Hex, number> {
  const chunks = new Map<Hex, number>();
  for (const [index, { rawSha256 }] of (layout?.frames ?? []).entries()) {
    if (rawSha256 !== undefined && !chunks.has(rawSha256)) chunks.set(rawSha256, index);
  }
  return chunks;
}
