import { CapstanError } from '../../../shared/model/errors.js';
import { unpackFrameAside } from '../../../shared/release/frame.js';
import type { Frame, Pack } from '../../../shared/release/layout.js';
import {
  type FrameCutter,
  type FrameRange,
  frameCutter,
  planRanges,
} from '../../../shared/release/range-plan.js';
import { createRangeGate } from './range-gate.js';
import type { Source, Sources } from './sources.js';
import type { Surplus } from './surplus.js';

/** Frames of one pack that one worker sees to. */
interface Errand {
  readonly pack: number;
  /** Those that have not been taken. */
  readonly pending: Set<Frame>;
  /** What is read first: it goes on where a connection broke. Undefined: only frames that were corrupt are pending. */
  cutter: FrameCutter | undefined;
}

interface ErrandOptions {
  readonly packs: readonly Pack[];
  readonly ranges: readonly FrameRange[];
  readonly sources: Sources;
  /** Takes the unpacked bytes of a frame that has its digest. */
  readonly take: (frame: Frame, raw: Buffer) => void;
  /** Where what comes between frames goes. */
  readonly surplus: Surplus;
  /** Told of a frame's packed bytes once it was taken. */
  readonly keep: (pack: Pack, frame: Frame, packed: Buffer) => void;
  readonly signal: AbortSignal;
}

/** Ranges of packs that several workers fetch side by side. */
export class Errands {
  readonly #options: ErrandOptions;
  readonly #gate = createRangeGate();
  readonly #queue: Errand[];
  #bytesRead = 0;

  constructor(options: ErrandOptions) {
    this.#options = options;
    this.#queue = options.ranges.map(({ pack, offset, frames }) => {
      const hex = options.packs[pack]?.hex ?? '';
      const cutter = frameCutter(frames, offset, (at, bytes) => {
        options.surplus.keep(hex, at, bytes);
      });
      return { pack, pending: new Set(frames), cutter };
    });
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** One worker: does errands until there are none left. */
  async work(): Promise<void> {
    const { packs, sources, signal } = this.#options;
    for (let errand = this.#queue.shift(); errand !== undefined; errand = this.#queue.shift()) {
      const current = errand;
      const pack = packs[current.pack];
      if (pack === undefined) continue;
      const key = { kind: 'packs', hex: pack.hex } as const;
      const attempt = (source: Source): Promise<void> => this.#attempt(current, pack, source);
      await sources.fromAny(`pack ${pack.hex.slice(0, 12)}`, key, attempt, signal);
    }
  }

  /** Reads all that is pending from one source, or leaves it in the queue until somebody has found out about that. */
  async #attempt(errand: Errand, pack: Pack, source: Source): Promise<void> {
    while (errand.pending.size > 0) {
      const waiting = this.#gate.wait(source);
      if (waiting !== undefined) {
        this.#queue.push(errand);
        await waiting;
        return;
      }
      try {
        await this.#readOnce(errand, pack, source);
      } finally {
        this.#gate.open(source);
      }
    }
  }

  /** Asks once for each frame that is pending. @throws CapstanError `corrupt` if some came, but not as they should be */
  async #readOnce(errand: Errand, pack: Pack, source: Source): Promise<void> {
    const { cutter } = errand;
    const first = new Set(cutter?.rest);
    const others = inOrder(errand.pending).filter((frame) => !first.has(frame));
    const cutters = planRanges(others, { spareBytes: 0 }).map(({ frames, offset }) =>
      frameCutter(frames, offset),
    );
    let bad: CapstanError | undefined;
    for (const each of cutter === undefined ? cutters : [cutter, ...cutters]) {
      bad = (await this.#stream(errand, pack, source, each)) ?? bad;
      if (source.store.sendsRanges?.() === false) break; // all there is has been sent
    }
    if (bad !== undefined) throw bad;
  }

  /** Reads what a cutter waits for, or the whole pack. Returns what was wrong with frames that came, if anything. */
  async #stream(
    errand: Errand,
    pack: Pack,
    source: Source,
    wanted: FrameCutter,
  ): Promise<CapstanError | undefined> {
    let whole = source.store.sendsRanges?.() === false;
    let cutter = whole ? this.#absorb(errand) : wanted;
    if (!whole) errand.cutter = cutter;
    const split = cutter.partial;
    let bad: CapstanError | undefined;
    const onWhole = (): void => {
      if (!whole) cutter = this.#absorb(errand);
      whole = true;
    };
    const length = (whole ? pack.size : cutter.end) - cutter.at;
    const range = { offset: cutter.at, length, objectSize: pack.size };
    const { sources, take, keep, signal } = this.#options;
    const key = { kind: 'packs', hex: pack.hex } as const;
    for await (const piece of source.store.getRange(key, range, { signal, onWhole })) {
      this.#gate.open(source);
      this.#bytesRead += piece.length;
      const pause = sources.received(source, piece.length);
      if (pause !== undefined) await pause;
      for (const { frame, packed } of cutter.push(piece)) {
        const raw = await soundFrame(frame, packed);
        if (raw instanceof CapstanError) {
          // Of a frame that came in two parts nobody knows which one was bad.
          if (frame !== split) bad = raw;
        } else {
          take(frame, raw);
          keep(pack, frame, packed);
          errand.pending.delete(frame);
        }
      }
      if (whole && cutter.at >= cutter.end) break;
    }
    errand.cutter = undefined;
    return bad;
  }

  /** Takes over what else is wanted of the pack: all of it is coming anyway. */
  #absorb(errand: Errand): FrameCutter {
    for (const other of this.#queue.filter(({ pack }) => pack === errand.pack)) {
      this.#queue.splice(this.#queue.indexOf(other), 1);
      for (const frame of other.pending) errand.pending.add(frame);
    }
    errand.cutter = undefined;
    return frameCutter(inOrder(errand.pending), 0);
  }
}

const inOrder = (frames: Iterable<Frame>): readonly Frame[] =>
  [...frames].sort((a, b) => a.offset - b.offset);

/** One corrupt frame does not end a transfer: the others in it are good. */
async function soundFrame(frame: Frame, packed: Buffer): Promise<Buffer | CapstanError> {
  try {
    return await unpackFrameAside(packed, frame);
  } catch (error) {
    return CapstanError.from(error, 'corrupt');
  }
}
