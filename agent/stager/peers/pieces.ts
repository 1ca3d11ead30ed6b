import type { Span } from '../../../shared/core/spans.js';
import type { Frame, Pack } from '../../../shared/release/layout.js';

/** A run of frames that is fetched from one place at a time: the unit that nodes trade. */
export interface Piece {
  readonly pack: Pack;
  /** Counted over the whole pack, so that all nodes that need it know it by the same number. */
  readonly number: number;
  readonly span: Span;
  readonly frames: readonly Frame[];
}

/** Small pieces cost more in requests than they gain (Dragonfly and Kraken both went to larger ones). */
const smallPieceBytes = 512 * 1024;
const pieceBytes = 1024 * 1024;
const maxPieceBytes = 4 * 1024 * 1024;
/** From this many on there are enough for all to have something to trade. */
const enoughPieces = 64;
/** So that a node's news about its pieces stay small. */
const wantedPieces = 1024;
/** Runs of frames smaller than this are not worth asking around for. */
const minRunBytes = 128 * 1024;

/** How large the pieces of a pack are. */
export function pieceBytesOf({ size }: Pack): number {
  const least = size < enoughPieces * pieceBytes ? smallPieceBytes : pieceBytes;
  return Math.min(maxPieceBytes, Math.max(least, Math.ceil(size / wantedPieces)));
}

/**
 * Cuts what is needed of packs into pieces, at places that do not depend on what else a node needs.
 * @param frames in the layout's order
 */
export function planPieces(frames: readonly Frame[], packs: readonly Pack[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let run: Frame[] = [];
  const flush = (): void => {
    const [first] = run;
    const last = run.at(-1);
    const pack = first === undefined ? undefined : packs[first.pack];
    if (first === undefined || last === undefined || pack === undefined) return;
    const span = [first.offset, last.offset + last.length] as const;
    if (span[1] - span[0] >= Math.min(minRunBytes, pack.size)) {
      pieces.push({ pack, number: numberOf(first, pack), span, frames: run });
    }
    run = [];
  };
  for (const frame of frames) {
    const last = run.at(-1);
    const pack = packs[frame.pack];
    if (pack === undefined) continue;
    const joins =
      last?.pack === frame.pack &&
      last.offset + last.length === frame.offset &&
      numberOf(last, pack) === numberOf(frame, pack);
    if (!joins) flush();
    run.push(frame);
  }
  flush();
  return pieces;
}

const numberOf = ({ offset }: Frame, pack: Pack): number => Math.floor(offset / pieceBytesOf(pack));
