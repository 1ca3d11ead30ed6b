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
