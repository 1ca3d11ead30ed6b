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
  /** What of that which is missing here it was last heard to have. */
  readonly offers: Set<WantedPiece>;
  /** By pack, if it was heard of that: whether it is fetching more of it itself. */
  readonly growing: Map<Hex, boolean>;
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
/** Requests to peers under way at once: on links that are busy an answer takes a while to begin. */
const maxTransfers = 16;
const maxTransfersEach = 3;
/** Fewer pieces than this, of those that a peer is known to have, are soon done: it is asked what else it has. */
const fewChoices = 4;
/** One peer is asked again no sooner than this, or than that if it fetches nothing; and one of all of them. Milliseconds. */
const askAgain = { eachMs: 250, quietMs: 3000, anyMs: 100 };
/** Failures after which a peer is given up. */
const maxFailures = 3;
/** A second source for a piece that is long in coming, when there is nothing else to do: another peer, or a store. Milliseconds. */
const lateMs = { peer: 2000, store: 5000 } as const;
/** Nobody has anything that is needed, though some are fetching: so long, a store is left to others. Milliseconds. */
const stalledMs = 2500;
/** The same where those that have something have no slot free. Milliseconds. */
const fullMs = 1000;
/** Whoever gets less than this from peers, on average over the first seconds, has a store's help as well. Bytes; milliseconds. */
const poor = { bytesPerSecond: 2_000_000, afterMs: 10_000 };
/** Whoever is first waits so long for company before it fetches all from a store by itself. Milliseconds. */
const aloneMs = 1500;
/** Parts of the pack that other nodes fetch from a store are left to them unless peers bring less than this. Bytes; milliseconds. */
const quiet = { bytesPerSecond: 500_000, everyMs: 1500 } as const;
/** Requests to a store under way at once. */
const storeTransfers = { alone: 4, seed: 4, stalled: 1 } as const;

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
  #askedAt = Number.NEGATIVE_INFINITY;
  #peerBytes = 0;
  /** Whether peers brought little lately, and what they have brought since that was looked at. */
  #lately: { readonly isQuiet: boolean; readonly since: number; bytes: number };

  constructor(pieces: Iterable<Piece>, now: number, random: () => number) {
    for (const piece of pieces) this.pieces.add({ ...piece, transfers: new Set() });
    this.#startedAt = now;
    this.#progressAt = now;
    this.#lately = { isQuiet: false, since: now, bytes: 0 };
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
    this.#lately.bytes += bytes;
    this.#progressAt = now;
  }

  /** Takes what a peer says it has of a pack. */
  hear(peer: KnownPeer, hex: Hex, { spans, growing }: Holding): void {
    peer.growing.set(hex, growing);
    for (const piece of this.pieces) {
      if (piece.pack.hex !== hex) continue;
      if (holdsSpan(spans, piece.span)) peer.offers.add(piece);
      else peer.offers.delete(piece);
    }
  }

  /** A piece has come. */
  done(piece: WantedPiece): void {
    this.pieces.delete(piece);
    for (const { offers } of this.peers.values()) offers.delete(piece);
  }

  /**
   * A peer to ask what it has: one that was never asked, or one of which little is known that could be fetched next. Asking
   * costs both sides more than it looks where nobody has anything new.
   */
  nextToAsk(now: number): KnownPeer | undefined {
    const mayAskAgain = now - this.#askedAt >= askAgain.anyMs;
    const [first] = this.#usable(now)
      .filter((peer) => !peer.askingHeld && (mayAskAgain || isNew(peer)) && this.#isWorthAsking(peer, now))
      .sort((a, b) => a.heldAskedAt - b.heldAskedAt);
    if (first === undefined) return undefined;
    this.#askedAt = now;
    first.heldAskedAt = now;
    return first;
  }

  /** The next piece to fetch from a peer, and which one; undefined if there is none. */
  nextFromPeer(now: number): { readonly piece: WantedPiece; readonly peer: KnownPeer } | undefined {
    const usable = this.#usable(now);
    const busy = usable.reduce((sum, peer) => sum + peer.transfers, 0);
    if (busy >= maxTransfers) return undefined;
    const each = Math.min(maxTransfersEach, Math.max(1, Math.floor(maxTransfers / usable.length)));
    const free = usable.filter((peer) => peer.transfers < each && peer.fullUntil <= now);
    const ready = shuffled(free, this.#random).sort((a, b) => a.transfers - b.transfers);
    for (const peer of ready) {
      const piece = this.#rarest(this.#choices(peer));
      if (piece !== undefined) return { piece, peer };
    }
    if (this.#idle().length > 0) return undefined;
    for (const peer of ready) {
      const piece = [...peer.offers].find((each) => isLate(each, peer, now, lateMs.peer));
      if (piece !== undefined) return { piece, peer };
    }
    return undefined;
  }

  /** The next piece to fetch from a store; undefined if that is for others to do. */
  nextFromStore(now: number): WantedPiece | undefined {
    if (!this.storeUsable) return undefined;
    const busy = [...this.pieces].filter(({ transfers }) =>
      [...transfers].some(({ peer }) => peer === undefined),
    ).length;
    const idle = this.#idle();
    const usable = this.#usable(now);
    if (usable.length === 0 && (this.#seeds.size === 0 || now - this.#startedAt >= aloneMs)) {
      return busy < storeTransfers.alone ? this.#any(idle) : undefined;
    }
    if (idle.length === 0) {
      const late = [...this.pieces].find((piece) => isLate(piece, undefined, now, lateMs.store));
      return busy < storeTransfers.stalled ? late : undefined;
    }
    const allFull = usable.every(({ fullUntil }) => fullUntil > now);
    const stalled = now - this.#progressAt >= (allFull ? fullMs : stalledMs) || this.#isPoor(now);
    const waits = !stalled && this.packs.every((hex) => this.#mayCome(hex, usable));
    if (this.#seeds.size === 0 ? waits : busy >= storeTransfers.seed) return undefined;
    const rare = idle.filter((piece) => this.#isRare(piece, usable));
    if (busy < storeTransfers.seed) {
      const own = rare.filter((piece) => this.#isOwn(piece));
      if (own.length > 0) return this.#any(own);
      // What is somebody else's part is on its way, though nobody may have said so yet.
      const helped = this.#helpedPacks(now);
      const more = rare.filter(({ pack }) => helped.has(pack.hex));
      if (more.length > 0) return this.#any(more);
    }
    if (busy >= storeTransfers.stalled) return undefined;
    // What nobody has and nobody is fetching will not come from anybody.
    const hopeless = rare.filter(({ pack }) => !this.#mayCome(pack.hex, usable));
    if (hopeless.length > 0) return this.#any(hopeless);
    return stalled ? this.#any(rare.length > 0 ? rare : idle) : undefined;
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
    peer.offers.clear();
    peer.growing.clear();
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
      ...{ node, url, offers: new Set(), growing: new Map() },
      ...{ heldAskedAt: Number.NEGATIVE_INFINITY, askingHeld: false },
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
    if (peer.transfers > 0 || peer.growing.size === 0 || peer.offers.size > 0) return true;
    return isFetching(peer);
  }

  #isWorthAsking(peer: KnownPeer, now: number): boolean {
    if (isNew(peer)) return true;
    const { eachMs, quietMs } = askAgain;
    const waitMs = isFetching(peer) ? eachMs : quietMs;
    return now - peer.heldAskedAt >= waitMs && this.#choices(peer).length < fewChoices;
  }

  #idle(): readonly WantedPiece[] {
    return [...this.pieces].filter(({ transfers }) => transfers.size === 0);
  }

  /** Pieces that a peer has and nobody is bringing. */
  #choices({ offers }: KnownPeer): readonly WantedPiece[] {
    return [...offers].filter(({ transfers }) => transfers.size === 0);
  }

  #rarest(choices: readonly WantedPiece[]): WantedPiece | undefined {
    const peers = this.#living();
    const counts = choices.map((piece) => peers.filter(({ offers }) => offers.has(piece)).length);
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

  #isQuiet(now: number): boolean {
    const { since, bytes } = this.#lately;
    if (now - since >= quiet.everyMs)
      this.#lately = { isQuiet: bytes < (quiet.bytesPerSecond * (now - since)) / 1000, since: now, bytes: 0 };
    return this.#lately.isQuiet;
  }

  /** Packs of which parts that are not its own are this node's to fetch from a store: there are too few others for them, or these are slow. */
  #helpedPacks(now: number): ReadonlySet<Hex> {
    const isQuiet = this.#isQuiet(now);
    const nodes = now - this.#startedAt >= aloneMs ? this.peers.size + 1 : Number.POSITIVE_INFINITY;
    return new Set([...this.#seeds].filter(([, { of }]) => isQuiet || nodes < of).map(([hex]) => hex));
  }

  #isOwn({ pack, number }: WantedPiece): boolean {
    const seed = this.#seeds.get(pack.hex);
    return seed?.rank === number % (seed?.of ?? 1);
  }

  /** True if all were heard, and none has it. */
  #isRare(piece: WantedPiece, usable: readonly KnownPeer[]): boolean {
    return usable.every(({ growing, offers }) => growing.has(piece.pack.hex) && !offers.has(piece));
  }

  /** Whether one of them is fetching the pack itself. */
  #mayCome(pack: Hex, usable: readonly KnownPeer[]): boolean {
    return usable.some(({ growing }) => growing.get(pack) === true);
  }
}

/** It was never asked what it has. */
const isNew = ({ heldAskedAt }: KnownPeer): boolean => heldAskedAt === Number.NEGATIVE_INFINITY;

/** It is not known to fetch nothing. */
const isFetching = ({ growing }: KnownPeer): boolean =>
  growing.size === 0 || [...growing.values()].includes(true);

/** Whether a piece comes from one place only, another than `peer`, and takes longer than that. */
function isLate({ transfers }: WantedPiece, peer: KnownPeer | undefined, now: number, ms: number): boolean {
  const [only] = transfers;
  return transfers.size === 1 && only !== undefined && only.peer !== peer && now - only.startedAt >= ms;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
