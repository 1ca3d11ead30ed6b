import type { NodeName } from '../../../shared/model/ids.js';
import { peerLimits, type SeedRank } from '../../../shared/model/peers.js';
import type { Random } from '../../../shared/ports/random.js';

/** Who has not asked for so long has no part of the pack that it speaks of, unless it reports one. Milliseconds. */
const fetchingForMs = 15_000;
/** Who has not asked for so many times the usual pause has stopped fetching, or is gone. */
const silentPauses = 2.5;
/** Asked again this soon while there are too few peers, and while there are enough. Milliseconds. */
const askAgain = { fewMs: 250, enoughMs: 1000, maxMs: 5000 };
/** So that a swarm of a thousand asks at most five hundred times a second. Milliseconds. */
const askAgainMsPerMember = 2;
/** Of a pack that nobody has: enough that one slow node does not hold all others up, few enough that each is fast. */
const seeds = 4;
/** Members looked at for one answer: the best of a few random ones is nearly as good as the best of all. */
const looked = 24;
/** After so long, half of a node's hand-outs no longer count. Milliseconds. */
const loadHalvesMs = 5000;

interface Member {
  /** It said in its newest report that it has at least a part. */
  settled: boolean;
  /** When it last said that it is fetching. Monotonic milliseconds. */
  fetchingAt: number;
  /** How often it was handed out lately, and when that was counted. */
  load: number;
  loadAt: number;
}

export interface Choice {
  readonly random: Random;
  readonly now: number;
  /** Undefined: not to be handed out. */
  readonly usable: (node: NodeName) => { readonly slots: number; readonly near: boolean } | undefined;
}

export interface Chosen {
  readonly nodes: readonly NodeName[];
  /** How many of those looked at have what they have, and fetch no more of it. */
  readonly settled: number;
}

/** The nodes that have one pack, or a part of it. */
export class Swarm {
  readonly #members = new Map<NodeName, Member>();
  /** The members' names, for drawing at random. */
  readonly #names: NodeName[] = [];
  readonly #seeds = new Map<string, ({ readonly node: NodeName; until: number } | undefined)[]>();

  get size(): number {
    return this.#members.size;
  }

  settle(node: NodeName, settled: boolean): void {
    if (settled) this.#member(node).settled = true;
    else {
      const member = this.#members.get(node);
      if (member !== undefined) member.settled = false;
    }
  }

  joins(node: NodeName, now: number): void {
    this.#member(node).fetchingAt = now;
  }

  /** After how long a member should ask again that was given so many peers. Milliseconds. */
  askAgainMs(peers: number): number {
    const pause = Math.min(askAgain.maxMs, this.size * askAgainMsPerMember);
    return Math.max(pause, peers < peerLimits.holders ? askAgain.fewMs : askAgain.enoughMs);
  }

  /** A few members at random, near ones first, those with the most free slots before others. */
  choose({ random, now, usable }: Choice): Chosen {
    const found: { readonly node: NodeName; readonly member: Member; readonly cost: number }[] = [];
    for (let drawn = 0; drawn < this.#names.length && found.length < looked; ) {
      const at = drawn + Math.floor(random.next() * (this.#names.length - drawn));
      const node = this.#names[at];
      const other = this.#names[drawn];
      if (node === undefined || other === undefined) break;
      const member = this.#members.get(node);
      if (member === undefined || !isHere(member, now)) {
        this.#members.delete(node);
        this.#names[at] = this.#names.at(-1) ?? node;
        this.#names.pop();
        continue;
      }
      this.#names[at] = other;
      this.#names[drawn] = node;
      drawn += 1;
      const facts = usable(node);
      if (facts === undefined) continue;
      found.push({ node, member, cost: (loadOf(member, now) + 1) / facts.slots + (facts.near ? 0 : 1e6) });
    }
    found.sort((a, b) => a.cost - b.cost);
    const settled = found.filter(({ member }) => this.#isSettled(member, now)).length;
    const chosen = found.slice(0, peerLimits.holders);
    for (const { member } of chosen) {
      member.load = loadOf(member, now) + 1;
      member.loadAt = now;
    }
    return { nodes: chosen.map(({ node }) => node), settled };
  }

  /**
   * The right to fetch from the store, if there is one left: the fewer, the more nodes have the pack already.
   * @param ground nodes on one ground hear of each other
   */
  seed(node: NodeName, ground: string, settled: number, now: number): SeedRank | undefined {
    const of = Math.max(0, seeds - 2 * settled);
    const held = this.#seeds.get(ground) ?? [];
    this.#seeds.set(ground, held);
    const own = held.findIndex((seed) => seed?.node === node);
    const free = Array.from({ length: of }, (_, rank) => rank).find(
      (rank) => (held[rank]?.until ?? 0) <= now,
    );
    const rank = own >= 0 ? own : free;
    if (rank === undefined || rank >= of) return undefined;
    held[rank] = { node, until: now + this.#silentMs() };
    return { rank, of };
  }

  forget(now: number): void {
    for (const [node, member] of this.#members) if (!isHere(member, now)) this.#members.delete(node);
    const left = this.#names.filter((node) => this.#members.has(node));
    this.#names.splice(0, this.#names.length, ...left);
    for (const [ground, held] of this.#seeds) {
      if (held.every((seed) => (seed?.until ?? 0) <= now)) this.#seeds.delete(ground);
    }
  }

  #isSettled({ settled, fetchingAt }: Member, now: number): boolean {
    return settled && now - fetchingAt > this.#silentMs();
  }

  #silentMs(): number {
    return silentPauses * this.askAgainMs(peerLimits.holders);
  }

  #member(node: NodeName): Member {
    let member = this.#members.get(node);
    if (member === undefined) {
      member = { settled: false, fetchingAt: Number.NEGATIVE_INFINITY, load: 0, loadAt: 0 };
      this.#members.set(node, member);
      this.#names.push(node);
    }
    return member;
  }
}

const isHere = ({ settled, fetchingAt }: Member, now: number): boolean =>
  settled || now - fetchingAt < fetchingForMs;

const loadOf = ({ load, loadAt }: Member, now: number): number =>
  load * 0.5 ** (Math.max(0, now - loadAt) / loadHalvesMs);
