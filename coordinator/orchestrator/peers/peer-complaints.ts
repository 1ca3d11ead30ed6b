import type { NodeName } from '../../../shared/model/ids.js';
import type { Logger } from '../../../shared/ports/logger.js';

/** One node that complains may itself be the broken one. */
const enough = 2;
const keptMs = 600_000;
const maxAccused = 1000;
const maxAccusers = 16;

/** Nodes that others got corrupt bytes from: they are not handed out for a while. */
export class Complaints {
  readonly #logger: Logger;
  readonly #byAccused = new Map<NodeName, Map<NodeName, number>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  take(by: NodeName, accused: readonly NodeName[], now: number): void {
    for (const node of accused) {
      let accusers = this.#byAccused.get(node);
      if (accusers === undefined) {
        if (this.#byAccused.size >= maxAccused) this.#forget(now);
        if (this.#byAccused.size >= maxAccused) return;
        accusers = new Map();
        this.#byAccused.set(node, accusers);
      }
      if (!accusers.has(by)) {
        if (accusers.size >= maxAccusers) continue;
        this.#logger.warn('peer.corrupt', { node, by });
      }
      accusers.set(by, now);
    }
  }

  against(node: NodeName, now: number): boolean {
    const accusers = this.#byAccused.get(node);
    if (accusers === undefined) return false;
    return [...accusers.values()].filter((at) => now - at < keptMs).length >= enough;
  }

  #forget(now: number): void {
    for (const [node, accusers] of this.#byAccused) {
      for (const [by, at] of accusers) if (now - at >= keptMs) accusers.delete(by);
      if (accusers.size === 0) this.#byAccused.delete(node);
    }
  }
}
