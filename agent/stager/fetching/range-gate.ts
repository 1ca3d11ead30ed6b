import type { Source } from './sources.js';

/**
 * Lets one request find out whether a source can send parts of objects, while the others wait: else each of them would
 * be answered with the whole object.
 */
export interface RangeGate {
  /** Undefined: go on. Else somebody is finding out; resolves when they have, or have failed to. */
  wait(source: Source): Promise<void> | undefined;
  /** To be called with the first answer of a request that went on, and when it has failed. */
  open(source: Source): void;
}

export function createRangeGate(): RangeGate {
  const closed = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>();
  return {
    wait({ name, store }) {
      // Only HTTP stores have anything to find out.
      if (store.sendsRanges === undefined || store.sendsRanges() !== undefined) return undefined;
      const gate = closed.get(name);
      if (gate !== undefined) return gate.opened;
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      closed.set(name, { opened, open });
      return undefined;
    },
    open({ name }) {
      closed.get(name)?.open();
      closed.delete(name);
    },
  };
}
