import type { Generation } from '../../../../shared/model/ids.js';
import { sameTarget } from '../explain/sentences.js';
import type { RolloutNode } from '../types/node.js';
import type { GivenAssignment, PlanNode, Target } from '../types/plan.js';
import type { RolloutHeader } from '../types/rollout.js';

/** A node's part before anything was decided about it. */
export function newNode(
  header: Pick<RolloutHeader, 'to' | 'since' | 'cause'>,
  node: PlanNode,
  wave: number,
  ordinal: number,
): RolloutNode {
  const { digest } = header.to.release;
  const { assigned } = node;
  return {
    name: node.name,
    ordinal,
    wave,
    phase: 'pending',
    beneath: undefined,
    generation: 0,
    intent: undefined,
    target: 'to',
    only: header.cause === 'stage' ? 'stage' : undefined,
    open: false,
    busy: assigned && busyWith(assigned),
    touched: false,
    attempts: 0,
    liveness: node.liveness,
    serving: node.serving,
    deployed: node.deployed,
    health: node.serving ? 'healthy' : 'unknown',
    current: node.current,
    onDisk: node.staged.includes(digest) || node.current?.digest === digest,
    online: node.liveness === 'connected',
    furthest: 0,
    bytesDone: 0,
    bytesTotal: 0,
    lease: undefined,
    since: header.since,
    failure: undefined,
    note: '',
    ...(node.restarts === undefined ? {} : { restartsBefore: node.restarts }),
  };
}

/** Until it has taken up what it is to stage, it may be running the database step that it was told to run before. */
const busyWith = ({ state, intent, generation, recalled }: GivenAssignment): Generation | undefined =>
  state !== 'open' ? undefined : intent === 'activate' ? generation : recalled;

/**
 * The node serves this very release with this very configuration, and was told nothing else since.
 * @param standby whether it is to be in an idle group
 */
export function runs(node: PlanNode, target: Target, standby = false): boolean {
  const { assigned, current } = node;
  if ((node.standby === true) !== standby) return false;
  if (!node.serving || current?.digest !== target.release.digest) return false;
  const wanted = assigned?.intent === 'activate' ? assigned : undefined;
  if (wanted !== undefined && !isFor(wanted, target)) return false;
  const revision =
    node.currentConfigRevision ?? (wanted?.state === 'done' ? wanted.configRevision : undefined);
  return revision === target.configRevision;
}

/** It was told to have this release on disk with this configuration, and has. */
export function keeps({ assigned, staged }: PlanNode, target: Target): boolean {
  if (assigned?.intent !== 'stage' || assigned.state !== 'done') return false;
  return isFor(assigned, target) && staged.includes(target.release.digest);
}

export const isFor = (
  assigned: { readonly digest: string; readonly configRevision: string },
  target: Target,
): boolean => assigned.digest === target.release.digest && assigned.configRevision === target.configRevision;

/** On its way to a release that is neither the new one nor the proven one: left over from a superseded rollout. */
export function strays(node: PlanNode, to: Target, from: Target | undefined): boolean {
  const { assigned } = node;
  if (assigned?.intent !== 'activate' || assigned.state !== 'open') return false;
  if (from === undefined || sameTarget(from, to)) return false;
  return !isFor(assigned, to) && !isFor(assigned, from);
}
