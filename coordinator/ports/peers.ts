import type { NodeName } from '../../shared/model/ids.js';
import type { PeersAnswer, PeersQuestion, Serving } from '../../shared/model/peers.js';

/** Who has which packs, as the agents say; in memory only. */
export interface Peers {
  /** A node's report: what it offers to others from now on. */
  offers(node: NodeName, serving: Serving | undefined): void;
  /** A node is fetching packs: whom it may ask for them. It counts as one who has parts of them itself from now on. */
  find(node: NodeName, question: PeersQuestion): PeersAnswer;
  /** What a node offers, for people. */
  servingOf(node: NodeName): Serving | undefined;
}

/** What the choice of peers wants to know of a node. */
export interface PeerNode {
  readonly connected: boolean;
  /** '' for nodes that have none. */
  readonly zone: string;
}
