import type { Digest, NodeName } from '../../../shared/model/ids.js';
import {
  type PackPeers,
  type PeersAnswer,
  type PeersQuestion,
  type Serving,
} from '../../../shared/model/peers.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { Random } from '../../../shared/ports/random.js';
import type { PeerNode, Peers } from '../../ports/peers.js';
import { Complaints } from './peer-complaints.js';
import { Swarm } from './peer-swarm.js';

export interface PeerDirectoryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Undefined: no such node. */
  readonly node: (name: NodeName) => PeerNode | undefined;
  /** Whether nodes of other zones are handed out when there are too few in the same one. */
  readonly acrossZones: boolean;
}

const sweepEveryMs = 30_000;

/**
 * Which nodes have packs, or are fetching them, and whom of them to hand out: a few at random, those of the same zone
 * first, the least handed out before the others (kraken#162: slots run out where all are sent to the same few).
 */
export class PeerDirectory implements Peers {
  readonly #options: PeerDirectoryOptions;
  readonly #serving = new Map<NodeName, Serving>();
  readonly #swarms = new Map<Digest, Swarm>();
  readonly #complaints: Complaints;
  #sweptAt = 0;

  constructor(options: PeerDirectoryOptions) {
    this.#options = options;
    this.#complaints = new Complaints(options.logger);
  }

  offers(node: NodeName, serving: Serving | undefined): void {
    const before = this.#serving.get(node)?.packs ?? [];
    const packs = new Set(serving?.packs);
    for (const pack of before) if (!packs.has(pack)) this.#swarms.get(pack)?.settle(node, false);
    for (const pack of packs) this.#swarm(pack).settle(node, true);
    if (serving === undefined) this.#serving.delete(node);
    else this.#serving.set(node, serving);
    this.#sweep();
  }

  find(node: NodeName, { packs, corrupt }: PeersQuestion): PeersAnswer {
    const now = this.#options.clock.monotonic();
    this.#complaints.take(node, corrupt, now);
    const avoid = new Set(corrupt);
    const answers = [...new Set(packs)].map((pack) => this.#findFor(node, pack, avoid, now));
    const pauses = answers.map(({ pack, peers }) => this.#swarm(pack).askAgainMs(peers.length));
    return { packs: answers, askAgainMs: Math.max(1, ...pauses) };
  }

  servingOf(node: NodeName): Serving | undefined {
    return this.#serving.get(node);
  }

  #findFor(node: NodeName, pack: Digest, avoid: ReadonlySet<NodeName>, now: number): PackPeers {
    const { random, acrossZones } = this.#options;
    const zone = this.#options.node(node)?.zone ?? '';
    const swarm = this.#swarm(pack);
    if (this.#serving.has(node)) swarm.joins(node, now);
    const { nodes, settled } = swarm.choose({
      random,
      now,
      usable: (name) => {
        if (name === node || avoid.has(name) || this.#complaints.against(name, now)) return undefined;
        const facts = this.#options.node(name);
        const slots = this.#serving.get(name)?.slots ?? 0;
        if (facts?.connected !== true || slots === 0) return undefined;
        if (facts.zone === zone) return { slots, near: true };
        return acrossZones ? { slots, near: false } : undefined;
      },
    });
    const peers = nodes.map((name) => ({ node: name, url: this.#serving.get(name)?.url ?? '' }));
    const seed = this.#serving.has(node)
      ? swarm.seed(node, acrossZones ? '' : zone, settled, now)
      : undefined;
    return { pack, peers, seed };
  }

  #swarm(pack: Digest): Swarm {
    let swarm = this.#swarms.get(pack);
    if (swarm === undefined) {
      swarm = new Swarm();
      this.#swarms.set(pack, swarm);
    }
    return swarm;
  }

  /** Forgets who has not asked for long, and packs that nobody has any more. */
  #sweep(): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = now;
    for (const [node] of this.#serving)
      if (this.#options.node(node) === undefined) this.offers(node, undefined);
    for (const [pack, swarm] of this.#swarms) {
      swarm.forget(now);
      if (swarm.size === 0) this.#swarms.delete(pack);
    }
  }
}
