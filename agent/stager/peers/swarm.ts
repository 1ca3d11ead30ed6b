import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { PeersAnswer, PeersQuestion } from '../../../shared/model/peers.js';
import { digestOf } from '../../../shared/release/digest.js';
import type { Frame } from '../../../shared/release/layout.js';
import { frameCutter } from '../../../shared/release/range-plan.js';
import type { PeerClient } from './peer-client.js';
import type { Piece } from './pieces.js';
import { type KnownPeer, SwarmState, type Transfer, type WantedPiece } from './swarm-state.js';

export type PieceSink = (bytes: AsyncIterable<Buffer>) => Promise<void>;

/** What a swarm needs of the job it works for. */
export interface SwarmWorld {
  readonly client: PeerClient;
  /** Asks the coordinator; undefined if it does not answer. */
  readonly ask: (question: PeersQuestion) => Promise<PeersAnswer | undefined>;
  /**
   * Hands the bytes of a piece on as they come from a store, and again from another one if what takes them finds them
   * corrupt.
   * @throws CapstanError if no store has it, or none can send a part of a pack: it is not asked again then
   */
  readonly fromStore: (piece: Piece, sink: PieceSink, signal: AbortSignal) => Promise<void>;
  /** Takes the packed bytes of a frame, perhaps more than once. Returns what is wrong with them, if anything is; other errors end the job. */
  readonly take: (frame: Frame, packed: Buffer) => CapstanError | undefined;
  /** Counts what came from a peer; to be waited for, since bandwidth may be limited. */
  readonly received: (node: NodeName, bytes: number) => Promise<void> | undefined;
  readonly monotonic: () => number;
  readonly random: () => number;
}

/** Things are looked at so often, even if nothing happens. Milliseconds. */
const tickMs = 100;
/** After a question that nobody answered. Milliseconds. */
const unansweredMs = 1000;

/**
 * Fetches pieces of packs from other nodes, and from a store those that nobody else is bringing: each node takes what is
 * rarest first, a few of them take what nobody has from the store, each another part, and everybody offers what it has.
 * Whatever goes wrong with a peer, the store is fallen back to within about a second. Ends when all has come, or when
 * nothing more can come this way: the rest is the caller's.
 * @returns nodes that delivered corrupt bytes
 */
export async function fetchFromPeers(
  pieces: Iterable<Piece>,
  world: SwarmWorld,
  outer: AbortSignal,
): Promise<readonly NodeName[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const state = new SwarmState(pieces, world.monotonic(), world.random);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  let askAt = world.monotonic();
  let answered = false;
  /** How many corrupt peers the coordinator was told of. */
  let told = 0;

  const stopAll = (): void => {
    for (const { transfers } of state.pieces) for (const each of transfers) each.stop.abort();
  };
  signal.addEventListener('abort', stopAll);

  /** Runs beside the loop, and wakes it when done. What it throws ends all. */
  const spawn = (work: () => Promise<void>): void => {
    const run = work()
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running.delete(run);
        wake();
      });
    running.add(run);
  };

  const ask = async (): Promise<void> => {
    askAt = Number.POSITIVE_INFINITY;
    const packs = state.packs.map(digestOf);
    const corrupt = [...state.corrupt];
    told = corrupt.length;
    const answer = await world.ask({ packs, corrupt });
    answered = true;
    if (answer !== undefined) state.take(answer);
    askAt = world.monotonic() + (answer?.askAgainMs ?? unansweredMs);
  };

  const askHeld = async (peer: KnownPeer): Promise<void> => {
    peer.askingHeld = true;
    try {
      const packs = new Map([...state.pieces].map(({ pack }) => [pack.hex, pack]));
      for (const [hex, pack] of packs) state.hear(peer, hex, await heldBy(peer, pack));
    } catch (error) {
      blame(peer, error);
    } finally {
      peer.askingHeld = false;
    }
  };

  const heldBy = async (peer: KnownPeer, pack: Piece['pack']) => {
    try {
      return await world.client.held(peer, pack, signal);
    } catch (error) {
      if (error instanceof CapstanError && error.code === 'notFound') return { spans: [], growing: false };
      throw error;
    }
  };

  const blame = (peer: KnownPeer, error: unknown): void => {
    if (!(error instanceof CapstanError)) throw error;
    const now = world.monotonic();
    if (error.code === 'corrupt') state.lied(peer);
    else if (error.code === 'unavailable') state.full(peer, now);
    else if (error.code !== 'cancelled') state.failed(peer, now);
  };

  /**
   * Takes the frames of a piece; those that are good stay taken, whatever comes after them.
   * @param count told of bytes as they come; what it returns is waited for
   */
  const receive = async (
    piece: WantedPiece,
    bytes: AsyncIterable<Buffer>,
    count?: (bytes: number) => Promise<void> | undefined,
  ): Promise<void> => {
    const cutter = frameCutter(piece.frames, piece.span[0]);
    for await (const chunk of bytes) {
      const pause = count?.(chunk.length);
      if (pause !== undefined) await pause;
      for (const { frame, packed } of cutter.push(chunk)) {
        const bad = world.take(frame, packed);
        if (bad !== undefined) throw bad;
      }
    }
    state.done(piece);
  };

  const transfer = async (
    piece: WantedPiece,
    peer: KnownPeer | undefined,
    work: (signal: AbortSignal) => Promise<void>,
    failed: (error: unknown) => void,
  ): Promise<void> => {
    const own: Transfer = { peer, startedAt: world.monotonic(), stop: new AbortController() };
    piece.transfers.add(own);
    try {
      await work(own.stop.signal);
      for (const other of piece.transfers) if (other !== own) other.stop.abort();
    } catch (error) {
      failed(error);
    } finally {
      piece.transfers.delete(own);
    }
  };

  const fromPeer = async (piece: WantedPiece, peer: KnownPeer): Promise<void> => {
    peer.transfers += 1;
    await transfer(
      piece,
      peer,
      async (until) => {
        const { pack, span } = piece;
        const bytes = world.client.read(peer, pack, span, {
          signal: until,
          onHolding: (holding) => {
            state.hear(peer, pack.hex, holding);
            wake();
          },
        });
        await receive(piece, bytes, (length) => {
          state.progressed(length, world.monotonic());
          return world.received(peer.node, length);
        });
        state.succeeded(peer);
      },
      (error) => {
        blame(peer, error);
      },
    );
    peer.transfers -= 1;
  };

  const fromStore = (piece: WantedPiece): Promise<void> =>
    transfer(
      piece,
      undefined,
      (until) => world.fromStore(piece, (bytes) => receive(piece, bytes), until),
      (error) => {
        if (!(error instanceof CapstanError)) throw error;
        if (error.code !== 'cancelled') state.storeUsable = false;
      },
    );

  const dispatch = (): void => {
    const now = world.monotonic();
    if (now >= askAt) spawn(ask);
    for (let next = state.nextToAsk(now); next !== undefined; next = state.nextToAsk(now)) {
      const peer = next;
      spawn(() => askHeld(peer));
    }
    for (let next = state.nextFromPeer(now); next !== undefined; next = state.nextFromPeer(now)) {
      const { piece, peer } = next;
      spawn(() => fromPeer(piece, peer));
    }
    if (!answered) return;
    for (let piece = state.nextFromStore(now); piece !== undefined; piece = state.nextFromStore(now)) {
      const next = piece;
      spawn(() => fromStore(next));
    }
  };

  while (failure === undefined && !signal.aborted && !state.isOver(world.monotonic())) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    dispatch();
    const tick = setTimeout(wake, tickMs);
    await woken;
    clearTimeout(tick);
  }
  stop.abort();
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
  const corrupt = [...state.corrupt];
  if (corrupt.length > told) void world.ask({ packs: [], corrupt });
  return corrupt;
}
