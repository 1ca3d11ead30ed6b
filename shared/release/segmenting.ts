import type { Hex } from './digest.js';
import type { FileEntry, Manifest } from './manifest.js';

/** A file content that a pack has to hold, and one path it can be read from. */
export interface Content {
  readonly sha256: Hex;
  readonly size: number;
  readonly path: string;
}

/** What one frame is made of: several whole contents, or one part of a large one. */
export interface FramePlan {
  readonly parts: readonly FramePart[];
}
export interface FramePart {
  readonly content: Content;
  /** Where the part begins in the content, bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Contents from this size on are cut; smaller ones share frames. */
const largeBytes = 1024 * 1024;
/** A frame of small contents is full when it holds this much. */
const groupBytes = 256 * 1024;

/** Each distinct content once, in the order in which its first path comes; the empty one needs no bytes. */
export function distinctContents(manifest: Manifest): readonly Content[] {
  const found = new Map<Hex, Content>();
  for (const entry of manifest.entries) {
    if (entry.kind === 'file' && entry.size > 0 && !found.has(entry.sha256)) {
      found.set(entry.sha256, contentOf(entry));
    }
  }
  return [...found.values()];
}

const contentOf = ({ sha256, size, path }: FileEntry): Content => ({ sha256, size, path });

/** How contents become frames: small neighbours together, which compresses well; large ones in pieces. */
export function* planFrames(contents: Iterable<Content>): Generator<FramePlan> {
  let group: FramePart[] = [];
  let size = 0;
  for (const content of contents) {
    if (content.size >= largeBytes) {
      yield* cut(content);
      continue;
    }
    group.push({ content, offset: 0, length: content.size });
    size += content.size;
    if (size >= groupBytes) {
      yield { parts: group };
      group = [];
      size = 0;
    }
  }
  if (group.length > 0) yield { parts: group };
}

function* cut(content: Content): Generator<FramePlan> {
  for (let offset = 0; offset < content.size; offset += largeBytes) {
    yield { parts: [{ content, offset, length: Math.min(largeBytes, content.size - offset) }] };
  }
}
