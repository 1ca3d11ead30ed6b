import type { StoreReader } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { PeersAnswer, PeersQuestion } from '../../../shared/model/peers.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import type { Hex } from '../../../shared/release/digest.js';
import { unpackFrame } from '../../../shared/release/frame.js';
import type { Frame, Layout, Pack } from '../../../shared/release/layout.js';
import { readIdentity } from '../identity/identity-file.js';
import { createPeerClient } from './peer-client.js';
import { type Piece, planPieces } from './pieces.js';
import { createSpoolWriter, type SpoolNews } from './spool-writer.js';
import { fetchFromPeers, type PieceSink } from './swarm.js';

/** How this node trades packs with others, as the agent's settings say. */
export interface Sharing {
  readonly spoolDir: string;
  /** Most that may be kept for others. */
  readonly spoolBytes: number;
  /** Less than this is fetched from stores alone. */
  readonly fromBytes: number;
  /** Where this node's identity is, which it shows to others; undefined: there is none, nor TLS. */
  readonly stateDir?: string | undefined;
}

/** The agent, to its child that stages. */
export interface SharingParent {
  /** Undefined if the coordinator does not answer. */
  ask(question: PeersQuestion): Promise<PeersAnswer | undefined>;
  tell(news: SpoolNews): void;
}

/** Trading packs with other nodes. */
export interface Exchange {
  /**
   * Fetches frames from other nodes, and from stores what they leave to this one. Does nothing for few bytes.
   * @returns those that are still to be had from stores, and how many bytes were read
   */
  fetch(request: ExchangeRequest): Promise<{ readonly left: readonly Frame[]; readonly bytes: number }>;
  /** Keeps a frame that has its digest for other nodes. */
  readonly keep: (pack: Pack, frame: Frame, packed: Buffer) => void;
  close(): void;
}

export interface ExchangeRequest {
  readonly layout: Layout;
  /** In the layout's order. */
  readonly frames: readonly Frame[];
  /** Takes the unpacked bytes of a frame that has its digest. */
  readonly take: (frame: Frame, raw: Buffer) => void;
  readonly stores: StoreAccess;
  readonly signal: AbortSignal;
}

/** What is used of the job's sources. */
export interface StoreAccess {
  readonly fromAny: (
    what: string,
    key: { readonly kind: 'packs'; readonly hex: Hex },
    attempt: (source: NamedStore) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Counts bytes that have come from a source; to be waited for, since bandwidth may be limited. */
  received(source: { readonly name: string }, bytes: number): Promise<void> | undefined;
  /** Notes that a source has delivered corrupt bytes. */
  accuse(source: { readonly name: string }): void;
}

interface NamedStore {
  readonly name: string;
  readonly store: StoreReader;
}

export interface ExchangeOptions {
  readonly sharing: Sharing;
  readonly parent: SharingParent;
  readonly reserveBytes: number;
  readonly clock: Clock;
  readonly random: Random;
}

const peerName = (node: string): string => `peer ${node}`;

export function createExchange({ sharing, parent, reserveBytes, clock, random }: ExchangeOptions): Exchange {
  const spool = createSpoolWriter({
    dir: sharing.spoolDir,
    maxBytes: sharing.spoolBytes,
    reserveBytes,
    tell: (news) => {
      parent.tell(news);
    },
  });
  /** Packs that are worth trading. */
  const traded = new Set<Hex>();
  const keep = (pack: Pack, frame: Frame, packed: Buffer): void => {
    if (traded.has(pack.hex)) spool.keep(pack, frame, packed);
  };

  return {
    async fetch({ layout, frames, take, stores, signal }) {
      const pieces = planPieces(frames, layout.packs);
      const worth = pieces.reduce((sum, { span: [from, to] }) => sum + to - from, 0);
      if (worth < sharing.fromBytes) return { left: frames, bytes: 0 };
      for (const { pack } of pieces) {
        if (!traded.has(pack.hex)) spool.announce(pack);
        traded.add(pack.hex);
      }
      const missing = new Set(frames);
      let read = 0;
      const received = (name: string, bytes: number): Promise<void> | undefined => {
        read += bytes;
        return stores.received({ name }, bytes);
      };
      const { stateDir } = sharing;
      const client = createPeerClient(stateDir === undefined ? undefined : readIdentity(stateDir));
      try {
        const corrupt = await fetchFromPeers(
          pieces,
          {
            client,
            ask: (question) => parent.ask(question),
            fromStore: (piece, sink, until) =>
              readFromStore({ fromAny: stores.fromAny, received }, piece, sink, until),
            take: (frame, packed) => {
              if (!missing.has(frame)) return undefined; // it came twice
              const raw = soundFrame(frame, packed);
              if (raw instanceof CapstanError) return raw;
              missing.delete(frame);
              take(frame, raw);
              const pack = layout.packs[frame.pack];
              if (pack !== undefined) keep(pack, frame, packed);
              return undefined;
            },
            received: (node, bytes) => received(peerName(node), bytes),
            monotonic: () => clock.monotonic(),
            random: () => random.next(),
          },
          signal,
        );
        for (const node of corrupt) stores.accuse({ name: peerName(node) });
      } finally {
        client.close();
        spool.flush();
      }
      return { left: frames.filter((frame) => missing.has(frame)), bytes: read };
    },
    keep,
    close() {
      spool.close();
    },
  };
}

/** Unpacked here and now: the way to the thread pool and back takes longer where many share a processor. */
function soundFrame(frame: Frame, packed: Buffer): Buffer | CapstanError {
  try {
    return unpackFrame(packed, frame);
  } catch (error) {
    return CapstanError.from(error, 'corrupt');
  }
}

/** A piece from whichever store has it; whole packs are not read for a piece. */
async function readFromStore(
  {
    fromAny,
    received,
  }: {
    readonly fromAny: StoreAccess['fromAny'];
    readonly received: (name: string, bytes: number) => Promise<void> | undefined;
  },
  { pack, span: [from, to] }: Piece,
  sink: PieceSink,
  signal: AbortSignal,
): Promise<void> {
  const key = { kind: 'packs', hex: pack.hex } as const;
  const range = { offset: from, length: to - from, objectSize: pack.size };
  const sends = { whole: false };
  const attempt = async (source: NamedStore): Promise<void> => {
    sends.whole = source.store.sendsRanges?.() === false;
    if (sends.whole) return;
    const onWhole = (): void => {
      sends.whole = true;
    };
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const bytes of source.store.getRange(key, range, { signal, onWhole })) {
        if (sends.whole) throw new CapstanError('cancelled', 'the store sends whole packs only');
        const pause = received(source.name, bytes.length);
        if (pause !== undefined) await pause;
        yield bytes;
      }
    }
    await sink(counted());
  };
  try {
    await fromAny(`pack ${pack.hex.slice(0, 12)}`, key, attempt, signal);
  } catch (error) {
    if (!sends.whole) throw error;
  }
  if (sends.whole) throw new CapstanError('failed', 'the store sends whole packs only');
}
