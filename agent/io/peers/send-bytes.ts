import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/** Read and written at a time: few calls, and little memory for each transfer. */
const chunkBytes = 512 * 1024;
/** With a rate, less at a time, so that it flows instead of coming in bursts. */
const pacedChunkBytes = 16 * 1024;

/** Memory for transfers, used again by the next ones: to get it anew each time costs more than to fill it. */
export class SendBuffers {
  #spare: Buffer[] = [];

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Nobody reads it any more. */
  give(buffer: Buffer): void {
    this.#spare.push(buffer);
  }

  /** Nothing is being sent. */
  clear(): void {
    this.#spare = [];
  }
}

/**
 * Sends a part of a file as the body of an answer, and ends it. Memory is one chunk; the next is read when the system has
 * taken the one before.
 * @returns the bytes that were sent
 * @throws Error if the other side goes away, or the file is shorter
 */
export async function sendBytes(
  file: FileHandle,
  response: ServerResponse,
  {
    from,
    to,
    bytesPerSecond,
    buffers,
  }: {
    readonly from: number;
    readonly to: number;
    readonly bytesPerSecond: number;
    readonly buffers: SendBuffers;
  },
): Promise<number> {
  const gone = new Promise<never>((_, reject) => {
    response.once('close', () => {
      reject(new Error('the other side is gone'));
    });
  });
  gone.catch(() => undefined); // nobody waits for it in the end
  const size = Math.min(bytesPerSecond > 0 ? pacedChunkBytes : chunkBytes, to - from);
  const buffer = buffers.take();
  const begun = performance.now();
  if (bytesPerSecond > 0) response.flushHeaders();
  for (let at = from; at < to; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(size, to - at), at);
    if (bytesRead === 0) throw new Error('the file is shorter than it was');
    at += bytesRead;
    if (bytesPerSecond > 0) {
      // Before it is written: whoever has got all of it may ask for more on the same connection at once.
      const waitMs = begun + ((at - from) / bytesPerSecond) * 1000 - performance.now();
      if (waitMs > 0) await Promise.race([delay(waitMs), gone]);
    }
    await Promise.race([written(response, buffer.subarray(0, bytesRead)), gone]);
  }
  buffers.give(buffer); // unless something went wrong, when some of it may still be on its way
  response.end();
  return to - from;
}

const written = (response: ServerResponse, chunk: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    response.write(chunk, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
