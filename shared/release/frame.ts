import { gunzipSync } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { sha256 } from './digest.js';
import type { Frame } from './layout.js';

/**
 * Checks the packed bytes of a frame and unpacks them. Memory is bounded by what the layout says.
 * @throws CapstanError `corrupt`
 */
export function unpackFrame(packed: Buffer, frame: Frame): Buffer {
  if (packed.length !== frame.length || sha256(packed) !== frame.sha256) {
    throw new CapstanError('corrupt', `a frame at byte ${frame.offset} does not have its digest`);
  }
  let raw: Buffer;
  try {
    raw = gunzipSync(packed, { maxOutputLength: frame.rawLength });
  } catch (cause) {
    throw new CapstanError('corrupt', `a frame at byte ${frame.offset} cannot be unpacked`, { cause });
  }
  if (raw.length !== frame.rawLength) {
    throw new CapstanError(
      'corrupt',
      `a frame at byte ${frame.offset} unpacks to another size than it should`,
    );
  }
  return raw;
}
