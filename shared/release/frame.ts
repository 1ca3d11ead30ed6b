import { promisify } from 'node:util';
import { gunzip, gunzipSync, type ZlibOptions } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { sha256 } from './digest.js';
import type { Frame } from './layout.js';
import { unpackStored } from './stored-gzip.js';

/**
 * From this size on a frame is worth the way to the thread pool and back, which costs as much as inflating 30 KiB: groups
 * of small files are, chunks of large ones are not. Bytes once unpacked.
 */
const poolFromBytes = 256 * 1024;

const gunzipAside = promisify<Buffer, ZlibOptions, Buffer>(gunzip);

/**
 * Checks the packed bytes of a frame and unpacks them. Memory is bounded by what the layout says.
 * @throws CapstanError `corrupt`
 */
export function unpackFrame(packed: Buffer, frame: Frame): Buffer {
  checkPacked(packed, frame);
  try {
    return unpackStored(packed, frame.rawLength) ?? checkedRaw(gunzipSync(packed, bounds(frame)), frame);
  } catch (cause) {
    throw unpackError(frame, cause);
  }
}

/** As `unpackFrame`, but large frames are unpacked beside what else goes on. */
export async function unpackFrameAside(packed: Buffer, frame: Frame): Promise<Buffer> {
  if (frame.rawLength < poolFromBytes) return unpackFrame(packed, frame);
  checkPacked(packed, frame);
  try {
    const stored = unpackStored(packed, frame.rawLength);
    return stored ?? checkedRaw(await gunzipAside(packed, bounds(frame)), frame);
  } catch (cause) {
    throw unpackError(frame, cause);
  }
}

function checkPacked(packed: Buffer, frame: Frame): void {
  if (packed.length === frame.length && sha256(packed) === frame.sha256) return;
  throw new CapstanError('corrupt', `a frame at byte ${frame.offset} does not have its digest`);
}

/** One output buffer of the right size, instead of many that are put together. */
const bounds = ({ rawLength }: Frame) => ({
  maxOutputLength: rawLength,
  chunkSize: Math.max(64, rawLength),
});

function checkedRaw(raw: Buffer, frame: Frame): Buffer {
  if (raw.length === frame.rawLength) return raw;
  throw new CapstanError('corrupt', `a frame at byte ${frame.offset} unpacks to another size than it should`);
}

function unpackError(frame: Frame, cause: unknown): CapstanError {
  if (cause instanceof CapstanError) return cause;
  return new CapstanError('corrupt', `a frame at byte ${frame.offset} cannot be unpacked`, { cause });
}
