import { rm } from 'node:fs/promises';
import { addSpan, type Spans, spanBytes } from '../../../shared/core/spans.js';
import type { Digest } from '../../../shared/model/ids.js';
import { peerLimits } from '../../../shared/model/peers.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { digestOf, type Hex } from '../../../shared/release/digest.js';
import { indexFileOf, packFileOf, type SpooledPack } from '../../stager/peers/spool-files.js';
import type { SpoolNews } from '../../stager/peers/spool-writer.js';

export interface PeerSpoolOptions {
  readonly dir: string;
  /** The oldest go first when there is more. */
  readonly maxBytes: number;
  /** What was neither added to nor asked for in so long goes as well. Milliseconds. */
  readonly keepMs: number;
  readonly clock: Clock;
  /** The list of packs is another. */
  readonly onChange: () => void;
}

/** A pack as it can be served. */
export interface HeldPack {
  readonly hex: Hex;
  readonly size: number;
  readonly spans: Spans;
  readonly path: string;
  /** Whether more of it may come, since it is being fetched. */
  readonly growing: boolean;
  /** The same as long as the file is: one that was removed and has come again is another. */
  readonly file: object;
}

/** What one job adds. */
export interface SpoolIntake {
  add(news: SpoolNews): void;
  /** The job has ended. */
  end(): void;
}

interface Kept {
  readonly size: number;
  spans: Spans;
  /** Milliseconds since the epoch. */
  usedAt: number;
  /** Jobs that add to it. */
  growing: number;
}

/** What of which packs is in the spool, as the stager's children have checked it; it alone removes anything there. */
export class PeerSpool {
  readonly #options: PeerSpoolOptions;
  readonly #packs = new Map<Hex, Kept>();

  constructor(options: PeerSpoolOptions) {
    this.#options = options;
  }

  /** Takes over what a check has found. */
  load(found: readonly SpooledPack[]): void {
    for (const { hex, size, spans, addedAt } of found) {
      const kept = this.#kept(hex, size);
      if (kept.size !== size) continue;
      kept.spans = spans.reduce(addSpan, kept.spans);
      kept.usedAt = Math.max(kept.usedAt, addedAt);
    }
    this.trim();
    this.#options.onChange();
  }

  /** For a job that fetches. */
  begin(): SpoolIntake {
    const added = new Set<Kept>();
    return {
      add: ({ hex, size, spans }) => {
        const kept = this.#kept(hex, size);
        if (kept.size !== size) return;
        const isNew = kept.spans.length === 0 && spans.length > 0;
        kept.spans = spans.reduce(addSpan, kept.spans);
        kept.usedAt = this.#options.clock.now();
        if (!added.has(kept)) kept.growing += 1;
        added.add(kept);
        this.trim();
        if (isNew) this.#options.onChange();
      },
      end: () => {
        for (const kept of added) kept.growing -= 1;
        added.clear();
        this.trim();
      },
    };
  }

  /** Of which there is at least a part; newest first. */
  packs(): readonly Digest[] {
    return [...this.#packs]
      .filter(([, { spans }]) => spans.length > 0)
      .sort(([, a], [, b]) => b.usedAt - a.usedAt)
      .slice(0, peerLimits.packs)
      .map(([hex]) => digestOf(hex));
  }

  /** Undefined if there is nothing of it. Counts as use. */
  get(hex: Hex): HeldPack | undefined {
    const kept = this.#packs.get(hex);
    if (kept === undefined) return undefined;
    kept.usedAt = this.#options.clock.now();
    const { size, spans, growing } = kept;
    return { hex, size, spans, path: packFileOf(this.#options.dir, hex), growing: growing > 0, file: kept };
  }

  /** Its files are gone, or cannot be read. */
  lost(hex: Hex): void {
    if (this.#packs.delete(hex)) this.#options.onChange();
  }

  /** Removes what is too old, and the oldest of what is too much, but nothing that is being added to. */
  trim(): void {
    const { maxBytes, keepMs, clock } = this.#options;
    const oldest = [...this.#packs].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    let total = oldest.reduce((sum, [, { spans }]) => sum + spanBytes(spans), 0);
    for (const [hex, { spans, usedAt, growing }] of oldest) {
      if (growing > 0 || (total <= maxBytes && clock.now() - usedAt < keepMs)) continue;
      total -= spanBytes(spans);
      void this.#remove(hex);
    }
  }

  /** Makes room: all goes but what is being added to. Resolves when it has gone; false if there was nothing. */
  async clear(): Promise<boolean> {
    const idle = [...this.#packs].filter(([, { growing }]) => growing === 0);
    await Promise.all(idle.map(([hex]) => this.#remove(hex)));
    return idle.length > 0;
  }

  #kept(hex: Hex, size: number): Kept {
    const known = this.#packs.get(hex);
    if (known !== undefined) return known;
    const kept: Kept = { size, spans: [], usedAt: 0, growing: 0 };
    this.#packs.set(hex, kept);
    return kept;
  }

  async #remove(hex: Hex): Promise<void> {
    this.#packs.delete(hex);
    this.#options.onChange();
    const { dir } = this.#options;
    // What cannot be removed now is, or is taken over again, when the agent starts the next time.
    const paths = [packFileOf(dir, hex), indexFileOf(dir, hex)];
    await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
  }
}
