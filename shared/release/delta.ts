import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { type Hex, sha256 } from './digest.js';
import type { Layout } from './layout.js';
import { corruptLine, decodeLines, encodeLines } from './lines.js';
import type { Manifest } from './manifest.js';
import { manifestDelta, manifestPatcher } from './manifest-delta.js';
import { partialLayoutReader, partialLayoutRows } from './partial-layout.js';

/**
 * What a node that has one release fetches instead of manifest and layout of another: what changed in the manifest, and
 * where the contents lie that it does not have. Lines as in a manifest, gzip-compressed: a header, those of
 * `manifestDelta`, those of `partialLayoutRows`.
 */

/** Unpacked bytes; a delta that would be larger is not worth making. */
export const maxDeltaBytes = 64 * 1024 * 1024;

const format = 'capstan-delta';
const formatVersion = 1;

interface Side {
  readonly hex: Hex;
  readonly manifest: Manifest;
}

export interface EncodedDelta {
  /** As it is stored. */
  readonly bytes: Buffer;
  /** Bytes once unpacked. */
  readonly rawSize: number;
}

/** @param layout of `to`, whole */
export async function encodeDelta(from: Side, to: Side, layout: Layout): Promise<EncodedDelta> {
  const { rows, missing } = manifestDelta(from.manifest, to.manifest);
  const text = encodeLines([
    [format, formatVersion, from.hex, to.hex],
    ...rows,
    ...partialLayoutRows(layout, missing),
  ]);
  return { bytes: await promisify(gzip)(text, { level: 9 }), rawSize: text.length };
}

/** What is known of the other release from its registration. */
interface DeltaTarget {
  readonly toHex: Hex;
  readonly manifestSize: number;
  /** Of the delta, unpacked. */
  readonly rawSize: number;
}

export interface AppliedDelta {
  /** The other release's canonical manifest; has its digest. */
  readonly manifestText: Buffer;
  /** Exactly for those contents that the release before does not have. */
  readonly layout: Layout;
}

/**
 * Applies bytes that anybody may have written; memory is bounded by the sizes given.
 * @param fromManifestText canonical text of the release that is there
 * @throws CapstanError `corrupt` if they do not lead to the other release; its manifest and layout are then to be had whole
 */
export function applyDelta(
  bytes: Buffer,
  fromManifestText: Buffer,
  { toHex, manifestSize, rawSize }: DeltaTarget,
): AppliedDelta {
  const patcher = manifestPatcher(fromManifestText, manifestSize);
  const layout = partialLayoutReader(() => patcher.missing());
  let inLayout = false;
  for (const { row, line } of decodeLines(unpack(bytes, rawSize), 'the delta')) {
    const fail = (problem: string): CapstanError => corruptLine('the delta', line, problem);
    if (line === 1) {
      checkHeader(row, toHex, fail);
      continue;
    }
    inLayout ||= !patcher.take(row, fail);
    if (inLayout) layout.take(row, fail);
  }
  const manifestText = patcher.text();
  if (sha256(manifestText) !== toHex) {
    throw new CapstanError('corrupt', 'the delta leads to another manifest than it should');
  }
  return { manifestText, layout: layout.finish(toHex) };
}

function unpack(bytes: Buffer, rawSize: number): Buffer {
  if (rawSize > maxDeltaBytes) throw new CapstanError('corrupt', 'the delta is larger than any should be');
  let text: Buffer;
  try {
    text = gunzipSync(bytes, { maxOutputLength: Math.max(1, rawSize) });
  } catch (cause) {
    throw new CapstanError('corrupt', 'the delta cannot be unpacked to the size it should have', { cause });
  }
  if (text.length === rawSize) return text;
  throw new CapstanError('corrupt', `the delta unpacks to ${text.length} bytes instead of ${rawSize}`);
}

function checkHeader(row: readonly unknown[], toHex: Hex, fail: (problem: string) => CapstanError): void {
  const [name, version, , to] = row;
  if (name !== format || row.length !== 4) throw fail('is not the first line of a delta');
  if (version !== formatVersion) throw fail(`has format version ${String(version)}`);
  if (to !== toHex) throw fail('names another release');
}
