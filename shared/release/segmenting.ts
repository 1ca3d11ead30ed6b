import type { Hex } from './digest.js';
import type { Manifest } from './manifest.js';

/** A file content that a pack has to hold, and one path it can be read from. */
export interface Content {
  readonly sha256: Hex;
  readonly size: number;
  readonly path: string;
}

/** Contents from this size on are cut into chunks; smaller ones share frames. */
const largeBytes = 1024 * 1024;
/** A frame of small contents is full when it holds this much. */
const groupBytes = 256 * 1024;

export const isLarge = ({ size }: Content): boolean => size >= largeBytes;

/** Each distinct content once, in the order in which its first path comes; the empty one needs no bytes. */
export function distinctContents(manifest: Manifest): readonly Content[] {
  const found = new Map<Hex, Content>();
  for (const entry of manifest.entries) {
    if (entry.kind === 'file' && entry.size > 0 && !found.has(entry.sha256)) {
      found.set(entry.sha256, entry);
    }
  }
  return [...found.values()];
}

/** Which small contents share a frame: neighbours, which compress well together. */
export function* groupContents(contents: Iterable<Content>): Generator<readonly Content[]> {
  let group: Content[] = [];
  let size = 0;
  for (const content of contents) {
    group.push(content);
    size += content.size;
    if (size >= groupBytes) {
      yield group;
      group = [];
      size = 0;
    }
  }
  if (group.length > 0) yield group;
}
