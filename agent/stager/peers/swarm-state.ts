import { holdsSpan } from '../../../shared/core/spans.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Peer, PeersAnswer, SeedRank } from '../../../shared/model/peers.js';
import { type Hex, hexOf } from '../../../shared/release/digest.js';
import type { Holding } from './peer-client.js';
import type { Piece } from './pieces.js';

/** A piece that is being fetched from somewhere. */
export interface Transfer {
  /** Undefined: from a store. */
  readonly peer: KnownPeer | undefined;
  readonly startedAt: number;
  readonly stop: AbortController;
}

export interface WantedPiece extends Piece {
  readonly transfers: Set<Transfer>;
}

export interface KnownPeer extends Peer {
  /** By pack: what it was last heard to have. */
  readonly holdings: Map<Hex, Holding>;
  /** When it was last asked what it has. */
  heldAskedAt: number;
  askingHeld: boolean;
  transfers: number;
  failures: number;
  /** Given up until then, after a failure. Milliseconds. */
  restsUntil: number;
  /** Its slots are taken; asked again then. Milliseconds. */
  fullUntil: number;
}

/** Peers at once; more come in when some are given up. */
const maxPeers = 8;
/** Requests to peers under way at once. */
const maxTransfers = 8;
const maxTransfersEach = 3;
/** Failures after which a peer is given up. */
const maxFailures = 3;
/** A second source for a piece that is long in coming, when there is nothing else to do. Milliseconds. */
const lateMs = 500;
/** Nobody has anything that is needed, though some are fetching: so long, a store is left to others. Milliseconds. */
const stalledMs = 2500;
/** The same where those that have something have no slot free. Milliseconds. */
const fullMs = 1000;
/** Whoever gets less than this from peers, on average over the first seconds, has a store's help as well. Bytes; milliseconds. */
const poor = { bytesPerSecond: 2_000_000, afterMs: 10_000 };
/** Whoever is first waits so long for company before it fetches all from a store by itself. Milliseconds. */
const aloneMs = 1500;
/** Requests to a store under way at once. */
const storeTransfers = { alone: 4, seed: 2, stalled: 1 } as const;

/** What a node that fetches packs knows, and what it does next: no clock, no sockets, no waiting. */
export class SwarmState {
  readonly pieces = new Set<WantedPiece>();
  readonly peers = new Map<NodeName, KnownPeer>();
  /** Peers that have delivered what they should not. */
  readonly corrupt = new Set<NodeName>();
  /** False once a store has shown that it cannot be used piece by piece. */
  storeUsable = true;
  readonly #random: () => number;
  readonly #startedAt: number;
  readonly #seeds = new Map<Hex, SeedRank>();
  #progressAt: number;
  #peerBytes = 0;

  constructor(pieces: Iterable<Piece>, now: number, random: () => number) {
    for (const piece of pieces) this.pieces.add({ ...piece, transfers: new Set() });
    this.#startedAt = now;
    this.#progressAt = now;
    this.#random = random;
  }

  /** Packs of which pieces are missing. */
  get packs(): readonly Hex[] {
    return [...new Set([...this.pieces].map(({ pack }) => pack.hex))];
  }

  /** Takes what the coordinator said. */
  take(answer: PeersAnswer): void {
    this.#seeds.clear();
    for (const { pack, peers, seed } of answer.packs) {
      if (seed !== undefined) this.#seeds.set(hexOf(pack), seed);
      for (const peer of peers) this.#meet(peer);
    }
  }

  /** Bytes have come from a peer. */
  progressed(bytes: number, now: number): void {
    this.#peerBytes += bytes;
    this.#progressAt = now;
  }

  /** Peers to ask what they have: those of which nothing is known that could be fetched now. */
  toAsk(now: number, everyMs: number): readonly KnownPeer[] {
    return this.#usable(now).filter(
      (peer) =>
        !peer.askingHeld && now - peer.heldAskedAt >= everyMs && this.#choices(peer, now, false).length === 0,
    );
  }

  /** The next piece to fetch from a peer, and which one; undefined if there is none. */
  nextFromPeer(now: number): { readonly piece: WantedPiece; readonly peer: KnownPeer } | undefined {
    const usable = this.#usable(now);
    const busy = usable.reduce((sum, peer) => sum + peer.transfers, 0);
    if (busy >= maxTransfers) return undefined;
    const each = Math.min(maxTransfersEach, Math.max(1, Math.floor(maxTransfers / usable.length)));
    const ready = shuffled(usable, this.#random)
      .filter((peer) => peer.transfers < each && peer.fullUntil <= now)
      .sort((a, b) => a.transfers - b.transfers);
    for (const late of [false, true]) {
      for (const peer of ready) {
        const piece = this.#rarest(this.#choices(peer, now, late));
        if (piece !== undefined) return { piece, peer };
      }
    }
    return undefined;
  }

  /** The next piece to fetch from a store; undefined if that is for others to do. */
  nextFromStore(now: number): WantedPiece | undefined {
    if (!this.storeUsable) return undefined;
    const busy = [...this.pieces].filter(({ transfers }) =>
      [...transfers].some(({ peer }) => peer === undefined),
    ).length;
    const idle = [...this.pieces].filter(({ transfers }) => transfers.size === 0);
    const usable = this.#usable(now);
    if (usable.length === 0 && (this.#seeds.size === 0 || now - this.#startedAt >= aloneMs)) {
      return busy < storeTransfers.alone ? this.#any(idle) : undefined;
    }
    const rare = idle.filter((piece) => this.#isRare(piece, usable));
    if (busy < storeTransfers.seed) {
      const own = rare.filter((piece) => this.#isOwn(piece));
      const more = own.length > 0 ? own : rare.filter(({ pack }) => this.#seeds.has(pack.hex));
      if (more.length > 0) return this.#any(more);
    }
    if (busy >= storeTransfers.stalled) return undefined;
    // What nobody has and nobody is fetching will not come from anybody.
    const hopeless = rare.filter((piece) => !this.#mayCome(piece, usable));
    if (hopeless.length > 0) return this.#any(hopeless);
    const allFull = usable.every(({ fullUntil }) => fullUntil > now);
    const stalled = now - this.#progressAt >= (allFull ? fullMs : stalledMs);
    return stalled || this.#isPoor(now) ? this.#any(rare.length > 0 ? rare : idle) : undefined;
  }

  /** True if neither peers nor a store can bring anything more here. */
  isOver(now: number): boolean {
    if (this.pieces.size === 0) return true;
    const busy = [...this.pieces].some(({ transfers }) => transfers.size > 0);
    return !busy && !this.storeUsable && this.#living().length === 0 && now - this.#startedAt >= aloneMs;
  }

  /** A peer did not do what it should: it rests for a while, and after a few times for good. */
  failed(peer: KnownPeer, now: number): void {
    peer.failures += 1;
    peer.restsUntil = now + 1000 * peer.failures;
    peer.holdings.clear();
  }

  /** A peer has delivered a piece. */
  succeeded(peer: KnownPeer): void {
    peer.failures = 0;
  }

  /** A peer has no slot free. */
  full(peer: KnownPeer, now: number): void {
    peer.fullUntil = now + 100 + 300 * this.#random();
  }

  /** A peer has delivered what it should not: for good. */
  lied(peer: KnownPeer): void {
    this.corrupt.add(peer.node);
    this.peers.delete(peer.node);
  }

  #meet({ node, url }: Peer): void {
    const known = this.peers.get(node);
    if (known?.url === url || this.corrupt.has(node)) return;
    if (this.peers.size >= maxPeers) {
      const useless = [...this.peers.values()].find((peer) => !this.#helps(peer));
      if (useless === undefined) return;
      this.peers.delete(useless.node);
    }
    this.peers.set(node, {
      ...{ node, url, holdings: new Map(), heldAskedAt: Number.NEGATIVE_INFINITY, askingHeld: false },
      ...{ transfers: 0, failures: 0, restsUntil: 0, fullUntil: 0 },
    });
  }

  #living(): readonly KnownPeer[] {
    return [...this.peers.values()].filter(({ failures }) => failures < maxFailures);
  }

  #usable(now: number): readonly KnownPeer[] {
    return this.#living().filter(({ restsUntil }) => restsUntil <= now);
  }

  #helps(peer: KnownPeer): boolean {
    if (peer.failures >= maxFailures) return false;
    if (peer.transfers > 0 || peer.holdings.size === 0) return true;
    return (
      [...peer.holdings.values()].some(({ growing }) => growing) || this.#choices(peer, 0, false).length > 0
    );
  }

  /** Pieces that a peer has and nobody is bringing; with `late`, those that take long. */
  #choices(peer: KnownPeer, now: number, late: boolean): readonly WantedPiece[] {
    return [...this.pieces].filter(({ pack, span, transfers }) => {
      const free = late ? transfers.size === 1 && isLate(transfers, peer, now) : transfers.size === 0;
      return free && holdsSpan(peer.holdings.get(pack.hex)?.spans ?? [], span);
    });
  }

  #rarest(choices: readonly WantedPiece[]): WantedPiece | undefined {
    const peers = this.#living();
    const counts = choices.map(
      ({ pack, span }) =>
        peers.filter(({ holdings }) => holdsSpan(holdings.get(pack.hex)?.spans ?? [], span)).length,
    );
    const least = Math.min(...counts);
    return this.#any(choices.filter((_, at) => counts[at] === least));
  }

  #any(pieces: readonly WantedPiece[]): WantedPiece | undefined {
    return pieces[Math.floor(this.#random() * pieces.length)];
  }

  #isPoor(now: number): boolean {
    const ms = now - this.#startedAt;
    return ms >= poor.afterMs && this.#peerBytes < (poor.bytesPerSecond * ms) / 1000;
  }

  #isOwn({ pack, number }: WantedPiece): boolean {
    const seed = this.#seeds.get(pack.hex);
    return seed?.rank === number % (seed?.of ?? 1);
  }

  /** True if all were heard, and none has it. */
  #isRare({ pack, span }: WantedPiece, usable: readonly KnownPeer[]): boolean {
    return usable.every(({ holdings }) => {
      const holding = holdings.get(pack.hex);
      return holding !== undefined && !holdsSpan(holding.spans, span);
    });
  }

  /** Whether one of them is fetching the pack itself. */
  #mayCome({ pack }: WantedPiece, usable: readonly KnownPeer[]): boolean {
    return usable.some(({ holdings }) => holdings.get(pack.hex)?.growing === true);
  }
}

function isLate(transfers: ReadonlySet<Transfer>, peer: KnownPeer, now: number): boolean {
  return [...transfers].every((transfer) => transfer.peer !== peer && now - transfer.startedAt >= lateMs);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
