import { CapstanError } from '../model/errors.js';
import { type Hex, isHex } from './digest.js';
import { type Fail, type Frame, frameRow, type Pack, packRow, parseFrame, parsePack } from './layout-rows.js';
import { corruptLine, decodeLines, encodeLines, isSize } from './lines.js';
import type { Manifest } from './manifest.js';
import { quoted } from './path-rules.js';

/**
 * Where the bytes of a release's files lie: packs, the frames in them, and for each distinct content the segments
 * of frames it is made of. One release may have several layouts over time; its manifest never changes.
 */
export interface Layout {
  /** Identity of the release. */
  readonly manifest: Hex;
  readonly packs: readonly Pack[];
  /** By pack and offset. A pack may hold frames of other releases in between. */
  readonly frames: readonly Frame[];
  /** By the SHA-256 of the content. The empty content has no entry. */
  readonly contents: ReadonlyMap<Hex, readonly Segment[]>;
}

/** A run of bytes of an unpacked frame. */
export interface Segment {
  /** Index in `frames`. */
  readonly frame: number;
  readonly offset: number;
  readonly length: number;
}

export type { Frame, Pack } from './layout-rows.js';

export const maxLayoutBytes = 256 * 1024 * 1024;
/** As with partial layouts: what a short text can say of a lot is bounded. */
const maxSegments = 2_000_000;
const format = 'capstan-layout';
const formatVersion = 1;

/** The canonical bytes; the layout's name is their SHA-256. */
export function encodeLayout(layout: Layout): Buffer {
  return encodeLines(rowsOf(layout));
}

function* rowsOf(layout: Layout): Generator<readonly unknown[]> {
  yield [format, formatVersion, layout.manifest];
  for (const pack of layout.packs) yield packRow(pack);
  for (const frame of layout.frames) yield frameRow(frame);
  for (const hex of [...layout.contents.keys()].sort()) {
    const segments = layout.contents.get(hex) ?? [];
    yield ['c', hex, ...segments.map(({ frame, offset, length }) => [frame, offset, length])];
  }
}

/**
 * Parses bytes that anybody may have written; every index and bound in the result holds.
 * @throws CapstanError `corrupt`
 */
export function parseLayout(bytes: Buffer): Layout {
  if (bytes.length > maxLayoutBytes) {
    throw new CapstanError('invalid', `the layout is larger than ${maxLayoutBytes} bytes`);
  }
  const packs: Pack[] = [];
  const frames: Frame[] = [];
  const contents = new Map<Hex, readonly Segment[]>();
  let manifest: Hex | undefined;
  let lastContent = '';
  let segmentCount = 0;
  for (const { row, line } of decodeLines(bytes, 'the layout')) {
    const fail = (problem: string): CapstanError => corruptLine('the layout', line, problem);
    if (manifest === undefined) {
      manifest = parseHeader(row);
    } else if (row[0] === 'p' && frames.length === 0 && contents.size === 0) {
      packs.push(parsePack(row, fail));
    } else if (row[0] === 'r' && contents.size === 0) {
      frames.push(parseFrame(row, packs, frames.at(-1), fail));
    } else if (row[0] === 'c') {
      const { hex, segments } = parseContent(row, frames, fail);
      if (hex <= lastContent) throw fail('is out of order');
      lastContent = hex;
      segmentCount += segments.length;
      if (segmentCount > maxSegments) throw fail('describes more pieces than a release may have');
      contents.set(hex, segments);
    } else {
      throw fail('is of an unknown kind, or out of order');
    }
  }
  if (manifest === undefined) throw new CapstanError('corrupt', 'the layout is empty');
  if (new Set(packs.map((pack) => pack.hex)).size !== packs.length) {
    throw new CapstanError('corrupt', 'the layout lists a pack twice');
  }
  return { manifest, packs, frames, contents };
}

function parseHeader(row: readonly unknown[]): Hex {
  const [name, version, manifest] = row;
  if (name !== format) throw corruptLine('the layout', 1, 'is not the first line of a layout');
  if (version !== formatVersion || row.length !== 3 || !isHex(manifest)) {
    throw new CapstanError('corrupt', `the layout has format version ${String(version)}`, {
      hint: 'it was written by a newer Capstan; upgrade this one',
    });
  }
  return manifest;
}

function parseContent(
  row: readonly unknown[],
  frames: readonly Frame[],
  fail: Fail,
): { readonly hex: Hex; readonly segments: readonly Segment[] } {
  const [, hex, ...rest] = row;
  if (!isHex(hex) || rest.length === 0) throw fail('does not describe a content');
  const segments = rest.map((item): Segment => {
    if (!Array.isArray(item)) throw fail('does not describe a content');
    const [frame, offset, length] = item as readonly unknown[];
    if (item.length !== 3 || !(isSize(frame) && isSize(offset) && isSize(length))) {
      throw fail('does not describe a content');
    }
    const rawLength = frames[frame]?.rawLength;
    if (rawLength === undefined) throw fail('speaks of a frame that is not listed');
    if (length === 0 || offset + length > rawLength) throw fail('goes beyond the end of a frame');
    return { frame, offset, length };
  });
  return { hex, segments };
}

/** Bytes of all packs. */
export const packSizeOf = (layout: Layout): number => layout.packs.reduce((sum, pack) => sum + pack.size, 0);

/**
 * Checks that a layout can deliver every byte of a manifest, and not one more.
 * @param manifestHex identity of the manifest
 * @throws CapstanError `corrupt`, naming the file
 */
export function checkLayoutServes(layout: Layout, manifest: Manifest, manifestHex: Hex): void {
  if (layout.manifest !== manifestHex) {
    throw new CapstanError('corrupt', `the layout belongs to another release, sha256:${layout.manifest}`);
  }
  const wanted = new Set<Hex>();
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file' || entry.size === 0) continue;
    wanted.add(entry.sha256);
    const segments = layout.contents.get(entry.sha256);
    if (segments === undefined) {
      throw new CapstanError('corrupt', `the layout does not say where ${quoted(entry.path)} lies`);
    }
    const total = segments.reduce((sum, segment) => sum + segment.length, 0);
    if (total !== entry.size) {
      throw new CapstanError(
        'corrupt',
        `the layout has ${total} bytes for ${quoted(entry.path)}, which has ${entry.size}`,
      );
    }
  }
  if (wanted.size !== layout.contents.size) {
    throw new CapstanError('corrupt', 'the layout describes contents that no file of the release has');
  }
}
