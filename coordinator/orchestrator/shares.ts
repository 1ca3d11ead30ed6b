import type { AppName, NodeName } from '../../shared/model/ids.js';
import type { FetchShares } from '../core/fetch-shares.js';
import { withShare } from '../core/fetch-shares.js';
import { type LivenessState, livenessOf } from '../core/liveness.js';
import type { AssignmentRecord, NodeRecord } from '../ports/state-store.js';

/** Of the world, what shares are counted by. */
interface Sharing {
  readonly nodes: ReadonlyMap<NodeName, { readonly record: NodeRecord }>;
  readonly liveness: LivenessState;
  shares: FetchShares;
}

/**
 * Counts the share that goes with an assignment for as long as the node may be fetching: until it says that it has, or
 * that it failed, or nobody hears of it any more. One that comes back fetching counts again.
 * @returns by how much the bandwidth in use has changed, in bytes a second
 */
export function shareOut(world: Sharing, given: AssignmentRecord): number {
  const share = given.fetchBytesPerSecond ?? 0;
  if (share === 0 && world.shares.sum === 0) return 0; // of thousands, while there is no limit
  const isOver = given.state !== 'open' || hasFetched(world, given);
  const isLost = livenessOf(world.liveness, given.node) === 'lost';
  return setShare(world, given.node, given.app, isOver || isLost ? 0 : share);
}

export const takeShare = (world: Sharing, node: NodeName, app: AppName): number =>
  setShare(world, node, app, 0);

function setShare(world: Sharing, node: NodeName, app: AppName, bytesPerSecond: number): number {
  const before = world.shares.sum;
  world.shares = withShare(world.shares, `${node}/${app}`, bytesPerSecond);
  return world.shares.sum - before;
}

function hasFetched({ nodes }: Sharing, { node, app, generation }: AssignmentRecord): boolean {
  const status = nodes.get(node)?.record.status?.apps.find((known) => known.app === app);
  return status?.generation === generation && status.phase !== 'idle' && status.phase !== 'staging';
}
