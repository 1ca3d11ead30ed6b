import type { AppName, NodeName } from '../../shared/model/ids.js';
import type { FetchShares } from '../core/fetch-shares.js';
import { withShare } from '../core/fetch-shares.js';
import { type LivenessState, livenessOf } from '../core/liveness.js';
import type { AssignmentRecord, NodeRecord } from '../ports/state-store.js';

/** A transfer that brings nothing for so long lets go of its share until it does again. Milliseconds. */
const stalledAfterMs = 120_000;

/** A transfer under way that has a share of the fleet's bandwidth. */
export interface Fetch {
  readonly given: AssignmentRecord;
  /** How far it has come. */
  readonly bytes: number;
  /** Up-time at which it came so far. */
  readonly since: number;
  /** It has come no further for too long, and its share goes to others. */
  readonly stalled: boolean;
}

/** Of the world, what shares are counted by. */
interface Sharing {
  readonly nodes: ReadonlyMap<NodeName, { readonly record: NodeRecord }>;
  readonly liveness: LivenessState;
  shares: FetchShares;
  /** By node and application; the one that has brought nothing for longest comes first. */
  readonly fetches: Map<string, Fetch>;
}

/**
 * Counts the share that goes with an assignment for as long as the node may be fetching: until it says that it has, or
 * that it failed, nobody hears of it any more, or it gets no further, for else one that hangs would keep all others waiting
 * for ever. One that comes back fetching counts again.
 * @param up up-time
 * @returns by how much the bandwidth in use has changed, in bytes a second
 */
export function shareOut(world: Sharing, given: AssignmentRecord, up: number): number {
  const share = given.fetchBytesPerSecond ?? 0;
  if (share === 0 && world.shares.sum === 0 && world.fetches.size === 0) return 0; // of thousands, while there is no limit
  const { node, app } = given;
  const isOver = share === 0 || given.state !== 'open' || hasFetched(world, given);
  if (isOver || livenessOf(world.liveness, node) === 'lost') return takeShare(world, node, app);
  const key = keyOf(node, app);
  const known = world.fetches.get(key);
  const bytes = bytesOf(world, given);
  const isNew = known?.given.generation !== given.generation || bytes > known.bytes;
  const stalled = !isNew && (known.stalled || up - known.since >= stalledAfterMs);
  if (isNew || stalled !== known.stalled) {
    world.fetches.delete(key);
    world.fetches.set(key, { given, bytes, since: isNew ? up : known.since, stalled });
  }
  return setShare(world, key, stalled ? 0 : share);
}

/** Transfers that have brought nothing for too long, and still count. */
export function stalledFetches(
  { fetches }: Pick<Sharing, 'fetches'>,
  up: number,
): readonly AssignmentRecord[] {
  const found: AssignmentRecord[] = [];
  for (const { given, since, stalled } of fetches.values()) {
    if (stalled) continue;
    if (up - since < stalledAfterMs) break;
    found.push(given);
  }
  return found;
}

export function takeShare(world: Sharing, node: NodeName, app: AppName): number {
  const key = keyOf(node, app);
  world.fetches.delete(key);
  return setShare(world, key, 0);
}

const keyOf = (node: NodeName, app: AppName): string => `${node}/${app}`;

function setShare(world: Sharing, key: string, bytesPerSecond: number): number {
  const before = world.shares.sum;
  world.shares = withShare(world.shares, key, bytesPerSecond);
  return world.shares.sum - before;
}

function bytesOf({ nodes }: Sharing, { node, app, generation }: AssignmentRecord): number {
  const status = nodes.get(node)?.record.status?.apps.find((known) => known.app === app);
  return status?.generation === generation ? (status.fetched?.bytesDone ?? 0) : 0;
}

function hasFetched({ nodes }: Sharing, { node, app, generation }: AssignmentRecord): boolean {
  const status = nodes.get(node)?.record.status?.apps.find((known) => known.app === app);
  return status?.generation === generation && status.phase !== 'idle' && status.phase !== 'staging';
}
