import { emptyHashMap, getKey, type HashMap, removeKey, setKey } from './collections/hash-map.js';

/**
 * The fleet-wide bandwidth budget: who holds which share of it. A node holds one from when it is told to fetch until it
 * has fetched, has failed or is lost; the sum of the shares handed out never exceeds the budget.
 */
export interface FetchShares {
  /** Bytes in a second for the whole fleet; 0: no limit. */
  readonly budget: number;
  /** Bytes in a second, by node and application. */
  readonly held: HashMap<string, number>;
  readonly sum: number;
}

/** What of the budget a decision may hand out. Bytes in a second; `left` is Infinity if there is no limit. */
export interface FetchRoom {
  readonly left: number;
  /** No node is given less: with less, it would only hold up the others. */
  readonly least: number;
}

/** A transfer that gets less than this takes so long that it is better to wait for one's turn. Bytes in a second. */
const leastShare = 1024 * 1024;

export const noLimit: FetchRoom = { left: Number.POSITIVE_INFINITY, least: 0 };

export const noShares = (budget: number): FetchShares => ({ budget, held: emptyHashMap(), sum: 0 });

export function roomOf({ budget, sum }: FetchShares): FetchRoom {
  return budget === 0 ? noLimit : { left: Math.max(0, budget - sum), least: Math.min(budget, leastShare) };
}

/**
 * The share of the next of `waiting` nodes: what is left is divided among as many of them as get enough of it. Bytes in a second, 0 if there is no limit; undefined if it has to wait for its turn.
 */
export function shareOf({ left, least }: FetchRoom, waiting: number): number | undefined {
  if (left === Number.POSITIVE_INFINITY) return 0;
  if (left < least) return undefined;
  const atOnce = Math.min(Math.max(1, waiting), Math.floor(left / least));
  return Math.floor(left / atOnce);
}

/** Gives `who` this share, instead of the one it may have; 0 takes it away. */
export function withShare(shares: FetchShares, who: string, bytesPerSecond: number): FetchShares {
  const before = getKey(shares.held, who) ?? 0;
  if (before === bytesPerSecond) return shares;
  const held =
    bytesPerSecond === 0 ? removeKey(shares.held, who) : setKey(shares.held, who, bytesPerSecond, {});
  return { ...shares, held, sum: shares.sum - before + bytesPerSecond };
}
