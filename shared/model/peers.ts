import type { Digest, NodeName } from './ids.js';

/** What a node offers to other nodes. */
export interface Serving {
  /** Base URL, `https://host:port` or without TLS `http:`: packs lie below it as in a store. */
  readonly url: string;
  /** Transfers it lets run at once. */
  readonly slots: number;
  /** Packs it has at least a part of, newest first. */
  readonly packs: readonly Digest[];
}

/** A node is fetching these packs: who has them, or is fetching them as well? */
export interface PeersQuestion {
  readonly packs: readonly Digest[];
  /** Nodes that have delivered corrupt bytes. */
  readonly corrupt: readonly NodeName[];
}

export interface Peer {
  readonly node: NodeName;
  readonly url: string;
}

/**
 * The right to fetch a part of a pack from its store while others wait for it: pieces whose number leaves the rest `rank`
 * when divided by `of`. So the store sends each piece about once, however many nodes want it.
 */
export interface SeedRank {
  readonly rank: number;
  readonly of: number;
}

export interface PackPeers {
  readonly pack: Digest;
  readonly peers: readonly Peer[];
  /** Undefined: others fetch it from the store, or somebody has all of it. */
  readonly seed: SeedRank | undefined;
}

export interface PeersAnswer {
  readonly packs: readonly PackPeers[];
  /** Who goes on fetching asks again after so long; who does not is forgotten. Milliseconds. */
  readonly askAgainMs: number;
}

/** Bounds of what is said about peers. */
export const peerLimits = {
  /** Packs in a report or a question. */
  packs: 64,
  /** Nodes in one answer for one pack. */
  holders: 4,
  /** Nodes accused in one question. */
  corrupt: 16,
  /** Length of a URL. */
  url: 300,
  slots: 1000,
  seeds: 16,
} as const;

/** `https://host:port` or `http:`, and nothing else: others put paths of their own behind it. */
export function isPeerUrl(text: string): text is string {
  if (text.length > peerLimits.url) return false;
  return /^https?:\/\/(?:\[[0-9a-fA-F:.]+\]|[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?):[1-9]\d{0,4}$/.test(
    text,
  );
}
