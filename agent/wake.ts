import type { Clock } from '../shared/ports/clock.js';

/** A thing to wait for that can happen again and again. Who waits asks for `next` before looking, so that nothing is missed. */
export interface Signal {
  next(): Promise<void>;
  notify(): void;
}

export function createSignal(): Signal {
  let waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  return {
    next: () => {
      waiting ??= deferred();
      return waiting.promise;
    },
    notify: () => {
      waiting?.resolve();
      waiting = undefined;
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Resolves at the event, after so many milliseconds (undefined: not by itself), or when aborted. */
export async function waitFor(
  event: Promise<void>,
  withinMs: number | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const over = new AbortController();
  const abort = (): void => {
    over.abort();
  };
  signal.addEventListener('abort', abort, { once: true });
  const aborted = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  const timed = withinMs === undefined ? aborted : clock.sleep(withinMs, over.signal).catch(() => undefined);
  await Promise.race([event, timed, aborted]);
  signal.removeEventListener('abort', abort);
  over.abort();
}
