import { createHash, type Hash } from 'node:crypto';
import { CapstanError } from '../../model/errors.js';
import type { Frame } from '../../release/layout.js';

/**
 * Checks the frames of a pack while its bytes pass by, in one reading. Frames of several layouts may lie over each
 * other in any way.
 */
export class FrameCheck {
  readonly #frames: readonly Frame[];
  readonly #open = new Set<{ readonly frame: Frame; readonly hash: Hash }>();
  #next = 0;
  #at = 0;

  constructor(frames: Iterable<Frame>) {
    this.#frames = [...frames].sort((a, b) => a.offset - b.offset);
  }

  /** @throws CapstanError `corrupt` */
  write(chunk: Buffer): void {
    const end = this.#at + chunk.length;
    for (let frame = this.#frames[this.#next]; frame !== undefined && frame.offset < end; ) {
      this.#open.add({ frame, hash: createHash('sha256') });
      frame = this.#frames[++this.#next];
    }
    for (const entry of this.#open) {
      const { frame, hash } = entry;
      const frameEnd = frame.offset + frame.length;
      hash.update(chunk.subarray(Math.max(0, frame.offset - this.#at), Math.max(0, frameEnd - this.#at)));
      if (frameEnd > end) continue;
      this.#open.delete(entry);
      if (hash.digest('hex') !== frame.sha256) throw badFrame(frame);
    }
    this.#at = end;
  }

  /** @throws CapstanError `corrupt` */
  end(): void {
    const [open] = this.#open;
    const missing = open?.frame ?? this.#frames[this.#next];
    if (missing !== undefined) throw badFrame(missing);
  }
}

const badFrame = ({ offset }: Frame): CapstanError =>
  new CapstanError('corrupt', `has a frame at byte ${offset} that is not the one its layout tells of`);
