import { setImmediate as turn } from 'node:timers/promises';
import { CapstanError } from '../model/errors.js';
import { readGroup, readLarge, readPart } from './content-reader.js';
import { sha256 as digestOf, type Hex } from './digest.js';
import type { Layout, Segment } from './layout.js';
import { firstOwnFrame } from './pack-places.js';
import type { PackWriter } from './pack-writer.js';
import { type Content, groupContents, isLarge } from './segmenting.js';

/** How long the event loop may be kept from timers and signals. */
const sliceMs = 40;

interface Packing {
  readonly root: string;
  readonly writer: PackWriter;
  readonly places: Map<Hex, readonly Segment[]>;
  readonly base: Layout | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Packs contents of a tree and notes where they are. */
export function createPacker(
  { root, writer, places, base, signal }: Packing,
  onBytes: (bytes: number) => void,
) {
  const firstOwn = firstOwnFrame(base);
  const add = async (raw: Buffer, rawSha256?: Hex): Promise<number> =>
    firstOwn + (await writer.add(raw, rawSha256));
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
    const frame = await add(bytes);
    let offset = 0;
    for (const { sha256, size } of contents) {
      places.set(sha256, [{ frame, offset, length: size }]);
      offset += size;
    }
    onBytes(bytes.length);
  };

  const packLarge = async (content: Content, baseChunks: ReadonlyMap<Hex, number>): Promise<void> => {
    const list: Segment[] = [];
    for (const chunk of readLarge(root, content)) {
      const { sha256, bytes } = chunk;
      const { length } = bytes;
      let frame = baseChunks.get(sha256) ?? ownChunks.get(sha256);
      if (frame === undefined) {
        chunk.keep();
        frame = await add(bytes, sha256);
        ownChunks.set(sha256, frame);
      }
      list.push({ frame, offset: 0, length });
      onBytes(length);
      await breathe();
    }
    places.set(content.sha256, list);
  };

  /** Takes over the chunks of the base, where it says what is in them, without looking for cuts again. */
  const repackLarge = async (content: Content): Promise<boolean> => {
    const list: Segment[] = [];
    let at = 0;
    for (const place of places.get(content.sha256) ?? []) {
      const chunk = base?.frames[place.frame]?.rawSha256;
      let frame = chunk === undefined ? undefined : ownChunks.get(chunk);
      if (place.frame >= firstOwn) frame = place.frame;
      else if (frame === undefined) {
        const bytes = readPart(root, content, at, place.length);
        if (chunk === undefined || digestOf(bytes) !== chunk) return false;
        frame = await add(bytes, chunk);
        ownChunks.set(chunk, frame);
        onBytes(place.length);
      }
      list.push({ ...place, frame });
      at += place.length;
      await breathe();
    }
    places.set(content.sha256, list);
    return true;
  };

  const packGroups = async (contents: readonly Content[]): Promise<void> => {
    for (const group of groupContents(contents.filter((content) => !isLarge(content)))) {
      await packGroup(group);
      await breathe();
    }
  };

  return {
    /** Chunks that the base has are not packed again. */
    async pack(contents: readonly Content[]): Promise<void> {
      await packGroups(contents);
      const baseChunks = chunksOf(base);
      for (const content of contents.filter(isLarge)) await packLarge(content, baseChunks);
    },
    /** What was left to the base so far is now packed too. */
    async repack(contents: readonly Content[]): Promise<void> {
      await packGroups(contents);
      for (const content of contents.filter(isLarge)) {
        if (!(await repackLarge(content))) await packLarge(content, new Map());
      }
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
