import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Hex } from '../../../shared/release/digest.js';

/** Bytes of a pack that lie one after the other in the file. */
interface Stretch {
  /** In the pack. */
  readonly from: number;
  /** In the pack; the offset after its last byte. */
  end: number;
  /** In the file. */
  readonly at: number;
}

/**
 * What came along with the parts of packs that were needed. Should some of it be needed after all, because a file on this
 * node turns out not to be sound, it is not fetched again. It is kept in a file, and best forgotten where that cannot be
 * written.
 */
export class Surplus {
  readonly #path: string;
  readonly #stretches = new Map<Hex, Stretch[]>();
  #fd: number | undefined;
  #size = 0;
  #isBroken = false;

  /** @param path where to keep it; written when there is something */
  constructor(path: string) {
    this.#path = path;
  }

  keep(pack: Hex, from: number, bytes: Buffer): void {
    if (this.#isBroken) return;
    const at = this.#size;
    try {
      this.#fd ??= begin(this.#path);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#fd, bytes, done, bytes.length - done, at + done);
      }
    } catch {
      this.#isBroken = true; // a full disk will be told of by whoever cannot do without
      return;
    }
    this.#size += bytes.length;
    const stretches = this.#stretches.get(pack) ?? [];
    this.#stretches.set(pack, stretches);
    const last = stretches.at(-1);
    if (last?.end === from && last.at + last.end - last.from === at) last.end += bytes.length;
    else stretches.push({ from, end: from + bytes.length, at });
  }

  /** A part of a pack; undefined unless all of it is here. */
  find(pack: Hex, offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const from = offset + done;
      const stretch = this.#stretches.get(pack)?.find((each) => each.from <= from && from < each.end);
      if (stretch === undefined || this.#fd === undefined) return undefined;
      const some = Math.min(length - done, stretch.end - from);
      if (readSync(this.#fd, bytes, done, some, stretch.at + from - stretch.from) !== some) return undefined;
      done += some;
    }
    return bytes;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#isBroken = true;
  }
}

/** In place of what an earlier run may have left. */
function begin(path: string): number {
  rmSync(path, { recursive: true, force: true });
  return openSync(path, 'wx+', 0o600);
}
