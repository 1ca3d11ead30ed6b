import type { IncomingMessage } from 'node:http';
import { CapstanError } from '../model/errors.js';
import { defaultSilenceMs, transportError } from './http-request.js';

/** How much slowness is borne. */
export interface Patience {
  /** Nothing at all for so long, and the server counts as gone. */
  readonly silenceMs: number;
  /** Each time so long has been waited for it, it must have sent `leastBytes` meanwhile. */
  readonly windowMs: number;
  readonly leastBytes: number;
}

/** About 1 KiB/s: less is no link but a server that holds on to its clients. */
export const defaultPatience: Patience = {
  silenceMs: defaultSilenceMs,
  windowMs: 30_000,
  leastBytes: 32 * 1024,
};

/**
 * The answer's body as it comes. Only the time in which the reader waits is held against the server.
 * @throws CapstanError `unreachable` if the connection breaks, falls silent or drips; `cancelled`
 */
export async function* bodyOf(
  answer: IncomingMessage,
  url: string,
  signal: AbortSignal | undefined,
  patience: Patience,
): AsyncGenerator<Buffer> {
  const pace = watchPace(answer, url, patience);
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      pace.got(chunk.length);
      yield chunk;
      pace.wait();
    }
  } catch (error) {
    throw transportError(error, url, signal);
  } finally {
    pace.stop();
    // Reading stopped early: the rest is not worth reading.
    if (!answer.complete) answer.destroy();
  }
}

function watchPace(answer: IncomingMessage, url: string, { silenceMs, windowMs, leastBytes }: Patience) {
  let waitingSince: number | undefined = performance.now();
  let waitedMs = 0;
  let bytes = 0;
  let quiet = 0;
  // In two steps, so that a pause of this process between them, with bytes waiting to be read, is not taken for one of
  // the server.
  const timer = setTimeout(() => {
    quiet = waitingSince === undefined ? 0 : quiet + 1;
    if (quiet < 2) timer.refresh();
    else answer.destroy(new Error(`it said nothing for ${silenceMs / 1000} s`));
  }, silenceMs / 2);
  return {
    /** @throws CapstanError `unreachable` if too little has come in the time waited */
    got(count: number): void {
      waitedMs += performance.now() - (waitingSince ?? performance.now());
      waitingSince = undefined;
      quiet = 0;
      bytes += count;
      if (waitedMs < windowMs) return;
      if (bytes < leastBytes) {
        const origin = new URL(url).origin;
        throw new CapstanError(
          'unreachable',
          `${origin} is too slow: ${bytes} bytes in ${Math.round(waitedMs / 1000)} s`,
        );
      }
      waitedMs = 0;
      bytes = 0;
    },
    wait(): void {
      waitingSince = performance.now();
      timer.refresh();
    },
    stop(): void {
      clearTimeout(timer);
    },
  };
}
