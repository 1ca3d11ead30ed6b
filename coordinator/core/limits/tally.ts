/** Somebody was refused something. */
export interface Refused {
  readonly what: string;
  readonly who: string;
  /** Since it was told last. */
  readonly times: number;
}

interface Count {
  readonly what: string;
  readonly who: string;
  readonly toldAt: number;
  times: number;
}

const quietMs = 60_000;
const maxKept = 1000;

/** Counts refusals, so that each is told, and a flood of them in a line a minute for each who is behind it. */
export class Tally {
  /** What was told longest ago comes first. */
  readonly #counts = new Map<string, Count>();

  /**
   * @param now milliseconds of a clock that never goes back
   * @returns what is to be told at once, if it is the first one in a while
   */
  note(what: string, who: string, now: number): Refused | undefined {
    const known = this.#counts.get(`${what} ${who}`);
    if (known !== undefined) {
      known.times += 1;
      return undefined;
    }
    if (this.#counts.size >= maxKept && who !== 'others') return this.note(what, 'others', now);
    this.#counts.set(`${what} ${who}`, { what, who, toldAt: now, times: 0 });
    return { what, who, times: 1 };
  }

  /** What has been counted for a minute since it was told; who was refused nothing meanwhile is forgotten. */
  due(now: number): readonly Refused[] {
    const due: Refused[] = [];
    for (const [key, { what, who, toldAt, times }] of this.#counts) {
      if (now - toldAt < quietMs) break;
      this.#counts.delete(key); // so that it comes last
      if (times === 0) continue;
      due.push({ what, who, times });
      this.#counts.set(key, { what, who, toldAt: now, times: 0 });
    }
    return due;
  }
}
